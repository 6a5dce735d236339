import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { NoticeWatcher } from '../../../src/features/notify/notice-watcher.ts'
import { NOTICE_KINDS, type NoticeKind } from '../../../src/model/notice.ts'
import { whileTimePasses } from '../../lab/lab.ts'
import { ANN, begins, commits, type NoticeBench, openNoticeBench } from './notice-bench.ts'

const SETTINGS = `notify: { targets: [{ name: ops, exec: [/bin/true] }] }
audit: { anchors: [{ name: worm, webhook: 'https://audit.example.com/x' }] }
`
const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Instants of a schedule. */
const [NIGHT, NEXT, LATER] = [
  '2026-01-05T23:00:00.000Z',
  '2026-01-06T23:00:00.000Z',
  '2026-01-07T23:00:00.000Z',
] as const
const VERIFY = { path: '', state: 'Verify' } as const
const WAIT = { path: '', state: 'Approve' } as const

/** What makes each kind begin, and what ends it; the causes in between are what is on record. */
interface Case {
  readonly begin: (bench: NoticeBench) => Promise<unknown>
  readonly end: (bench: NoticeBench) => Promise<unknown>
  readonly cause: string
  readonly severity: 'warn' | 'page'
}

/** Somebody who may end notices has kept a snapshot of leaf1. */
const LOOKED_AT = {
  type: 'SnapshotTaken',
  name: 's',
  snapshot: 'blob:0',
  devices: ['leaf1'],
  baseline: ['leaf1'],
  notices: ['leaf1'],
} as const

const read = (network: 'same' | 'differs' | 'unknown', differences: readonly string[] = []) =>
  ({ type: 'NetworkRead', device: 'leaf1', network, areas: ['bgp'], differences, latched: [], after: 9 }) as const

/** A look of the after-watch of x1: a failed one, or the third in a row that could not be judged. */
const looked = (result: 'good' | 'failed' | 'unjudged', says?: string) =>
  ({
    type: 'ScheduleFinished',
    schedule: 'after:x1',
    instant: NIGHT,
    outcome: result === 'good' ? 'ok' : 'failed',
    reason: result,
    looked: {
      result,
      ...(result === 'failed' ? { failedSince: NIGHT } : {}),
      unjudgedInARow: result === 'unjudged' ? 3 : 0,
      good: 0,
      failed: 0,
      unjudged: 0,
      found: says === undefined ? [] : [{ device: 'leaf1', check: 'vlan', says }],
      left: [],
      devices: ['leaf1'],
    },
  }) as const

const CASES: Readonly<Record<NoticeKind, Case>> = {
  'unknown-end': {
    begin: async ({ write }) => {
      await write('x1', begins('leaf1', 'leaf2'))
      await write('x1', {
        type: 'ExecutionEnded',
        outcome: 'unknown',
        devices: { leaf1: 'unknown', leaf2: 'reverted' },
      })
    },
    end: async ({ write }) => {
      await write('x2', begins('leaf1'))
      await write('x2', { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } })
    },
    cause: 'unknown-end x1',
    severity: 'page',
  },
  'undo-failed': {
    begin: async ({ write }) => {
      await write('x1', begins('leaf1'), { type: 'UndoStarted', device: 'leaf1' })
      await write('x1', { type: 'UndoFinished', device: 'leaf1', end: 'unknown', detail: 'it does not answer' })
      // The end has nothing new to tell: it is the same cause.
      await write('x1', { type: 'ExecutionEnded', outcome: 'unknown', devices: { leaf1: 'unknown' } })
    },
    end: ({ write }) => write(undefined, LOOKED_AT),
    cause: 'undo-failed x1',
    severity: 'page',
  },
  'network-differs': {
    begin: async ({ write }) => {
      await write('x1', begins('leaf1'), read('differs', ['BGP 10.0.0.1 in default: Established -> Idle']))
      // What is as before for another change may be what is wrong.
      await write('x2', begins('leaf1'), read('same'))
    },
    end: ({ write }) => write(undefined, LOOKED_AT),
    cause: 'network-differs leaf1',
    severity: 'page',
  },
  'network-unknown': {
    begin: async ({ write }) => {
      await write('x1', begins('leaf1'), { ...read('unknown'), because: 'it does not answer' })
    },
    end: ({ write }) => write('x1', read('same')),
    cause: 'network-unknown leaf1',
    severity: 'page',
  },
  'after-failed': {
    begin: ({ write }) => write(undefined, looked('failed', 'vlan 998 - expected: there, actual: missing')),
    end: ({ write }) => write(undefined, looked('good')),
    cause: 'after-failed x1',
    severity: 'page',
  },
  'after-unjudged': {
    begin: ({ write }) => write(undefined, looked('unjudged', 'no answer')),
    end: ({ write }) => write(undefined, looked('good')),
    cause: 'after-unjudged x1',
    severity: 'warn',
  },
  'record-not-intact': {
    begin: ({ write }) =>
      write(undefined, {
        type: 'AuditVerified',
        size: 9,
        root: 'AA',
        outcome: 'tampered',
        anchors: 0,
        reason: 'record 3: altered',
      }),
    end: ({ write }) => write(undefined, { type: 'AuditVerified', size: 9, root: 'AA', outcome: 'intact', anchors: 0 }),
    cause: 'record-not-intact',
    severity: 'page',
  },
  'timer-near-end': {
    begin: async ({ write, lab }) => {
      await write('x1', begins('leaf1'), { type: 'StateEntered', ...VERIFY }, ...commits('leaf1', 600))
      await lab.clock.advance(451_000)
    },
    end: ({ write }) => write('x1', { type: 'TaskSucceeded', ...VERIFY, output: null }),
    cause: 'timer-near-end x1',
    severity: 'warn',
  },
  'approval-waits': {
    begin: async ({ write, lab }) => {
      await write(
        'x1',
        begins('leaf1'),
        { type: 'StateEntered', ...WAIT },
        { type: 'TaskWaiting', ...WAIT, plan: 'sha256:0' },
      )
      await lab.clock.advance(15 * MINUTE + 1_000)
    },
    end: ({ write }) => write('x1', { type: 'TaskSucceeded', ...WAIT, output: null }),
    cause: 'approval-waits x1',
    severity: 'warn',
  },
  'drift-found': {
    begin: ({ write }) => write(undefined, { type: 'DriftCompared', differs: ['leaf1'], same: ['leaf2'] }),
    end: ({ write }) => write(undefined, { type: 'DriftCompared', differs: [], same: ['leaf1'] }),
    cause: 'drift-found leaf1',
    severity: 'warn',
  },
  'anchor-old': {
    begin: async ({ app, lab, write }) => {
      const [newest] = (await app.audit?.checkpoints(0))?.slice(-1) ?? []
      await app.audit?.delivered('anchor worm', newest?.id ?? 0)
      await lab.clock.advance(25 * HOUR + MINUTE)
      await write(undefined, { type: 'LoggedOut', principal: ANN })
      await app.audit?.checkpoint()
    },
    end: async ({ app, lab }) => {
      const [newest] = (await app.audit?.checkpoints(0))?.slice(-1) ?? []
      await app.audit?.delivered('anchor worm', newest?.id ?? 0)
      await lab.clock.advance(MINUTE)
    },
    cause: 'anchor-old worm',
    severity: 'warn',
  },
  'schedule-missed': {
    begin: ({ write }) =>
      write(
        undefined,
        { type: 'ScheduleMissed', schedule: 'nightly', instant: NIGHT, instants: [NIGHT], because: 'down' },
        { type: 'ScheduleMissed', schedule: 'nightly', instant: NEXT, instants: [NEXT], because: 'down' },
      ),
    end: ({ write }) => write(undefined, { type: 'ScheduleFired', schedule: 'nightly', instant: LATER, does: 'drift' }),
    cause: 'schedule-missed nightly',
    severity: 'warn',
  },
  'disk-low': {
    begin: async (bench) => {
      bench.free = 200 * 2 ** 20
      await bench.lab.clock.advance(MINUTE)
    },
    end: async (bench) => {
      bench.free = 300 * 2 ** 20
      await bench.lab.clock.advance(MINUTE)
    },
    cause: 'disk-low',
    severity: 'warn',
  },
  'break-glass': {
    begin: ({ write }) =>
      write('x1', begins('leaf1'), {
        type: 'BreakGlassUsed',
        principal: ANN,
        needs: 'execution.start',
        reason: 'INC-7',
        rules: ['emergency'],
        policy: 'sha256:0b',
      }),
    end: ({ write }) => write('x1', { type: 'ExecutionEnded', outcome: 'succeeded', devices: { leaf1: 'changed' } }),
    cause: 'break-glass x1',
    severity: 'warn',
  },
}

/** A bench with a process that watches it. */
async function watched(...more: [options?: ConstructorParameters<typeof NoticeWatcher>[2]]) {
  const bench = await openNoticeBench(SETTINGS)
  const watching = () => {
    const watcher = new NoticeWatcher(bench.app, bench.by, ...more)
    return async (times = 1) => {
      for (let time = 0; time < times; time += 1) await whileTimePasses(bench.lab.clock, watcher.look())
    }
  }
  return { bench, watching, look: watching(), write: bench.write, notices: bench.notices, clock: bench.lab.clock }
}

describe('an abnormal failure gives one notice, closed when it ends', () => {
  test('every kind has a case', () => {
    expect(Object.keys(CASES).sort()).toEqual([...NOTICE_KINDS].sort())
    expect(Object.keys(CASES)).toHaveLength(14)
  })

  test.each(Object.entries(CASES))('[T6] %s', async (kind, { begin, end, cause, severity }) => {
    const { bench, look, watching } = await watched()
    await look()
    expect(await bench.notices()).toEqual([])
    await begin(bench)
    await look()
    expect(await bench.notices()).toEqual([`+ ${cause}`])
    const [opened] = (await bench.records()).filter(({ type }) => type === 'NoticeOpened')
    expect(opened).toMatchObject({ notice: kind, severity })
    // Looked at again, and by another process, it is the same cause.
    await look()
    await bench.reopened()
    const second = watching()
    await second(2)
    expect(await bench.notices()).toEqual([`+ ${cause}`])
    await end(bench)
    await second(2)
    await bench.reopened()
    await watching()()
    expect(await bench.notices()).toEqual([`+ ${cause}`, `- ${cause}`])
  })

  test('what has the same cause again is another notice', async () => {
    const { look, write, notices } = await watched()
    await look()
    for (const state of ['differs', 'same', 'differs'] as const) {
      const found = { differs: state === 'differs' ? ['leaf1'] : [], same: state === 'same' ? ['leaf1'] : [] }
      await write(undefined, { type: 'DriftCompared', ...found })
      await look()
    }
    expect(await notices()).toEqual(['+ drift-found leaf1', '- drift-found leaf1', '+ drift-found leaf1'])
  })

  test('a verified switch, and one that is being put back, needs its timer no more', async () => {
    const { look, write, notices, clock } = await watched()
    await look()
    await write('x1', begins('leaf1'), { type: 'StateEntered', ...VERIFY }, ...commits('leaf1', 600))
    await write('x1', { type: 'TaskSucceeded', ...VERIFY, output: null })
    await write('x2', begins('leaf2'), { type: 'StateEntered', ...VERIFY }, ...commits('leaf2', 600))
    const error = { kind: 'verification', message: 'no neighbour' } as const
    await write('x2', { type: 'CompensationStarted', reason: 'failure', error })
    await clock.advance(599_000)
    await look()
    expect(await notices()).toEqual([])
  })

  test('a change that is redriven is watched again', async () => {
    const { look, write, notices, clock } = await watched()
    await write('x1', begins('leaf1'), { type: 'StateEntered', ...VERIFY })
    await look()
    const error = { kind: 'unreachable', message: 'leaf1 does not answer' } as const
    await write('x1', { type: 'ExecutionEnded', outcome: 'unknown', error, devices: { leaf1: 'unknown' } })
    await look()
    await write('x1', { type: 'ExecutionRedriven' }, ...commits('leaf1', 600))
    await clock.advance(500_000)
    await look()
    expect(await notices()).toEqual(['+ unknown-end x1', '+ timer-near-end x1'])
    // To begin again is no word about what is there: its end is.
    await write('x1', { type: 'ExecutionEnded', outcome: 'rolled-back', devices: { leaf1: 'reverted' } })
    await look()
    expect((await notices()).slice(2).sort()).toEqual(['- timer-near-end x1', '- unknown-end x1'])
  })

  test('a verification that does not end holds up no notice', async () => {
    const { look, write, notices, clock } = await watched({ verify: () => new Promise(() => undefined) })
    await look()
    await clock.advance(HOUR)
    await look()
    await write(undefined, { type: 'DriftCompared', differs: ['leaf1'], same: [] })
    await look()
    expect(await notices()).toEqual(['+ drift-found leaf1'])
  })

  test('an execution whose machine this version refuses keeps nothing else from being seen', async () => {
    const { look, write, notices } = await watched()
    await look()
    await write('x1', { ...begins('leaf1'), machine: { version: 99 } } as EventBody, {
      type: 'StateEntered',
      ...WAIT,
    })
    await write(undefined, { type: 'DriftCompared', differs: ['leaf1'], same: [] })
    await look()
    expect(await notices()).toEqual(['+ drift-found leaf1'])
  })

  test('a store that is new to notices begins with what waits in it', async () => {
    const { look, write, notices, clock } = await watched()
    await write(
      'x1',
      begins('leaf1'),
      { type: 'StateEntered', ...WAIT },
      { type: 'TaskWaiting', ...WAIT, plan: 'sha256:0' },
    )
    await clock.advance(HOUR)
    await look()
    expect(await notices()).toEqual(['+ approval-waits x1'])
  })

  test('a verification that was held against less does not close what one against the anchors has opened', async () => {
    const { look, write, notices } = await watched()
    await look()
    const verified = (outcome: 'intact' | 'tampered', anchors: number) =>
      write(undefined, { type: 'AuditVerified', size: 9, root: 'AA', outcome, anchors })
    // As by `audit verify --anchors` with a file of one's own, or with settings that name none.
    const steps = [
      ['tampered', 2],
      ['intact', 0],
      ['tampered', 0],
      ['intact', 1],
      ['intact', 2],
    ] as const
    const seen: number[] = []
    for (const [outcome, anchors] of steps) {
      await verified(outcome, anchors)
      await look()
      seen.push((await notices()).length)
    }
    expect(seen).toEqual([1, 1, 1, 1, 2])
  })

  test('a verification that finds the record altered opens the notice, and one that finds it whole closes it', async () => {
    let fault: { seq: number; reason: string } | undefined
    let reads = 0
    const verify = async () => {
      reads += 1
      return { to: 7, root: 'AA', anchors: 1, fault } as never
    }
    const { look, notices, clock } = await watched({ verify })
    await look()
    for (const found of [
      undefined,
      { seq: 3, reason: 'its text was altered' },
      { seq: 3, reason: 'its text was altered' },
      undefined,
    ]) {
      fault = found
      await clock.advance(HOUR)
      // The first look begins the verification, and the second one knows what it has found.
      await look(2)
    }
    expect(reads).toBe(4)
    expect(await notices()).toEqual(['+ record-not-intact', '- record-not-intact'])
  })
})
