import { describe, expect, test } from 'vitest'
import { parseFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { type BehaviourSettings, PROFILES } from '../../../src/eos/sim/switch/behaviour.ts'
import { CONFIG, type Simulated, simulate } from './simulate.ts'

/** Sessions, timers, errors and diffs (docs/eos.md 1 to 4), run on each version that the simulator knows. */

type Profile = keyof typeof PROFILES

interface Expected {
  readonly eos: string
  readonly diff: 'unified' | 'sectioned'
  readonly armed: 'pendingCommitTimer' | 'committed'
  readonly done: 'completed' | 'committed'
  readonly aborted: 'gone' | 'aborted'
  readonly unfinished: 'Incomplete token' | 'Incomplete command'
}

const EXPECTED: Readonly<Record<Profile, Expected>> = {
  '4.22': {
    eos: '4.22.1F',
    diff: 'unified',
    armed: 'pendingCommitTimer',
    done: 'completed',
    aborted: 'gone',
    unfinished: 'Incomplete token',
  },
  '4.28': {
    eos: '4.28.3M',
    diff: 'unified',
    armed: 'pendingCommitTimer',
    done: 'completed',
    aborted: 'gone',
    unfinished: 'Incomplete token',
  },
  '4.31': {
    eos: '4.31.4M',
    diff: 'sectioned',
    armed: 'pendingCommitTimer',
    done: 'completed',
    aborted: 'gone',
    unfinished: 'Incomplete token',
  },
  '4.32': {
    eos: '4.32.2F',
    diff: 'sectioned',
    armed: 'committed',
    done: 'committed',
    aborted: 'gone',
    unfinished: 'Incomplete token',
  },
  '4.35': {
    eos: '4.35.0F',
    diff: 'sectioned',
    armed: 'committed',
    done: 'committed',
    aborted: 'aborted',
    unfinished: 'Incomplete command',
  },
  '4.36': {
    eos: '4.36.0.1F',
    diff: 'sectioned',
    armed: 'committed',
    done: 'committed',
    aborted: 'aborted',
    unfinished: 'Incomplete command',
  },
}

const HEADER = '--- system:/running-config\n+++ session:/a-session-config\n'
const DIFF = {
  unified: `${HEADER}@@ -16,6 +16,7 @@
    description to-core
 !
 interface Ethernet2
+   description x
 !
 interface Management1
    ip address 10.0.0.5/24
`,
  sectioned: `${HEADER}interface Ethernet2
+   description x
`,
}

const TYPED = ['configure session a', 'interface Ethernet2', 'description x']
const MINUTE = 60_000

async function sessionsOf({ json }: Simulated) {
  const listed = (await json('show configuration sessions detail')).result?.at(-1) as {
    sessions: Record<string, Record<string, unknown>>
  }
  return listed.sessions
}

test('every profile is in the table of expectations', () => {
  expect(Object.entries(PROFILES)).toEqual(Object.entries(EXPECTED).map(([name, { eos }]) => [name, eos]))
})

describe.each(Object.entries(EXPECTED))('sessions, timers, errors and diffs on %s', (_profile, expected) => {
  const { eos } = expected
  const start = (config = CONFIG, entry: Parameters<typeof simulate>[1] = {}) =>
    simulate(config.replace('EOS-4.31.4M', `EOS-${eos}`), { eos, ...entry })

  test('1: what was loaded is printed, as text and as a tree', async () => {
    const { text, json } = start()
    expect(await text('show running-config')).toBe(CONFIG.replace('EOS-4.31.4M', `EOS-${eos}`))
    expect((await json('show running-config')).result?.at(-1)).toMatchObject({
      cmds: { 'vlan 10': { cmds: { 'name USERS': null } }, 'interface Ethernet2': { comments: [], cmds: {} } },
    })
  })

  test('2: a session changes nothing outside, its diff is in the dialect of the version, a new request has no mode', async () => {
    const it = start()
    const before = await it.text('show running-config')
    expect((await it.json(...TYPED)).error).toBeUndefined()
    expect(await it.text('show session-config named a diffs')).toBe(DIFF[expected.diff])
    expect(await it.text('show running-config')).toBe(before)
    expect((await it.json('description y')).error?.code).toBe(1002)
  })

  test('3: a commit replaces what was committed since its snapshot; the merge knob keeps it', async () => {
    for (const merging of [false, true]) {
      const { json, text } = start()
      if (merging) await json('configure', 'service configuration session commit merge')
      await json('configure session b', 'interface Ethernet2', 'mtu 9000')
      await json(...TYPED, 'commit')
      await json('configure session b commit')
      const running = await text('show running-config')
      expect(running).toContain('   mtu 9000\n')
      expect(running.includes('description x')).toBe(merging)
      expect((await json('show configuration sessions detail')).result?.at(-1)).toMatchObject({
        mergeOnCommit: merging,
      })
    }
  })

  test('4: a bad line stops the request; a session keeps the lines before it, `configure` has made them live', async () => {
    const it = start()
    const session = await it.json('configure session a', 'vlan 99', 'frobnicate', 'vlan 100')
    expect([session.error?.code, session.error?.data?.length]).toEqual([1002, 4])
    expect((await sessionsOf(it)).a?.state).toBe('pending')
    expect(await it.text('show session-config named a')).toMatch(/^vlan 99$/m)
    expect(await it.text('show running-config')).not.toMatch(/^vlan 99$/m)
    const live = await it.json('configure', 'vlan 99', 'frobnicate', 'vlan 100')
    expect([live.error?.code, live.error?.data?.length]).toEqual([1002, 4])
    expect(await it.text('show running-config')).toMatch(/^vlan 99$/m)
  })

  test('5: the timer runs out, is confirmed, is aborted; the list says so in the form of the version', async () => {
    const it = start()
    const before = await it.text('show running-config')
    await it.json(...TYPED, 'commit timer 00:05:00')
    const listed = (await it.json('show configuration sessions detail')).result?.at(-1)
    expect((await sessionsOf(it)).a?.state).toBe(expected.armed)
    expect((await sessionsOf(it)).a?.commitBy).toBe(
      expected.armed === 'committed' ? undefined : Date.UTC(2026, 0, 5, 8, 5) / 1000,
    )
    expect(listed?.commitTimerSessionName).toBe(expected.armed === 'committed' ? 'a' : undefined)
    expect(listed?.commitTimerExpireTime).toBe(expected.armed === 'committed' ? 100_300 : undefined)
    await it.clock.advance(5 * MINUTE)
    expect(await it.text('show running-config')).toBe(before)
    expect(await it.text('show logging')).toContain(
      '%SYS-3-CONFIG_SESSION_COMMIT_TIMER_TIMEDOUT: The commit timer on session a has expired.The system',
    )

    await it.json('configure session b', 'vlan 20', 'commit timer 00:05:00')
    await it.json('configure session b commit')
    await it.clock.advance(10 * MINUTE)
    expect(await it.text('show running-config')).toMatch(/^vlan 20$/m)
    expect((await sessionsOf(it)).b?.state).toBe(expected.done)

    await it.json('configure session c', 'vlan 30', 'commit timer 00:05:00')
    await it.json('configure session c abort')
    expect(await it.text('show running-config')).not.toMatch(/^vlan .*30$/m)
    expect((await sessionsOf(it)).c?.state).toBe(expected.aborted === 'gone' ? undefined : 'aborted')
    const log = await it.text('show logging')
    expect(log).toContain(
      '%SYS-5-CONFIG_SESSION_COMMIT_TIMER_CANCELED: The commit timer on session c has been canceled.',
    )
    expect(log).toContain('%SYS-5-CONFIG_SESSION_ABORTED: User admin aborted configuration session c on command-api')
  })

  test('6: the sixth pending session, the name of a completed one, a reboot', async () => {
    const it = start()
    for (const name of ['s1', 's2', 's3', 's4', 's5'])
      expect((await it.json(`configure session ${name}`)).error).toBeUndefined()
    const { error } = await it.json('configure session s6')
    expect([error?.code, error?.data?.at(-1)?.errors]).toEqual([
      1000,
      [expect.stringMatching(/^Maximum number of pending sessions has been reached/)],
    ])
    await it.json('configure session s1', 'vlan 40', 'commit')
    expect((await it.json('configure session s1')).error?.code).toBe(1000)
    expect((await it.json('no configure session s1', 'configure session s1')).error).toBeUndefined()
    await it.json('reload now')
    expect(await sessionsOf(it)).toEqual({})
    expect(await it.text('show running-config')).not.toMatch(/^vlan 40$/m)
  })

  test('7: a write while the timer runs is in startup-config after the rollback', async () => {
    const it = start()
    await it.json(...TYPED, 'commit timer 00:05:00')
    await it.json('write')
    await it.clock.advance(5 * MINUTE)
    expect(await it.text('show running-config')).not.toContain('description x')
    expect(await it.text('show startup-config')).toContain('description x')
    expect(await it.text('show running-config diffs')).toMatch(/^-\s+description x$/m)
  })

  test('8: eAPI taken away is committed, cuts itself off, and comes back with the old configuration', async () => {
    const it = start()
    const off = ['configure session a', 'management api http-commands', 'shutdown', 'commit timer 00:05:00']
    await expect(it.json(...off)).rejects.toMatchObject({ kind: 'lost-answer' })
    await expect(it.json('show hostname')).rejects.toMatchObject({ kind: 'unreachable' })
    await it.clock.advance(5 * MINUTE)
    expect((await it.json('show hostname')).error).toBeUndefined()
  })

  test('9: privilege, enable secret, a command without a model, one that asks', async () => {
    const { call, json } = start(CONFIG, { enableSecret: 'right' })
    const refused = await call({ cmds: ['show running-config'] })
    expect(refused.error?.data).toEqual([{ errors: ['Invalid input (privileged mode required)'] }])
    const wrong = await call({ cmds: [{ cmd: 'enable', input: 'wrong' }] })
    expect([wrong.error?.code, wrong.error?.data]).toEqual([
      1005,
      [{ errors: ['', 'Cannot authenticate unknown uid 10095'] }],
    ])
    const enable = { cmd: 'enable', input: 'right' }
    expect((await call({ cmds: [enable, 'show logging'] })).error?.code).toBe(1003)
    expect((await call({ cmds: [enable, 'reload'] })).error?.code).toBe(1004)
    expect((await json()).error?.code).toBe(1005)
    const unfinished = await call({ cmds: [enable, 'show configuration'] })
    expect(unfinished.error?.data?.at(-1)?.errors).toEqual([`${expected.unfinished} (at token 1: 'configuration')`])
  })

  test('10: lines of an access list show in the diff when its mode is left', async () => {
    const { text } = start()
    const typed = ['configure session a', 'ip access-list MGMT', '20 permit ip 10.9.0.0/24 any']
    expect(await text(...typed, 'show session-config diffs')).toBe('')
    expect(await text(...typed, 'exit', 'show session-config diffs')).toContain('\n+   20 permit ip 10.9.0.0/24 any\n')
  })
})

describe('what is not established is a setting', () => {
  test('on 4.28 the dialect of diffs; on any version, what it does with separators', async () => {
    const changed = async (behaviour: BehaviourSettings) => {
      const { text } = simulate(CONFIG, { eos: '4.28.3M', behaviour })
      return text('configure session a', 'hostname sw2', 'show session-config diffs')
    }
    expect(await changed({})).toContain('@@')
    expect(await changed({ diffStyle: 'sectioned' })).toBe(`${HEADER}-hostname sw1\n+hostname sw2\n`)
    const context = { diffStyle: 'sectioned', diffSeparators: 'context' } as const
    expect(await changed(context)).toBe(`${HEADER} !\n-hostname sw1\n+hostname sw2\n`)
  })

  test('words of refusals', async () => {
    const says = { completed: 'no %s twice' }
    const { json } = simulate(CONFIG, { behaviour: { says } })
    await json('configure session a', 'vlan 20', 'commit')
    expect((await json('configure session a')).error?.data?.at(-1)?.errors).toEqual(['no a twice'])
  })

  test('fabric.yaml sets them, and names further authorities of client certificates', () => {
    const yaml = `version: 1
name: f
clientCa: clients.pem
devices:
  a: { eos: 4.28.3M, behaviour: { diffStyle: sectioned, rearm: refuse } }
`
    const files: Record<string, string> = { 'a/running-config': CONFIG, 'clients.pem': 'PEM' }
    const parsed = parseFabric(yaml, 'fabric.yaml', (path) => files[path])
    expect(parsed).toMatchObject({
      ok: true,
      value: { clientCa: 'PEM', devices: [{ behaviour: { diffStyle: 'sectioned', rearm: 'refuse' } }] },
    })
    const wrong = parseFabric(yaml.replace('sectioned', 'git'), 'fabric.yaml', (path) => files[path])
    expect(wrong.ok ? [] : wrong.problems.map(({ at }) => [at.line, at.column])).toEqual([[5, 46]])
  })
})
