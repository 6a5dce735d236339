import { describe, expect, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import { CONFIG, simulate } from './simulate.ts'

const described = ['interface Ethernet2', 'description new']

/** The kind of the error that a promise ends with; `answered` when it does not. */
async function kindOf(promise: Promise<unknown>) {
  try {
    await promise
    return 'answered'
  } catch (error) {
    return error instanceof EosflowError ? error.kind : String(error)
  }
}

describe('faults of one switch', () => {
  test('unreachable: a window on the clock', async () => {
    const { json, fault, clock, device } = simulate()
    fault({ kind: 'unreachable', after: 10, for: 20 })
    expect(await kindOf(json('show hostname'))).toBe('answered')
    await clock.advance(10_000)
    expect(await kindOf(json('show hostname'))).toBe('unreachable')
    expect(device.nextWake).toBe(clock.now() + 20_000)
    await clock.advance(20_000)
    expect(await kindOf(json('show hostname'))).toBe('answered')
    expect(device.counters.requests).toBe(2)
  })

  test('unreachable for good, until it is taken off', async () => {
    const { json, fault, clock, fabric } = simulate()
    fault({ kind: 'unreachable' })
    await clock.advance(86_400_000)
    expect(await kindOf(json('show hostname'))).toBe('unreachable')
    fabric.clearFaults()
    expect(await kindOf(json('show hostname'))).toBe('answered')
  })

  test('slow: before the commands take effect, and between their effect and the answer', async () => {
    const { json, fault, clock, device } = simulate()
    fault({ kind: 'slow', before: 5, after: 3, command: '^configure' })
    await json('show hostname')
    let answered = false
    const sent = json('configure', 'vlan 20').then(() => {
      answered = true
    })
    await clock.advance(4999)
    expect(JSON.stringify(device.running)).not.toContain('vlan 20')
    await clock.advance(1)
    expect(JSON.stringify(device.running)).toContain('vlan 20')
    await clock.advance(2999)
    expect(answered).toBe(false)
    await clock.advance(1)
    await sent
    expect(answered).toBe(true)
  })

  test.each([
    [{ request: 2 }, ['answered', 'lost-answer', 'answered', 'answered']],
    [{ write: 2 }, ['answered', 'answered', 'answered', 'lost-answer']],
    [{ command: 'vlan 2[0-9]' }, ['answered', 'lost-answer', 'answered', 'answered']],
    [{}, ['lost-answer', 'answered', 'answered', 'answered']],
  ])('lost answer %j: applied all the same', async (trigger, kinds) => {
    const { json, fault, text } = simulate()
    fault({ kind: 'lost-answer', ...trigger })
    const sent = [['show hostname'], ['configure', 'vlan 20'], ['show hostname'], ['configure', 'vlan 21']]
    const seen: string[] = []
    for (const commands of sent) seen.push(await kindOf(json(...commands)))
    expect(seen).toEqual(kinds)
    expect(await text('show running-config')).toContain('vlan 20-21\n')
  })

  test('a lost request has no effect', async () => {
    const { json, fault, text, device } = simulate()
    fault({ kind: 'lost-answer', write: 1, applied: false })
    expect(await kindOf(json('configure', 'vlan 20'))).toBe('lost-answer')
    expect(await text('show running-config')).toBe(CONFIG)
    expect(device.requests.map(({ kind, answer }) => `${kind} ${answer}`)).toEqual(['write lost', 'read 200'])
  })

  test('reset after commit: timed, plain or confirm, whichever comes first', async () => {
    const { json, fault, device } = simulate()
    await json('configure session a', ...described)
    fault({ kind: 'reset-after-commit' })
    expect(await kindOf(json('show hostname'))).toBe('answered')
    expect(await kindOf(json('configure session a commit timer 00:05:00'))).toBe('lost-answer')
    expect(device.sessions.get('a')?.state).toBe('armed')
    expect(await kindOf(json('configure session a commit'))).toBe('answered')
  })

  test('reboot at a time: startup-config, and silence while it boots', async () => {
    const { json, fault, clock, device, text } = simulate()
    await json('configure', 'vlan 20')
    await json('configure session a')
    fault({ kind: 'reboot', after: 10, seconds: 60 })
    await clock.advance(10_000)
    expect(await kindOf(json('show hostname'))).toBe('unreachable')
    await clock.advance(60_000)
    expect(await text('show running-config')).toBe(CONFIG)
    expect(device.sessions.all()).toEqual([])
    expect((await json('show version')).result?.at(-1)).toMatchObject({ uptime: 0 })
  })

  test('reboot after a commit, and at a command', async () => {
    const { json, fault, device } = simulate()
    fault({ kind: 'reboot', on: 'commit' })
    expect(await kindOf(json('configure session a', ...described))).toBe('answered')
    expect(await kindOf(json('configure session a commit timer 00:05:00'))).toBe('lost-answer')
    expect([device.sessions.timer, JSON.stringify(device.running).includes('new')]).toEqual([undefined, false])
    fault({ kind: 'reboot', command: '^show vlan' })
    expect(await kindOf(json('show hostname'))).toBe('answered')
    expect(await kindOf(json('show vlan'))).toBe('lost-answer')
    expect(await kindOf(json('show vlan'))).toBe('answered')
  })

  test.each([
    ['session-open' as const, false],
    ['before-commit' as const, false],
    ['commit' as const, true],
  ])('a hand edit at %s: a replacing commit undoes what came before it', async (on, survives) => {
    const { json, fault, text } = simulate()
    fault({ kind: 'hand-edit', lines: ['interface Ethernet1', 'mtu 9000'], user: 'joe', on })
    await json('configure session a', ...described)
    expect((await text('show running-config')).includes('mtu 9000')).toBe(on === 'session-open')
    await json('configure session a commit')
    const running = await text('show running-config')
    expect(running).toContain('description new')
    expect(running.includes('mtu 9000')).toBe(survives)
    expect(await text('show logging')).toContain(
      '%SYS-5-CONFIG_I: Configured from console by joe on vty5 (127.0.0.1)\n',
    )
  })

  test('a hand edit at a time, and at once', async () => {
    const { fault, clock, text } = simulate()
    fault({ kind: 'hand-edit', lines: ['vlan 20'], after: 30 })
    fault({ kind: 'hand-edit', lines: ['vlan 30'] })
    expect(await text('show running-config')).toContain('\nvlan 30\n')
    await clock.advance(30_000)
    expect(await text('show running-config')).toContain('\nvlan 20,30\n')
  })

  test('foreign sessions take the places', async () => {
    const { json, fault, device } = simulate()
    fault({ kind: 'session-limit' })
    expect(device.sessions.all()).toHaveLength(5)
    expect(device.sessions.all().every(({ name }) => /^CVP-configtask-[0-9a-f]{8}$/.test(name))).toBe(true)
    expect((await json('configure session a')).error?.code).toBe(1000)
  })

  test('a foreign timer holds the switch until it runs out', async () => {
    const { json, fault, clock } = simulate()
    fault({ kind: 'foreign-timer', seconds: 60, session: 'cvp-1', user: 'cvp' })
    await json('configure session a', ...described)
    expect((await json('show configuration sessions detail')).result?.at(-1)).toMatchObject({
      sessions: { 'cvp-1': { state: 'pendingCommitTimer', commitUser: 'cvp' } },
    })
    expect((await json('configure session a commit')).error?.code).toBe(1000)
    await clock.advance(60_000)
    expect((await json('configure session a commit')).error).toBeUndefined()
  })

  test('the kth line of a session is refused once, with the words given', async () => {
    const { json, fault, device } = simulate()
    fault({ kind: 'refuse-line', line: 2, message: 'Invalid description' })
    const { error } = await json('configure session a', ...described, 'mtu 9000')
    expect([error?.code, error?.message, error?.data?.at(-1)]).toEqual([
      1000,
      "CLI command 4 of 5 'description new' failed: could not run command",
      { errors: ['Invalid description'] },
    ])
    expect(device.sessions.get('a')?.state).toBe('pending')
    expect((await json('configure session b', ...described)).error).toBeUndefined()
  })

  test('a commit is refused once; the session stays', async () => {
    const { json, fault, device } = simulate()
    await json('configure session a', ...described)
    fault({ kind: 'refuse-commit', message: 'Cannot commit' })
    const { error } = await json('configure session a commit timer 00:01:00')
    expect([error?.code, error?.data?.at(-1)]).toEqual([1000, { errors: ['Cannot commit'] }])
    expect([device.sessions.get('a')?.state, device.counters.commits.timed]).toEqual(['pending', 0])
    expect((await json('configure session a commit timer 00:01:00')).error).toBeUndefined()
  })
})

describe('a change that cuts the management path', () => {
  test.each([
    ['the eAPI block', ['no management api http-commands']],
    ['its no shutdown', ['management api http-commands', 'shutdown']],
    ['the interface shut', ['interface Management1', 'shutdown']],
    ['its address', ['interface Management1', 'no ip address']],
    ['another address', ['interface Management1', 'ip address 10.0.0.6/24']],
    ['a VRF that eAPI does not serve', ['interface Management1', 'vrf MGMT', 'ip address 10.0.0.5/24']],
    ['everything', ['rollback clean-config']],
  ])('%s: applied, not answered, unreachable until the timer puts it back', async (_name, lines) => {
    const { json, clock, device, text } = simulate()
    await json('configure session a', ...lines)
    expect(await kindOf(json('configure session a commit timer 00:01:00'))).toBe('lost-answer')
    expect(device.counters.commits.timed).toBe(1)
    expect(await kindOf(json('show hostname'))).toBe('unreachable')
    await clock.advance(60_000)
    expect(await text('show running-config')).toBe(CONFIG)
  })

  test('management outside of the configuration stays', async () => {
    const { json } = simulate(CONFIG, { managementOutside: true })
    expect(await kindOf(json('configure session a', 'no management api http-commands', 'commit'))).toBe('answered')
    expect(await kindOf(json('show hostname'))).toBe('answered')
  })

  test('eAPI in a VRF needs no shutdown there too', async () => {
    const config = (block: string) =>
      CONFIG.replace('   no shutdown\n', `   no shutdown\n${block}`).replace(
        '   ip address 10.0.0.5/24\n',
        '   vrf MGMT\n   ip address 10.0.0.5/24\n',
      )
    const served = simulate(config('   !\n   vrf MGMT\n      no shutdown\n'))
    expect(await kindOf(served.json('show hostname'))).toBe('answered')
    expect(await kindOf(simulate(config('   !\n   vrf MGMT\n')).json('show hostname'))).toBe('unreachable')
    expect(await kindOf(simulate(config('')).json('show hostname'))).toBe('unreachable')
  })
})
