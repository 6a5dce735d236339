import { describe, expect, test } from 'vitest'
import { EXEC_COMMANDS } from '../../../src/eos/config/guard/exec-words.ts'
import { linesOf } from '../../table.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { CONFIG, simulate } from './simulate.ts'

/** Exec commands that the simulator knows no effect of. */
const OTHERS = linesOf(`
  redundancy manual switchover
  agent Bgp terminate
  clock set 10:00:00 1 jan 2027
  extension x.rpm
  ssh 10.0.0.1
  telnet 10.0.0.1
  tcpdump
  watch show clock
  mkdir flash:x
  send log message x
  debug x
  cli vrf MGMT
  test aaa group radius admin x
  dot1x re-authenticate Ethernet1
  security pki key generate rsa 2048 x
  session peer-supervisor show version
  terminal monitor
  enable
  logout
  python-shell
  clear counters
  traceroute 10.0.0.1
`)

describe('exec commands in a config session', () => {
  test.each(['', 'do '])('%jreload really reboots', async (prefix) => {
    const { json, device, clock } = simulate()
    await json('configure', 'vlan 20')
    await clock.advance(5000)
    await json('configure session a', 'vlan 30', `${prefix}reload now`)
    expect([device.bootedAt, JSON.stringify(device.running).includes('vlan 20'), device.sessions.all()]).toEqual([
      clock.now(),
      false,
      [],
    ])
    expect(device.commandLog.inConfig()).toEqual([
      { at: clock.now(), device: 'sw1', session: 'a', line: `${prefix}reload now`, user: 'admin' },
    ])
  })

  test.each([
    ['configure replace startup-config', 'running', false],
    ['do configure replace startup-config', 'running', false],
    ['write', 'startup', true],
    ['do wr', 'startup', false],
    ['copy running-config startup-config', 'startup', true],
  ] as const)('%s really does it: vlan 20 in %s %s', async (line, where, holds) => {
    const { json, device } = simulate()
    await json('configure', 'vlan 20')
    await json('configure session a', line)
    expect(JSON.stringify(device[where]).includes('vlan 20')).toBe(holds)
    expect(device.commandLog.inConfig().map((command) => command.line)).toEqual([line])
  })

  test.each([...OTHERS, ...OTHERS.map((line) => `do ${line}`)])(
    '%s is no configuration, and on record',
    async (line) => {
      const { json, text, device } = simulate()
      const { error } = await json('configure session a', 'interface Ethernet2', line)
      expect(error).toBeUndefined()
      expect(device.commandLog.inConfig().map((command) => [command.session, command.line])).toEqual([['a', line]])
      expect(await text('show session-config named a diffs')).toBe('')
    },
  )

  test('[R2] every command of the list, plain and with do: on record, and the session holds nothing of it', {
    tags: 'long',
  }, async () => {
    // `reboot` is of other systems; in a submode EOS has lines that begin so
    const verbs = /^(exit|end|abort|commit.*|rollback clean-config|reboot)$/
    const lines = EXEC_COMMANDS.flatMap(({ command }) => (verbs.test(command) ? [] : [command, `do ${command}`]))
    expect(lines.length).toBeGreaterThan(300)
    const missed: string[] = []
    for (const line of lines) {
      const { json, device } = simulate(CONFIG, { managementOutside: true })
      await json('configure session a', 'interface Ethernet2', line)
      const [recorded] = device.commandLog.inConfig()
      const candidate = device.sessions.get('a')?.candidate
      const isKept = candidate !== undefined && candidate !== device.running
      if (recorded?.line !== line || isKept) missed.push(line)
    }
    expect(missed).toEqual([])
  })

  test('in live configuration too, and abbreviated on a terminal', async () => {
    const simulated = simulate()
    const { device } = simulated
    await simulated.json('configure', 'vlan 20', 'show version')
    const terminal = openTerminal(simulated)
    await terminal.lines('configure session a', 'interface Ethernet2', 'do wr', 'end')
    expect(device.commandLog.inConfig().map(({ session, line }) => [session, line])).toEqual([
      [undefined, 'show version'],
      ['a', 'do wr'],
    ])
    expect(JSON.stringify(device.startup)).toContain('vlan 20')
  })

  test('verbs of a session, and configuration that begins alike, are none', async () => {
    const { json, device } = simulate(CONFIG, { managementOutside: true })
    const lines = linesOf(`
      agent Bgp environment X=1
      clock timezone UTC
      redundancy
      protocol sso
      monitor session 1 source Ethernet1
      enable password sha512 $6$x$y
      event-handler x
      action bash ls
      exit
      interface Ethernet2
      description show version
    `)
    const { error } = await json('configure session a', 'rollback clean-config', ...lines, 'commit')
    expect([error, device.commandLog.inConfig()]).toEqual([undefined, []])
  })
})

describe('boot lines', () => {
  test('[R3] boot system acts at once, and an abort does not undo it', async () => {
    const { json, text } = simulate()
    await json('configure session a', 'boot system flash:/EOS-new.swi')
    expect(await text('show session-config named a diffs')).toBe('')
    await json('configure session a abort')
    expect((await json('show boot-config')).result?.at(-1)).toEqual({
      softwareImage: 'flash:/EOS-new.swi',
      abootPassword: '(not set)',
      memTestIterations: 0,
    })
    expect(await text('show running-config')).toBe(CONFIG.replace('flash:/EOS.swi', 'flash:/EOS-new.swi'))
  })

  test('boot secret too; its line is kept as well', async () => {
    const { json, text } = simulate()
    await json('configure session a', 'boot secret sha512 $6$salt$hash')
    expect(await text('show boot-config')).toBe(
      'Software image: flash:/EOS.swi\nConsole speed: (not set)\nAboot password (encrypted): sha512 $6$salt$hash\nMemory test iterations: (not set)\n',
    )
    expect(await text('show session-config named a')).toContain('boot secret sha512 $6$salt$hash\n')
    await json('configure session a abort')
    expect(await text('show boot-config')).toContain('$6$salt$hash')
    await json('configure session b', 'no boot secret')
    expect(await text('show boot-config')).toContain('Aboot password (encrypted): (not set)\n')
  })

  test('a configuration with such a line keeps it', async () => {
    const { json, text } = simulate(CONFIG.replace('hostname sw1', 'boot system flash:/EOS.swi\n!\nhostname sw1'))
    const before = await text('show running-config')
    await json('configure session a', 'rollback clean-config', 'boot system flash:/EOS.swi')
    expect(await text('show session-config named a')).toContain('\nboot system flash:/EOS.swi\n')
    expect(before.match(/boot system/g)).toHaveLength(1)
  })
})
