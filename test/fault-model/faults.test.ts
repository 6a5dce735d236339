// @module-tag long

import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test, vi } from 'vitest'
import type { EventBody } from '../../src/change/record/event/event.ts'
import { renderConfig } from '../../src/eos/config/text/parse.ts'
import { EosflowError } from '../../src/model/error.ts'
import { freshPath, openForTest } from '../change/record/sqlite/open-for-test.ts'
import { everyNthOfLong } from '../extent.ts'
import {
  CONFIRMED_ONCE,
  exits,
  isSaved,
  type Lab,
  type LabOptions,
  openLab,
  PUT_BACK_ONCE,
  WIDE_DISK,
  whereIs,
  withAppends,
  workflowFor,
} from '../lab/lab.ts'
import { ABORT, FAULTS, type Fault, LOOK, type Request, SAVE, STAGE, TIMED } from './fault-table.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const SOMEBODY = { user: 'operator', from: 'vty5 (192.0.2.250)' }

const leaf1 = (lab: Lab) => lab.device('leaf1')
const writesOf = (lab: Lab) =>
  leaf1(lab)
    .requests()
    .filter(({ kind }) => kind === 'write').length
const includes = (commands: readonly string[], wanted: RegExp) => commands.some((one) => wanted.test(one))

const journalSeam = (around: Parameters<typeof withAppends>[0]) => ({ seams: withAppends(around) })

/** A wall clock that somebody has set. */
const skewedBy =
  (skew: () => number): NonNullable<LabOptions['seams']> =>
  (seams) => ({
    ...seams,
    clock: {
      now: () => seams.clock.now() + skew(),
      monotonic: () => seams.clock.monotonic(),
      sleep: (milliseconds, signal) => seams.clock.sleep(milliseconds, signal),
    },
  })

const isAct = (act: string, type: 'ActIntended' | 'ActFinished') => (event: EventBody) =>
  event.type === type && event.act === act && (act !== 'stage' || !isOfPlan(event))
const isOfPlan = (event: EventBody) =>
  (event.type === 'ActIntended' && event.checkpoint === undefined) ||
  (event.type === 'ActFinished' && event.base === undefined)

/** Watches the requests of a change for those at which something goes wrong. */
function watch({ strikes = [], hears }: Fault) {
  const seen: { readonly device: string; readonly command: string }[] = []
  const struck = new Set<unknown>()
  const isNow = (at: Request | undefined, device: string, commands: readonly string[]) =>
    at === undefined ||
    (at.device === device &&
      includes(commands, at.command) &&
      (at.behind === undefined || seen.some((one) => one.device === device && at.behind?.test(one.command))))
  return {
    /** What goes wrong before a request, and whether its answer is another. */
    at: (device: string, commands: readonly string[]) => {
      const now = strikes.filter((one) => (one.always || !struck.has(one)) && isNow(one.before, device, commands))
      for (const one of now) struck.add(one)
      const isFalse =
        hears !== undefined && (hears.to === undefined || !struck.has(hears)) && isNow(hears.to, device, commands)
      if (isFalse) struck.add(hears)
      seen.push(...commands.map((command) => ({ device, command })))
      return { does: now.flatMap(({ does }) => does), isFalse }
    },
    isOver: () => struck.size === strikes.length + (hears === undefined ? 0 : 1),
  }
}

/** Lives through the change, and lets run out what still runs by itself. */
async function changed(fault: Fault) {
  const stop = new AbortController()
  const watched = watch(fault)
  let falsify: ((body: string) => string) | undefined
  const lab = openLab({
    ...(fault.workflow === undefined ? {} : { workflow: fault.workflow }),
    stop: stop.signal,
    before: (its, device, commands) => {
      const now = watched.at(device, commands)
      falsify = now.isFalse ? fault.hears?.falsify : undefined
      for (const one of now.does) {
        if (one === 'interrupt') stop.abort()
        else its.fault(one)
      }
    },
    hears: (_lab, answer) => ({ ...answer, body: falsify?.(answer.body) ?? answer.body }),
  })
  const { code, out, err } = await lab.change()
  const history = (await lab.eosflow('history @latest')).out
  expect(watched.isOver(), out + err).toBe(true)
  await lab.clock.advance(600_000)
  lab.clearFaults()
  for (const one of lab.fabric.devices) one.switch.settle()
  return { lab, code, out, text: out + err, history }
}

/** What the switches hold. */
function expectSwitches({ switches, startup, unsaved, keeps }: Fault, lab: Lab) {
  for (const [name, place] of Object.entries(switches)) {
    const device = lab.device(name)
    expect(whereIs(device), name).toBe(place)
    expect(renderConfig(device.switch.startup).includes('\nvlan 998\n'), 'startup-config').toBe(
      (startup ?? place) === 'AFTER',
    )
    if (unsaved === undefined) expect(isSaved(device), name).toBe(true)
    else device.switch.config.save(device.switch.now)
    if (keeps !== undefined) expect(renderConfig(device.switch.running)).toContain(`\n${keeps}\n`)
  }
}

/** What was sent: after an answer that is lost a switch is asked before anything else. Gives how many were lost. */
function expectAskedAfterLoss({ fabric }: Lab) {
  const requests = fabric.devices.flatMap((one) => one.requests().map((sent, at, all) => ({ sent, next: all[at + 1] })))
  const lost = requests.filter(({ sent }) => sent.answer === 'lost')
  for (const { sent, next } of lost) {
    expect(sent).toMatchObject({ kind: 'write' })
    expect(next, 'the next request').toMatchObject({ kind: 'read', answer: 200 })
  }
  return lost.length
}

const hasId = ({ name }: Fault) => name.startsWith('[')
/** Each fault that has an id, and every second of the others. */
const LOOKED = [
  ...FAULTS.filter(hasId),
  ...everyNthOfLong(
    2,
    'faults without an id',
    FAULTS.filter((fault) => !hasId(fault)),
  ),
]

describe('[G2] [G4] a fault in a change', () => {
  test.each(LOOKED.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
    const { lab, code, out, text, history } = await changed(fault)
    expect(code, text).toBe(fault.exit)
    for (const words of fault.says) expect(text + history).toMatch(words)
    for (const words of fault.prints ?? []) expect(out).toMatch(words)
    if (fault.saysNot !== undefined) expect(text).not.toMatch(fault.saysNot)
    expectSwitches(fault, lab)
    const saves = lab.fabric.devices.flatMap((one) => one.requests()).filter((one) => includes(one.commands, SAVE))
    if (fault.saves !== undefined) expect(saves).toHaveLength(fault.saves)
    const counters = lab.fabric.devices.map((one) => one.counters())
    const sum = (of: (one: (typeof counters)[number]) => number) => counters.reduce((all, one) => all + of(one), 0)
    expect({
      plain: sum(({ commits }) => commits.plain),
      timed: sum(({ commits }) => commits.timed),
      confirms: sum(({ commits }) => commits.confirms),
      expiries: sum(({ expiries }) => expiries),
      lost: expectAskedAfterLoss(lab),
    }).toEqual({ plain: 0, expiries: 0, lost: 0, ...fault.counts })
  })

  test('there are 73 faults, 51 of them with an id', () => {
    expect([FAULTS.length, FAULTS.filter(hasId).length]).toEqual([73, 51])
  })
})

test('[F32] another switch behind the address is sent nothing that writes', async () => {
  let planned = false
  const lab = openLab({
    before: (_lab, _device, commands) => {
      planned ||= commands.some((command) => /^configure session \S+ abort$/.test(command))
    },
    answers: (_lab, name) => (planned && name === 'leaf1' && asked ? 'leaf3' : name),
  })
  let asked = false
  await lab.ok('plan workflow.yaml -o plan.json')
  asked = true
  await lab.eosflow('approve plan.json')
  const { out, err } = await lab.exits(10, 'run plan.json')
  expect(out + err).toMatch(/leaf1: another switch answers: serial JPE21310203.*planned was serial JPE21310201/)
  const asking = lab.device('leaf3').requests()
  expect(asking.length).toBeGreaterThan(0)
  expect(asking.filter(({ kind }) => kind === 'write')).toEqual([])
})

test('[F13] a change that takes our user away is waited out, and read back', async () => {
  let live = false
  const lab = openLab({
    hears: (its, answer) => {
      const refused = live && its.whereIs('leaf1') === 'AFTER'
      live ||= its.whereIs('leaf1') === 'AFTER'
      return refused ? { status: 401, body: 'Unable to authenticate user' } : answer
    },
  })
  const { err } = await exits(6, lab.change())
  expect(err).toMatch(/leaf1: put back: management-lost: .*read back: running-config equals the one before/)
  expect(lab.whereIs('leaf1')).toBe('BEFORE')
  expect(lab.device('leaf1').counters()).toMatchObject({ expiries: 1, commits: { timed: 1, confirms: 0 } })
})

describe("[F16] a plan's session stays open at a refused line, and the switch is out of reach", () => {
  test.each([
    { seconds: 30, code: 10, says: /untouched|nothing was committed/, open: 0 },
    {
      seconds: 3_000,
      code: 7,
      says: /the planning session eosflow-\w{8}-1 may still be open: eosflow sessions gc/,
      open: 1,
    },
  ])(
    'for $seconds s: it is asked for until it is known to be gone, or called unknown',
    async ({ seconds, code, says, open }) => {
      let struck = false
      let away = false
      const lab = openLab({
        before: (its, device, commands) => {
          if (!struck && commands.some((one) => ABORT.test(one))) {
            struck = true
            its.fault({ device, kind: 'refuse-line', line: 1, message: 'Invalid input' })
          } else if (struck && !away) {
            away = true
            its.fault({ device, kind: 'unreachable', for: seconds })
          }
        },
      })
      const ended = await lab.eosflow('plan workflow.yaml')
      expect(ended.code, ended.out + ended.err).toBe(code)
      expect(ended.out + ended.err).toMatch(says)
      const { sessions } = lab.device('leaf1').switch
      expect(sessions.all().filter(({ state }) => state === 'pending')).toHaveLength(open)
      lab.clearFaults()
      await lab.ok('sessions gc')
      expect(sessions.all().filter(({ state }) => state === 'pending')).toHaveLength(0)
    },
  )
})

test('[F14] row 14: a switch that saves with every commit is not changed: a reboot would not undo it', async () => {
  const lab = openLab()
  const { config, now } = leaf1(lab).switch
  lab.fault({
    device: 'leaf1',
    kind: 'hand-edit',
    lines: ['service configuration session commit save startup-config'],
  })
  config.save(now)
  const { out, err } = await exits(10, lab.change())
  expect(out + err).toContain('leaf1: every commit is saved to startup-config at once')
  expect(writesOf(lab)).toBe(0)
})

describe('[F16] row 16: a slow switch', () => {
  test('is never shown a session name twice', async () => {
    const lab = openLab()
    await lab.killAt('after-open')
    await exits(0, lab.resume())
    const opened = leaf1(lab)
      .requests()
      .flatMap(({ commands }) => commands.filter((command) => /^configure session \S+$/.test(command)))
    // The plan, the staging that was killed, the one after it, and its replay.
    expect(opened).toHaveLength(4)
    expect(new Set(opened).size).toBe(4)
  })
})

test.each([
  { act: 'stage', other: ['resume'], otherEnds: 0, timed: 1, where: 'AFTER' },
  { act: 'arm', other: ['resume'], otherEnds: 6, timed: 0, where: 'BEFORE' },
  { act: 'arm', other: ['stop', '@latest'], otherEnds: 0, timed: 0, where: 'BEFORE' },
])(
  '[F18] [F28] row 18: a process that stood still before its $act while another took its execution over by $other sends nothing',
  async ({ act, other, otherEnds, timed, where }) => {
    let taken: Promise<{ code: number }> | undefined
    let writes = 0
    const lab: Lab = openLab({
      ...journalSeam({
        behind: async (written) => {
          if (taken !== undefined || !written.some(isAct(act, 'ActIntended'))) return
          // The other controller works on another machine: it does not see that this process lives.
          const store = join(lab.dir, '.eosflow')
          for (const file of readdirSync(store)) if (file.startsWith('running-')) rmSync(join(store, file))
          taken = lab.eosflow(...other)
          await taken
          writes = writesOf(lab)
        },
      }),
    })
    const first = await lab.change()
    expect((await taken)?.code).toBe(otherEnds)
    expect(first.code, first.out + first.err).toBe(9)
    expect(writesOf(lab) - writes).toBe(0)
    expect(leaf1(lab).counters().commits).toEqual({ plain: 0, timed, confirms: timed })
    expect(whereIs(leaf1(lab))).toBe(where)
  },
)

describe('[F19] row 19: a second controller, with its own store', () => {
  const second = ['--store', 'second/store.db'] as const

  test('does not touch a switch on which the first one runs a timer', async () => {
    const lab = openLab()
    await lab.killAt('arm-journalled')
    const sent = writesOf(lab)
    const ended = await lab.exits(9, 'plan workflow.yaml', ...second)
    expect(ended.out + ended.err).toMatch(/leaf1: session eosflow-[0-9a-f]{8}-1 is under a commit timer, \d+ s left/)
    expect(writesOf(lab)).toBe(sent)
    await exits(0, lab.resume())
  })

  test('does not push to a switch on which the first one has a session open, and the first one goes on', async () => {
    const lab = openLab()
    await lab.killAt('open-journalled')
    lab.write('other.yaml', workflowFor('leaf1', { lines: ['vlan 777', 'name SECOND'] }).replace('[998]', '[777]'))
    const other = await lab.eosflow('plan other.yaml -o other.plan', ...second)
    expect(other.out + other.err).toMatch(/config sessions of others are open: eosflow-[0-9a-f]{8}-1/)
    await lab.ok('approve other.plan', ...second)
    const sent = writesOf(lab)
    const refused = await lab.exits(9, 'run other.plan', ...second)
    expect(refused.out + refused.err).toMatch(
      /another execution of eosflow has the config session eosflow-\w{8}-1 open/,
    )
    expect(writesOf(lab)).toBe(sent)
    await exits(0, lab.resume())
    expect(leaf1(lab).counters().commits).toEqual(CONFIRMED_ONCE)
  })

  test('waits for a session that is gone in a moment, as that of a plan is', async () => {
    let looks = 0
    const lab = openLab({
      before: (its, _device, commands) => {
        if (!includes(commands, LOOK)) return
        looks += 1
        const { sessions } = leaf1(its).switch
        // The first look is that of the snapshot, the second that of the push.
        if (looks === 2) sessions.open('eosflow-0ddba11e-1', SOMEBODY)
        if (looks === 4) sessions.abort('eosflow-0ddba11e-1', SOMEBODY)
      },
    })
    await exits(0, lab.change())
    expect(looks).toBeGreaterThanOrEqual(4)
    expect(whereIs(leaf1(lab))).toBe('AFTER')
  })
})

describe('[F22] row 22: the wall clock of the controller jumps', () => {
  test.each([
    { hours: 1, when: 'while it is verified' },
    { hours: -1, when: 'while it is verified' },
  ])('by $hours h $when: the verification takes the time that it takes', async ({ hours }) => {
    let skew = 0
    let isLive = false
    const lab = openLab({
      workflow: workflowFor('leaf1', { verify: '{ within: 60s, stableFor: 20s, every: 5s, checks: [reachable] }' }),
      before: (_lab, _device, commands) => {
        if (isLive && includes(commands, LOOK)) skew = hours * HOUR
        isLive ||= includes(commands, TIMED)
      },
      seams: skewedBy(() => skew),
    })
    await exits(0, lab.change())
    expect(whereIs(leaf1(lab))).toBe('AFTER')
    expect(
      leaf1(lab)
        .requests()
        .filter(({ commands }) => includes(commands, LOOK)).length,
    ).toBeGreaterThanOrEqual(6)
  })

  test('[G61] by -4 h, and by -2 min: what had expired does not hold again', async () => {
    let skew = 0
    const lab = openLab({
      seams: skewedBy(() => skew),
    })
    await lab.eosflow('plan workflow.yaml -o change.plan')
    await lab.eosflow('approve change.plan')
    skew = 4 * HOUR + 60_000
    await lab.exits(4, 'run change.plan')
    skew = 0
    const refused = await lab.exits(10, 'run change.plan')
    expect(refused.err).toMatch(/the newest record of the store is of .*: nothing was written/)
    skew = 4 * HOUR - 60_000
    const again = await lab.exits(4, 'run change.plan')
    expect(again.err).toContain('the clock was set back')
    expect(leaf1(lab).counters().commits.timed).toBe(0)
  })
})

describe('[F23] row 23: the disk is full', () => {
  const full = (): EosflowError =>
    new EosflowError('store', 'the disk is full', { cause: new Database.SqliteError('full', 'SQLITE_FULL') })
  const isArmed = isAct('arm', 'ActFinished')
  const hasBallast = (lab: Lab) => existsSync(join(lab.dir, '.eosflow/ballast'))

  test('before the push: nothing is sent that writes', async () => {
    const lab = openLab(
      journalSeam({
        before: (events) => {
          if (events.some(isAct('stage', 'ActIntended'))) throw full()
        },
      }),
    )
    await exits(1, lab.change())
    expect(writesOf(lab)).toBe(1)
  })

  test('nearly, before the push: refused, and nothing is sent that writes', async () => {
    const lab = openLab({
      seams: (seams) => ({ ...seams, disk: { ...WIDE_DISK, fileSystemOf: () => ({ type: 0xef53, free: 3_000_000 }) } }),
    })
    const { out } = await exits(10, lab.change())
    expect(out).toContain('the disk of the store has 2.9 MiB to give: 8 MiB must be free')
    expect(writesOf(lab)).toBe(1)
    expect(hasBallast(lab)).toBe(false)
  })

  test('between the staging and the timed commit: the session is aborted, and nothing is committed', async () => {
    let free = 2 ** 40
    const lab = openLab({
      before: (_, __, commands) => {
        if (includes(commands, STAGE)) free = 0
      },
      seams: (seams) => ({ ...seams, disk: { ...WIDE_DISK, fileSystemOf: () => ({ type: 0xef53, free }) } }),
    })
    const { out } = await exits(10, lab.change())
    expect(leaf1(lab).counters().commits).toMatchObject({ timed: 0 })
    expect(out).toContain('the disk of the store has 0.0 MiB to give')
  })

  test('when the change is live: the ballast is given up, and the way back is on record', async () => {
    const lab: Lab = openLab(
      journalSeam({
        before: (events) => {
          if (!hasBallast(lab) || !events.some(isArmed)) return
          throw full()
        },
      }),
    )
    const { out, err } = await exits(6, lab.change())
    expect(err).toMatch(/leaf1: put back: read back: running-config equals the one before$/m)
    expect(out).toContain('the disk is full')
    expect(leaf1(lab).counters()).toMatchObject({ expiries: 0, commits: { timed: 1, confirms: 0 } })
    expect(hasBallast(lab)).toBe(false)
    const seen = await lab.eosflow('show @latest')
    expect(seen.out + seen.err).toContain('put back')
    expect(hasBallast(lab)).toBe(true)
  })

  test('when the change is live and what the ballast gave is used up: nothing more is sent, and the resume asks the switch', async () => {
    let sent: number | undefined
    let isFree = false
    const lab: Lab = openLab(
      journalSeam({
        before: (events) => {
          if (isFree || (sent === undefined && !events.some(isArmed))) return
          if (!hasBallast(lab)) sent ??= leaf1(lab).counters().requests
          throw full()
        },
      }),
    )
    const { err } = await exits(7, lab.change())
    expect(err).toContain('Not settled: leaf1. A running commit timer puts an unconfirmed change back by itself.')
    expect(leaf1(lab).counters().requests).toBe(sent)
    isFree = true
    // The answer of the commit is on no record: what it has replaced is not known.
    await lab.exits(6, 'resume')
    expect(whereIs(leaf1(lab))).toBe('BEFORE')
  })

  test('once, when the change is live and no ballast is there: nothing more is sent, and the resume asks the switch', async () => {
    let sent: number | undefined
    const lab: Lab = openLab(
      journalSeam({
        before: (events) => {
          if (sent !== undefined || !events.some(isArmed)) return
          rmSync(join(lab.dir, '.eosflow/ballast'))
          sent = leaf1(lab).counters().requests
          throw full()
        },
      }),
    )
    const { err } = await exits(7, lab.change())
    expect(err).toContain('Not settled: leaf1. A running commit timer puts an unconfirmed change back by itself.')
    expect(leaf1(lab).counters().requests).toBe(sent)
    await lab.clock.advance(301 * SECOND)
    const ended = await lab.exits(6, 'resume')
    expect(ended.err).toMatch(/leaf1: put back: read back: running-config equals the one before$/m)
    expect(leaf1(lab).counters()).toMatchObject({ expiries: 1, commits: { timed: 1, confirms: 0 } })
  })

  test('when the first of two switches is live: the second one is not touched any more', async () => {
    const lab: Lab = openLab({
      targets: 'leaf1 or leaf3',
      ...journalSeam({
        before: (events) => {
          if (hasBallast(lab) && events.some(isArmed)) throw full()
        },
      }),
    })
    const { out, err } = await exits(6, lab.change())
    const timed = lab.fabric.devices.reduce((sum, { counters }) => sum + counters().commits.timed, 0)
    expect(timed, out + err).toBe(1)
  })
})

test('[G76] [F25] row 25: the store syncs each write: what is acknowledged outlives more than the process', async () => {
  const pragma = vi.spyOn(Database.prototype, 'pragma')
  try {
    const store = await openForTest(freshPath())
    const connections = new Set(pragma.mock.contexts as readonly Database.Database[])
    expect(connections.size).toBe(1)
    for (const connection of connections) {
      // 2 is FULL (sqlite.org/pragma.html).
      expect(connection.pragma('synchronous', { simple: true })).toBe(2)
      expect(connection.pragma('journal_mode', { simple: true })).toBe('wal')
    }
    await store.close()
  } finally {
    pragma.mockRestore()
  }
})

describe('[F25] row 25: the store is locked', () => {
  test('for five seconds, then what was to be written fails', async () => {
    const path = freshPath()
    const store = await openForTest(path)
    const holder = new Database(path)
    holder.exec('BEGIN IMMEDIATE')
    const begun = performance.now()
    const refused = await store.append('x', [{ type: 'ExecutionResumed' }]).catch((error: unknown) => error)
    const seconds = (performance.now() - begun) / 1000
    holder.close()
    expect(refused).toMatchObject({
      kind: 'store',
      retryable: true,
      message: expect.stringContaining('another process'),
    })
    expect(seconds).toBeGreaterThan(4.9)
    expect(seconds).toBeLessThan(15)
    await store.append('x', [{ type: 'ExecutionResumed' }])
  })

  const locked = (): EosflowError => new EosflowError('store', 'another process holds it', { retryable: true })

  test('before the timed commit: the state fails, its session is aborted, and nothing is committed', async () => {
    let isLocked = true
    const lab = openLab(
      journalSeam({
        before: (events) => {
          if (!isLocked || !events.some(isAct('arm', 'ActIntended'))) return
          isLocked = false
          throw locked()
        },
      }),
    )
    const { err } = await exits(1, lab.change())
    expect(err).toContain('Push: another process holds it')
    expect(leaf1(lab).counters().commits).toMatchObject({ timed: 0 })
  })

  test('behind the timed commit: what was done is written once more, and the change goes on', async () => {
    let isLocked = true
    const lab = openLab(
      journalSeam({
        before: (events) => {
          if (!isLocked || !events.some(isAct('arm', 'ActFinished'))) return
          isLocked = false
          throw locked()
        },
      }),
    )
    await exits(0, lab.change())
    expect(whereIs(leaf1(lab))).toBe('AFTER')
  })
})

describe('[F25] row 25: the store lies on a network file system', () => {
  const onNfs: Pick<LabOptions, 'seams'> = {
    seams: (seams) => ({ ...seams, disk: { ...WIDE_DISK, fileSystemOf: () => ({ type: 0x6969, free: 2 ** 40 }) } }),
  }

  test('refused: no store is made and no switch is asked', async () => {
    const lab = openLab(onNfs)
    const { err } = await exits(1, lab.change())
    expect(err).toContain('would lie on a network file system (NFS)')
    expect([existsSync(join(lab.dir, '.eosflow')), leaf1(lab).counters().requests]).toEqual([false, 0])
  })

  test('allowed by a setting: every execution says so', async () => {
    const lab = openLab(onNfs)
    lab.write('eosflow.yaml', 'version: 1\ndisk: { allowNetwork: true }\n')
    await exits(0, lab.change())
    const { out: history } = await lab.eosflow('history @latest')
    expect(history).toContain('its store on a network file system (NFS)')
  })
})

test('[G62] [F27] row 27: an approval that is withdrawn while the timer runs: put back, never confirmed', async () => {
  let isRejected = false
  const lab: Lab = openLab({
    before: async (its, _device, commands) => {
      if (isRejected || !includes(commands, LOOK) || leaf1(its).counters().commits.timed === 0) return
      isRejected = true
      await exits(0, its.eosflow('reject change.plan --comment', 'stop this'))
    },
  })
  await lab.eosflow('plan workflow.yaml -o change.plan')
  await lab.eosflow('approve change.plan')
  const { code, out, err } = await lab.eosflow('run change.plan')
  expect(isRejected).toBe(true)
  expect(code, out + err).toBe(6)
  expect(whereIs(leaf1(lab))).toBe('BEFORE')
  expect(leaf1(lab).counters().commits).toEqual(PUT_BACK_ONCE)
})

describe('[F30] row 30: an interrupt', () => {
  test('while a switch that may fail is put back: its way back is gone to the end', async () => {
    const stop = new AbortController()
    let isLive = false
    let isPuttingBack = false
    const lab = openLab({
      workflow: workflowFor('leaf1 or leaf3').replace(
        'rollout: { waves: [1],',
        'rollout: { waves: [2], atomic: device, maxFailures: 1,',
      ),
      stop: stop.signal,
      before: (its, name, commands) => {
        if (name !== 'leaf1') return
        if (isLive && !isPuttingBack) its.fault({ kind: 'unreachable', device: 'leaf1', for: 100 })
        isLive ||= includes(commands, TIMED)
        if (isPuttingBack) stop.abort()
      },
      ...journalSeam({
        behind: (written) => {
          isPuttingBack ||= written.some((event) => event.type === 'UndoStarted')
        },
      }),
    })
    const { code, out, err } = await lab.change()
    expect(stop.signal.aborted, out + err).toBe(true)
    expect(code, out + err).toBe(11)
    expect(out).toMatch(/leaf1 +↺ put back/)
    expect(whereIs(leaf1(lab))).toBe('BEFORE')
    expect(lab.whereIs('leaf3')).toBe('AFTER')
  })
})
