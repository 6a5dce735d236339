import { describe, expect, test } from 'vitest'
import { linesOf } from '../../table.ts'
import { CONFIG, simulate } from './simulate.ts'

const described = ['interface Ethernet2', 'description new']

describe('config sessions (docs/eos.md 2.3)', () => {
  test('five sessions may be pending, the sixth is refused', async () => {
    const { json } = simulate()
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      expect((await json(`configure session ${name}`)).error).toBeUndefined()
    const sixth = await json('configure session f')
    expect(sixth.error?.code).toBe(1000)
    expect(JSON.stringify(sixth.error?.data?.at(-1))).toContain('Maximum number of pending sessions has been reached')
    expect((await json('configure session e')).error).toBeUndefined()
    await json('configure session e abort')
    expect((await json('configure session f')).error).toBeUndefined()
  })

  test('a completed name cannot be entered again until it is deleted; one completed session is kept', async () => {
    const { json, device } = simulate()
    await json('configure session a', ...described, 'commit')
    const again = await json('configure session a')
    expect([again.error?.code, again.error?.message]).toEqual([
      1000,
      "CLI command 2 of 2 'configure session a' failed: could not run command",
    ])
    await json('configure session b', 'vlan 99', 'commit')
    expect(device.sessions.all().map(({ name }) => name)).toEqual(['b'])
    await json('no configure session b')
    expect((await json('configure session b')).error).toBeUndefined()
  })

  test('pending sessions are discarded after a day', async () => {
    const { json, clock, device } = simulate()
    await json('configure session a')
    await clock.advance(86_399_000)
    await json('show configuration sessions')
    expect(device.sessions.get('a')?.state).toBe('pending')
    await clock.advance(1000)
    await json('show configuration sessions')
    expect(device.sessions.get('a')).toBeUndefined()
  })

  test('commit makes a checkpoint of what was; checkpoints are restored and replaced at once', async () => {
    const { json, text, clock } = simulate()
    await json('configure checkpoint save mine')
    await json('configure session a', ...described, 'commit')
    expect(await text('show configuration checkpoints')).toBe(
      `Maximum number of checkpoints: 20
Filename       Date                User
-------------- ------------------- -----
mine           2026-01-05 08:00:00 admin
ckp-20260105-0 2026-01-05 08:00:00 admin
`,
    )
    expect(await text('diff checkpoint:mine running-config')).toBe(
      `--- checkpoint:mine
+++ system:/running-config
interface Ethernet2
+   description new
`,
    )
    await clock.advance(1000)
    expect((await json('configure replace checkpoint:mine skip-checkpoint')).result?.at(-1)).toEqual({})
    expect(await text('show running-config')).toBe(CONFIG)
    await json('delete checkpoint:mine')
    expect((await json('configure checkpoint restore mine')).error?.code).toBe(1000)
  })

  test('twenty checkpoints are kept, the oldest is dropped', async () => {
    const { json, device } = simulate()
    for (let n = 1; n <= 22; n += 1) await json(`configure checkpoint save c${n}`)
    const names = device.config.checkpoints.all().map(({ name }) => name)
    expect(names).toHaveLength(20)
    expect([names.at(0), names.at(-1)]).toEqual(['c3', 'c22'])
  })

  test('rollback clean-config leaves ports empty, and the whole configuration typed again gives no diff', async () => {
    const { json, text } = simulate()
    const lines = CONFIG.split('\n').filter((line) => line !== '' && !line.startsWith('! ') && line !== 'end')
    const cleaned = await text('configure session a', 'rollback clean-config', 'show session-config')
    expect(cleaned).toContain('interface Ethernet1\n!\ninterface Ethernet2\n!\ninterface Management1\n')
    expect(cleaned).not.toContain('management api')
    expect(await text('configure session a', ...lines, 'show session-config diffs')).toBe('')
    expect((await json('configure session a', 'commit')).error).toBeUndefined()
    expect(await text('show running-config')).toBe(CONFIG)
  })

  test('a session of no name gets one; exit keeps it pending, end as well', async () => {
    const { json, text, device } = simulate()
    const inExec = { errors: ["Invalid input (at token 1: 'vlan')"] }
    for (const left of [
      ['vlan 99', 'exit', 'exit'],
      ['vlan 98', 'end'],
    ]) {
      expect((await json('configure session', ...left, 'vlan 97')).error?.data?.at(-1)).toEqual(inExec)
    }
    const one = [expect.stringMatching(/^sess-\d+--\d+-1$/), 'pending']
    expect(device.sessions.all().map(({ name, state }) => [name, state])).toEqual([one, one])
    expect(await text('show running-config')).toBe(CONFIG)
  })

  test('the form of such a name is a setting of the switch', async () => {
    const { json, device } = simulate(CONFIG, { behaviour: { sessionNames: 'sess-N-N-0' } })
    await json('configure session', 'vlan 99')
    expect(device.sessions.all().map(({ name }) => name)).toEqual([expect.stringMatching(/^sess-\d+-1403\d{11}-0$/)])
  })
})

describe('the commit timer', () => {
  const commitTimer = 'configure session a commit timer 00:05:00'

  test('runs out: the switch puts running-config back by itself and says so in the log', async () => {
    const { json, text, clock, device } = simulate()
    await json('configure session a', ...described)
    await json(commitTimer)
    expect(await text('show running-config')).toContain('description new')
    await clock.advance(299_000)
    expect(await text('show running-config')).toContain('description new')
    await clock.advance(1000)
    expect(await text('show running-config')).toBe(CONFIG)
    expect(device.counters).toMatchObject({ commits: { plain: 0, timed: 1, confirms: 0 }, expiries: 1 })
    const log = await text('show logging')
    expect(log).toContain(
      'Jan  5 08:00:00 sw1 ConfigAgent: %SYS-5-CONFIG_SESSION_COMMIT_TIMER_STARTED: User admin committed session a on command-api (memory), with timer 0:5:0(hr:min:sec).\n',
    )
    expect(log).toContain(
      'Jan  5 08:05:00 sw1 ConfigAgent: %SYS-3-CONFIG_SESSION_COMMIT_TIMER_TIMEDOUT: The commit timer on session a has expired.The system configuration will be rolled back.\n',
    )
  })

  test('is seen late but strikes at its own time', async () => {
    const { json, text, clock } = simulate()
    await json('configure session a', ...described)
    await json(commitTimer)
    await clock.advance(3_600_000)
    expect(await text('show logging')).toContain('Jan  5 08:05:00 sw1 ConfigAgent: %SYS-3-CONFIG_SESSION_COMMIT_TIMER')
  })

  test('a commit under it and an abort are logged in the order that was recorded (cnaas-nms#395)', async () => {
    const { json, text, clock } = simulate()
    await json('configure session a', ...described)
    await json(commitTimer)
    await clock.advance(4000)
    await json('configure session a abort')
    const log = (await text('show logging')).split('\n').filter((line) => /COMMIT|REPLACE|ABORT/.test(line))
    expect(log.map((line) => `${line.slice(7, 15)} ${/%SYS-5-CONFIG_(\w+)/.exec(line)?.[1]}`)).toEqual(
      linesOf(`
      08:00:00 SESSION_COMMIT_TIMER_STARTED
      08:00:00 SESSION_COMMIT_SUCCESS
      08:00:04 REPLACE_SUCCESS
      08:00:04 SESSION_COMMIT_TIMER_CANCELED
      08:00:04 SESSION_ABORTED
    `),
    )
  })

  test('another session cannot be committed while it runs', async () => {
    const { json, device } = simulate()
    await json('configure session a', ...described)
    await json('configure session b', 'vlan 99')
    await json(commitTimer)
    expect((await json('configure session b commit')).error?.code).toBe(1000)
    expect((await json('configure session b commit timer 00:01:00')).error?.code).toBe(1000)
    expect(device.sessions.get('b')?.state).toBe('pending')
  })

  test('a reboot while it runs boots startup-config; pending sessions and the timer are gone', async () => {
    const { json, text, device } = simulate()
    await json('configure session a', ...described)
    await json('configure session b')
    await json(commitTimer)
    await json('reload now')
    expect(await text('show running-config')).toBe(CONFIG)
    expect(device.sessions.all()).toEqual([])
    expect(device.sessions.timer).toBeUndefined()
    expect(device.bootedAt).toBe(Date.UTC(2026, 0, 5, 8))
  })

  test.each(['00:00:00', '5', '00:60:00', '1:2:3'])('%s is no time', async (time) => {
    const { json, device } = simulate()
    await json('configure session a', ...described)
    expect((await json(`configure session a commit timer ${time}`)).error?.code).toBe(1002)
    expect(device.sessions.timer).toBeUndefined()
  })

  test('hours may have one digit, and an empty session is armed as well', async () => {
    const { json, device } = simulate()
    await json('configure session a')
    await json('configure session a commit timer 1:00:00')
    expect(device.sessions.timer?.deadline).toBe(Date.UTC(2026, 0, 5, 9))
  })

  test('an armed session takes no lines', async () => {
    const { json } = simulate()
    await json('configure session a', ...described)
    await json(commitTimer)
    expect((await json('configure session a', 'vlan 99')).error?.message).toBe(
      "CLI command 3 of 3 'vlan 99' failed: could not run command",
    )
  })

  test('save on commit: the confirm saves', async () => {
    const { json, text } = simulate()
    await json('configure', 'service configuration session commit save startup-config')
    await json('configure session a', ...described)
    await json(commitTimer)
    expect(await text('show running-config diffs')).not.toBe('')
    await json('configure session a commit')
    expect(await text('show running-config diffs')).toBe('')
  })
})

describe('what the session list shows', () => {
  const armed = async (eos: string) => {
    const it = simulate(CONFIG, { eos })
    await it.json('configure session done', 'vlan 98', 'commit')
    await it.json('configure session open')
    await it.json('configure session a', ...described)
    await it.json('configure session a commit timer 00:02:00')
    return it
  }

  test('JSON up to 4.31: the session is pendingCommitTimer and carries commitBy', async () => {
    const { json } = await armed('4.31.4M')
    expect((await json('show configuration sessions detail')).result?.at(-1)).toEqual({
      sessions: {
        done: { state: 'completed', completedTime: 1767600000, commitUser: 'admin', description: '', instances: {} },
        open: { state: 'pending', commitUser: '', description: '', instances: {} },
        a: {
          state: 'pendingCommitTimer',
          completedTime: 1767600000,
          commitBy: 1767600120,
          commitUser: 'admin',
          description: '',
          instances: {},
        },
      },
      maxSavedSessions: 1,
      maxOpenSessions: 5,
      mergeOnCommit: false,
      saveToStartupConfigOnCommit: false,
    })
  })

  test('JSON from 4.32: the session is committed, the top level names it with its expiry in seconds of uptime', async () => {
    const { json, clock } = await armed('4.32.2F')
    const sessions = (await json('show configuration sessions detail')).result?.at(-1)
    expect(sessions).toMatchObject({
      sessions: { done: { state: 'committed' }, open: { state: 'pending' }, a: { state: 'committed' } },
      commitTimerSessionName: 'a',
      commitTimerExpireTime: 100_120,
    })
    expect(sessions?.sessions).not.toHaveProperty('a.commitBy')
    await clock.advance(120_000)
    const after = (await json('show configuration sessions')).result?.at(-1)
    expect(after).not.toHaveProperty('commitTimerSessionName')
    expect(Object.keys(after?.sessions ?? {})).toEqual(['done', 'open'])
  })

  test('from 4.35 an aborted session stays in the list', async () => {
    const { json } = simulate(CONFIG, { eos: '4.35.0F' })
    await json('configure session a')
    await json('configure session a abort')
    expect((await json('show configuration sessions')).result?.at(-1)).toMatchObject({
      sessions: { a: { state: 'aborted', commitUser: 'admin' } },
    })
    expect((await json('configure session a')).error).toBeUndefined()
  })

  test('text of 4.25 and of 4.35', async () => {
    const old = await armed('4.25.4M')
    expect(await old.text('show configuration sessions detail')).toBe(
      `Maximum number of completed sessions: 1
Maximum number of pending sessions: 5

Name State              User Terminal Commit Time Left Completed Time      Committed By
---- ------------------ ---- -------- ---------------- ------------------- ------------
done completed                                         2026-01-05 08:00:00 admin
open pending
a    pendingCommitTimer               0:02:00          2026-01-05 08:00:00 admin
`,
    )
    const recent = await armed('4.35.0F')
    expect(await recent.text('show configuration sessions detail')).toBe(
      `Maximum number of completed sessions: 1
Maximum number of pending sessions: 5
Merge on commit is disabled
Autosave to startup-config on commit is disabled

Session with pending commit timer: a
Time left until commit timer expiry: in 0:02:00

  Name State     User  Terminal Completed Time      Committed By
- ---- --------- ----- -------- ------------------- ------------
  done committed                2026-01-05 08:00:00 admin
  open pending   admin
  a    committed                2026-01-05 08:00:00 admin
`,
    )
  })
})
