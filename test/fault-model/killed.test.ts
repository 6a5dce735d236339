// @module-tag long

import { describe, expect, test } from 'vitest'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import {
  CONFIRMED_ONCE,
  type Ended,
  exits,
  isSaved,
  type Lab,
  NO_COMMIT,
  openLab,
  PUT_BACK_ONCE,
  workflowFor,
} from '../lab/lab.ts'

const SECOND = 1_000
/** The commit timer of the change, in seconds. */
const TIMER = 300
const TIMED = /^configure session \S+ commit timer /
const ABORT = /^configure session \S+ abort$/
const READ_BACK = /leaf1: put back: read back: running-config equals the one before$/m
const UNREAD =
  /leaf1: put back: read back: running-config equals the one before; the answer to what put it back was not read: /m

const NEVER_GOOD = workflowFor('leaf1', {
  verify: '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }',
})

const commits = (lab: Lab, name = 'leaf1') => lab.commits(name)

/** The config session that each request which opens or commits one names, by its number within the execution. */
const sessionsOf = (lab: Lab, name = 'leaf1') =>
  lab.fabric
    .device(name)
    .requests()
    .flatMap(({ commands }) => commands)
    .flatMap((command) => {
      const [, number, act] = /^configure session eosflow-[0-9a-f]{8}-(\d+)(.*)$/.exec(command) ?? []
      return number === undefined ? [] : [`${number}${act}`]
    })

/** Somebody configures the switch by hand and saves. */
function editByHand(lab: Lab, ...lines: readonly string[]) {
  lab.fault({ device: 'leaf1', kind: 'hand-edit', lines })
  const { switch: device } = lab.device('leaf1')
  device.config.save(device.now)
}

function expectBefore({ code, out, err }: Ended, lab: Lab, exit: number) {
  expect(code, out + err).toBe(exit)
  expect(lab.whereIs('leaf1')).toBe('BEFORE')
}

function expectAfter({ code, out, err }: Ended, lab: Lab, name = 'leaf1') {
  expect(code, out + err).toBe(0)
  expect(lab.whereIs(name)).toBe('AFTER')
  expect(isSaved(lab.device(name))).toBe(true)
  expect(commits(lab, name)).toEqual(CONFIRMED_ONCE)
}

describe('[G2] [F1] row 1: killed before the session is opened', () => {
  test('the approval is judged again', async () => {
    const lab = openLab()
    await lab.killAt('before-open')
    await lab.ok('reject change.plan --comment', 'wrong window')
    const ended = await lab.resume()
    expectBefore(ended, lab, 4)
    expect(ended.out + ended.err).toContain('rejected this plan: wrong window')
    expect(commits(lab).timed).toBe(0)
  })

  test('the approval is not used up, and lapses with the execution that a person stops', async () => {
    const lab = openLab()
    await lab.killAt('before-open')
    expect((await lab.eosflow('stop @latest')).out).toMatch(/leaf1 +○ untouched/)
    expect((await lab.ok('history @latest --json')).out).not.toContain('ApprovalUsed')
    await lab.exits(12, 'run change.plan --detach')
    await lab.ok('approve change.plan')
    expectAfter(await lab.eosflow('resume @latest'), lab)
  })
})

test('[G2] [F2] row 2: killed among the lines: the session is aborted by its name, and all lines go into a new one', async () => {
  const lab = openLab()
  await lab.killAt('after-open')
  const before = sessionsOf(lab).length
  expectAfter(await lab.resume(), lab)
  expect(sessionsOf(lab).slice(before)).toEqual(['1 abort', '2', '3', '3 abort', '2 commit timer 00:05:00', '2 commit'])
})

test('[G2] [F3] row 3: killed when the diff was good: base and diff are compared again', async () => {
  const lab = openLab()
  await lab.killAt('open-journalled')
  editByHand(lab, 'vlan 777', 'name SOMEBODY-ELSE')
  const ended = await lab.resume()
  expectBefore(ended, lab, 5)
  expect(ended.out + ended.err).toContain('leaf1: running-config has changed since the plan was made')
  expect(commits(lab)).toEqual(NO_COMMIT)
})

test('[G2] [G76] [F4] row 4: killed with the intent of the commit on record and nothing sent: it is not sent later, and the approval is used', async () => {
  const lab = openLab()
  await lab.killAt('before-arm')
  expectBefore(await lab.resume(), lab, 6)
  expect(commits(lab).timed).toBe(0)
  const again = await lab.eosflow('run change.plan')
  expect(again.err).toMatch(/the approval was used by execution \d/)
  expect(again.code).toBe(12)
})

describe.each([
  ['4.31', 'leaf1'],
  ['4.32', 'leaf3'],
])('[F5b] row 5b: somebody types a line right before a timed commit whose answer is not read, EOS %s', (_eos, name) => {
  const TYPED = { kind: 'hand-edit', lines: ['vlan 777'] } as const

  test.each([
    {
      point: 'after-arm',
      when: 'before the answer is on record',
      faults: [{ ...TYPED, device: name, command: ' commit timer ', side: 'before' } as const],
      says: /remains: \+vlan 777/,
    },
    {
      point: 'arm-journalled',
      when: 'when it is on record, before it was judged',
      // Before the whole request: its answer shows the line.
      faults: [],
      says: /running-config has changed since the plan was made/,
    },
  ])('[P2] and the controller is killed $when: put back at the resume', async ({ point, faults, says }) => {
    const lab = openLab({
      targets: name,
      before: (its, device, commands) => {
        if (faults.length === 0 && commands.some((command) => TIMED.test(command))) its.fault({ ...TYPED, device })
      },
    })
    const { switch: device } = lab.device(name)
    for (const fault of faults) lab.fault(fault)
    await lab.killAt(point, name)
    expect(renderConfig(device.running)).not.toContain('vlan 777')
    const { out, err } = await exits(6, lab.resume())
    expect(out + err).toMatch(says)
    expect(renderConfig(device.running)).toContain('\nvlan 777\n')
    device.config.save(device.now)
  })
})

describe.each([
  ['4.31', 'leaf1'],
  ['4.32', 'leaf3'],
])('[G2] [F6] row 6: killed when the change is live, EOS %s', (_eos, name) => {
  test('in time: the switch says that our timer runs, and it is verified and confirmed', async () => {
    const lab = openLab({ targets: name })
    await lab.killAt('arm-journalled', name)
    expectAfter(await lab.resume(), lab, name)
    expect(sessionsOf(lab, name).filter((act) => act.includes('commit'))).toHaveLength(2)
  })

  test('and the answer of the commit is on no record: what it has replaced is not known, and it is put back', async () => {
    const lab = openLab({ targets: name })
    await lab.killAt('after-arm', name)
    const { out, err } = await exits(6, lab.resume())
    expect(out + err).toContain(`${name}: the answer to the timed commit was not read`)
    expect(lab.whereIs(name)).toBe('BEFORE')
    expect(commits(lab, name)).toEqual(PUT_BACK_ONCE)
  })

  test('too late: the switch has reverted, and that is read before it is said', async () => {
    const lab = openLab({ targets: name })
    await lab.killAt('after-arm', name)
    await lab.clock.advance((TIMER + 1) * SECOND)
    const { err } = await exits(6, lab.resume())
    expect(err).toMatch(new RegExp(`^.*${name}: put back: read back: running-config equals the one before$`, 'm'))
    expect(lab.whereIs(name)).toBe('BEFORE')
    expect(lab.device(name).counters()).toMatchObject({ expiries: 1, commits: { timed: 1, confirms: 0 } })
  })
})

describe('[G2] [F7] row 7: killed while it is verified', () => {
  const workflow = workflowFor('leaf1', { verify: '{ within: 20s, stableFor: 6s, every: 2s, checks: [reachable] }' })

  test('in time: verification begins anew, and the change is confirmed', async () => {
    const lab = openLab({ workflow })
    await lab.killAt('in-verify')
    expectAfter(await lab.resume(), lab)
  })

  test('too late: checks that pass without the change do not make it good', async () => {
    const lab = openLab({ workflow })
    await lab.killAt('in-verify')
    await lab.clock.advance((TIMER + 1) * SECOND)
    const ended = await lab.resume()
    expectBefore(ended, lab, 6)
    expect(ended.out).toContain('leaf1: the change is no longer under our commit timer')
    expect(ended.err).toMatch(READ_BACK)
  })
})

describe('[F8] row 8: what is not verified', () => {
  test('is aborted at once, and read back', async () => {
    const lab = openLab({ workflow: NEVER_GOOD })
    const ended = await lab.change()
    expectBefore(ended, lab, 6)
    expect(ended.err).toMatch(READ_BACK)
    expect(lab.device('leaf1').counters()).toMatchObject({ expiries: 0, commits: { timed: 1, confirms: 0 } })
    expect(sessionsOf(lab).at(-1)).toBe('2 abort')
  })

  test('and leaves something else behind than there was before is unknown, and says what a person does', async () => {
    let isLive = false
    let isEdited = false
    const lab = openLab({
      workflow: NEVER_GOOD,
      before: (its, device, commands) => {
        if (isLive && !isEdited && its.device(device).switch.sessions.timer === undefined) {
          isEdited = true
          editByHand(its, 'vlan 998', 'name TESTED')
        }
        isLive ||= commands.some((command) => TIMED.test(command))
      },
    })
    const { code, out, err } = await lab.change()
    expect(isEdited).toBe(true)
    expect(code, out + err).toBe(7)
    expect(out).toMatch(/leaf1\s+\? unknown/)
    expect(out).toMatch(
      /running-config holds the change, and no commit timer runs that would take it away.*Log in to leaf1 and compare/,
    )
  })
})

async function lateConfirm(point: string) {
  const lab = openLab()
  await lab.killAt(point)
  await lab.clock.advance((TIMER - 10) * SECOND)
  expectBefore(await lab.resume(), lab, 6)
  expect(commits(lab)).toEqual(PUT_BACK_ONCE)
}

describe('[G2] [F9] row 9: killed when it was verified, before the confirm', () => {
  test.each(['intent-confirm', 'before-confirm'])('%s, in time: confirmed', async (point) => {
    const lab = openLab()
    await lab.killAt(point)
    expectAfter(await lab.resume(), lab)
  })

  test.each(['intent-confirm', 'before-confirm'])('%s, too little time left: put back, never confirmed', lateConfirm)

  test.each(['intent-confirm', 'before-confirm'])(
    '%s, when the timer has run out: put back, read back',
    async (point) => {
      const lab = openLab()
      await lab.killAt(point)
      await lab.clock.advance((TIMER + 1) * SECOND)
      const ended = await lab.resume()
      expectBefore(ended, lab, 6)
      expect(ended.err).toMatch(READ_BACK)
      expect(commits(lab)).toEqual(PUT_BACK_ONCE)
    },
  )
})

test.each(['confirm-journalled', 'before-save', 'after-save'])(
  '[G2] [F11] row 11: killed when it was confirmed, %s: it is saved and read back, and nothing is confirmed twice',
  async (point) => {
    const lab = openLab()
    await lab.killAt(point)
    expectAfter(await lab.resume(), lab)
  },
)

describe('[G2] [F12] row 12: during the rollback', () => {
  test.each(['before-abort', 'after-abort', 'abort-journalled'])(
    'killed %s: put back, and read back',
    async (point) => {
      const lab = openLab({ workflow: NEVER_GOOD })
      await lab.killAt(point)
      const ended = await lab.resume()
      expectBefore(ended, lab, 6)
      // What went with an abort whose answer is not on record is not known, and the end says so.
      expect(ended.err).toMatch(point === 'after-abort' ? UNREAD : READ_BACK)
    },
  )

  test.each([
    { what: 'comes back: asked again until it is read', seconds: 90, exit: 6 },
    { what: 'stays away: never called reverted', seconds: undefined, exit: 7 },
  ])('the switch cannot be reached, and $what', async ({ seconds, exit }) => {
    let isLive = false
    let isCut = false
    const lab = openLab({
      workflow: NEVER_GOOD,
      before: (its, device, commands) => {
        if (isLive && !isCut && commands.some((command) => ABORT.test(command))) {
          isCut = true
          its.fault({ device, kind: 'unreachable', ...(seconds === undefined ? {} : { for: seconds }) })
        }
        isLive ||= commands.some((command) => TIMED.test(command))
      },
    })
    const ended = await lab.change()
    expect(isCut).toBe(true)
    expectBefore(ended, lab, exit)
    if (exit === 6) expect(ended.err).toMatch(READ_BACK)
    else expect(ended.out).toMatch(/leaf1\s+\? unknown/)
  })
})
