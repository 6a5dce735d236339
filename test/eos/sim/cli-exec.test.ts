import { describe, expect, test } from 'vitest'
import { linesOf, table } from '../../table.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { CONFIG, simulate } from './simulate.ts'

const WITH_BANNERS = CONFIG.replace(
  'hostname sw1\n',
  'hostname sw1\n!\nbanner login\nWho are you?\n\nSay it.\nEOF\n!\nbanner motd\nHello.\nEOF\n',
)

describe('show banner', () => {
  test.each([
    ['login', 'loginBanner', 'Who are you?\n\nSay it.\n'],
    ['motd', 'motd', 'Hello.\n'],
  ])('%s', async (kind, key, text) => {
    const simulated = simulate(WITH_BANNERS)
    expect(await simulated.text(`show banner ${kind}`)).toBe(text)
    expect((await simulated.json(`show banner ${kind}`)).result?.at(-1)).toEqual({ [key]: text })
    expect(await simulate().text(`show banner ${kind}`)).toBe('')
  })
})

describe('show active', () => {
  test('shows the mode one is in, with what was just typed', async () => {
    const terminal = openTerminal(simulate())
    await terminal.lines('configure', 'interface et1', 'mtu 9000')
    expect(await terminal.lines('show active')).toBe(
      'show active\r\ninterface Ethernet1\r\n   description to-core\r\n   mtu 9000\r\nsw1(config-if-Et1)#',
    )
  })

  test('a mode inside another is under it; a range shows each interface', async () => {
    const terminal = openTerminal(simulate())
    await terminal.lines('configure', 'router bgp 65001', 'router-id 192.0.2.1', 'vrf BLUE', 'router-id 192.0.2.2')
    expect((await terminal.lines('show active')).split('\r\n').slice(1, -1)).toEqual([
      'router bgp 65001',
      '   vrf BLUE',
      '      router-id 192.0.2.2',
    ])
    await terminal.lines('interface Ethernet1-2')
    expect((await terminal.lines('show active')).split('\r\n').slice(1, -1)).toEqual([
      'interface Ethernet1',
      '   description to-core',
      'interface Ethernet2',
    ])
  })

  test('says nothing in exec mode', async () => {
    expect(await openTerminal(simulate()).lines('show active')).toBe('show active\r\n% Invalid input\r\nsw1#')
  })
})

describe('who is there', () => {
  test('show privilege', async () => {
    const terminal = openTerminal(simulate(), { user: { privilege: 1 } })
    expect(await terminal.lines('show privilege')).toContain('Current privilege level is 1\r\n')
    expect(await terminal.lines('enable', 'show privilege')).toContain('Current privilege level is 15\r\n')
  })

  test('show users lists every terminal and marks one\u2019s own', async () => {
    const simulated = simulate()
    openTerminal(simulated, { user: { user: 'ada' }, address: '192.0.2.1' })
    await simulated.clock.advance(65_000)
    const terminal = openTerminal(simulated, { address: '192.0.2.2' })
    expect((await terminal.lines('show users')).split('\r\n').slice(1, -1)).toEqual([
      '  Line       User           Idle       Location',
      '  vty2       ada            00:01:05   192.0.2.1',
      '* vty3       eva            00:00:00   192.0.2.2',
    ])
  })
})

describe('accounting', () => {
  const asked = async (config: string) => {
    const simulated = simulate(config)
    await simulated.text('show clock')
    return simulated.text('show aaa accounting logs | tail')
  }

  test('logs commands where it is configured to, the one that asks too (ANTA recordings)', async () => {
    const rows = (await asked(`aaa accounting commands all default start-stop logging\n${CONFIG}`)).split('\n')
    expect(rows.map((row) => row.replace(/^\d{4} \w{3} \d\d \d\d:\d\d:\d\d /, ''))).toEqual([
      'admin    command-api memory          stop   service=shell priv-lvl=1 cmd=enable',
      'admin    command-api memory          stop   service=shell priv-lvl=15 cmd=show clock',
      'admin    command-api memory          stop   service=shell priv-lvl=1 cmd=enable',
      'admin    command-api memory          stop   service=shell priv-lvl=15 cmd=show aaa accounting logs | tail',
      '',
    ])
  })

  test('logs nothing where it is not', async () => {
    expect(await asked(CONFIG)).toBe('')
  })
})

describe('files', () => {
  test('dir lists flash', async () => {
    const simulated = simulate(CONFIG, { startup: 'hostname sw1\n!\nend\n' })
    await simulated.json('copy startup-config flash:rollback-0')
    const rows = (await simulated.text('dir all-filesystems')).split('\n')
    expect(rows[0]).toBe('Directory of flash:/')
    expect(rows.flatMap((row) => /^ +-rwx +\d+ +Jan 04 04:13 {2}(\S+)$/.exec(row)?.[1] ?? [])).toEqual([
      'boot-config',
      'rollback-0',
      'startup-config',
    ])
  })

  test('dir is a model as well, flash has a size, and no log outlives a reload', async () => {
    const { json, text } = simulate()
    const said = await json('dir flash:', 'show file systems')
    expect(said.result).toEqual([
      {},
      {
        urls: {
          'flash:/': { entries: { 'boot-config': { permissions: '-rwx' }, 'startup-config': { permissions: '-rwx' } } },
        },
      },
      { fileSystems: [expect.objectContaining({ prefix: 'flash:', size: 4_000_000_000, free: expect.any(Number) })] },
    ])
    expect(await text('dir flash:/persist/messages')).toMatch(
      /^Directory of flash:\/persist\/messages\n\n {7}-rw- {11}0 {11}\w{3} \d\d \d\d:\d\d {2}messages\n\n4000000000 bytes total \(\d+ bytes free\)\n$/,
    )
  })

  test('bash reads them, and nothing else', async () => {
    const { text, json } = simulate()
    expect(await text('bash timeout 5 cat /mnt/flash/boot-config')).toBe('SWI=flash:/EOS.swi\n')
    expect((await json('bash cat /etc/passwd')).error?.data?.at(-1)).toEqual({
      errors: ['cat: /etc/passwd: No such file or directory'],
    })
    expect((await json('bash rm -rf /')).error?.data?.at(-1)).toEqual({
      errors: ['The simulator has no shell: bash runs only cat'],
    })
  })
})

describe('lines that clients send', () => {
  test.each([
    ['show hostname ', 'Hostname: sw1'],
    ['do show hostname', '% Invalid input'],
    ['show running-config section vlan', 'vlan 10'],
    ['show running-config | section ^vlan', 'vlan 10'],
    ['show version | i Software', 'Software image version: 4.31.4M'],
  ])('%s', async (line, printed) => {
    expect(await openTerminal(simulate()).lines(line)).toContain(`\r\n${printed}`)
  })

  test('do runs an exec command in config mode', async () => {
    const terminal = openTerminal(simulate())
    await terminal.lines('configure')
    expect(await terminal.lines('do show hostname')).toContain('Hostname: sw1\r\n')
    expect(await terminal.lines('sh host')).toContain('Hostname: sw1\r\n')
  })

  test('six pending sessions are one too many, and the terminal stays in exec mode', async () => {
    const terminal = openTerminal(simulate())
    for (const name of ['a', 'b', 'c', 'd', 'e']) await terminal.lines(`configure session ${name}`, 'end')
    expect(await terminal.lines('configure session f')).toMatch(
      /\r\n% Maximum number of pending sessions has been reached\..*\r\nsw1#$/,
    )
  })

  test('after commit timer the mode is left, so end is an error', async () => {
    const terminal = openTerminal(simulate())
    await terminal.lines('configure session s', 'hostname sw2')
    expect(await terminal.lines('commit timer 00:05:00', 'end')).toBe(
      'commit timer 00:05:00\r\nsw2#end\r\n% Invalid input\r\nsw2#',
    )
  })
})

test('each line on record is a read or a write, whatever its first letters', async () => {
  const simulated = simulate()
  const typed = linesOf(`
    sh ver
    conf t
    int et2
    shutdown
    sh act
    enable password x
    do show clock
    ex
  `)
  await openTerminal(simulated).lines(...typed)
  const lines = simulated.device.requests.map(({ commands, kind }) => [commands[0], kind])
  expect(lines).toEqual(table`
    sh ver             read
    conf t             write
    int et2            write
    shutdown           write
    sh act             read
    enable password x  write
    do show clock      read
    ex                 read
  `)
})
