import { z } from 'zod'
import { OUTCOMES } from '../../change/record/event/outcome.ts'

// ISO 8601 in UTC.
const instant = z.string()
const names = z.array(z.string()).readonly()
const seq = z.int().nonnegative()

// What kind of news something is: its colour and its shape on a page, never the only thing that says it.
const tone = z.enum(['idle', 'run', 'live', 'ok', 'undo', 'bad'])

const mark = z.strictObject({ tone, word: z.string() })

// `ahead`: not reached yet; `skipped`: it will not be reached any more.
const step = z.strictObject({
  state: z.string(),
  label: z.string(),
  standing: z.enum(['done', 'now', 'failed', 'ahead', 'skipped', 'undo']),
  note: z.string().exactOptional(),
})

// `place` names it among all: `Roll.Push`.
const state = z.strictObject({
  place: z.string(),
  state: z.string(),
  standing: z.enum(['done', 'now', 'failed', 'caught', 'ahead', 'skipped']),
  visits: z.int().nonnegative(),
})

const way = z.strictObject({
  from: z.string(),
  to: z.string(),
  // The condition, or the errors that it handles; empty where there is no choice.
  label: z.string(),
  isCaught: z.boolean(),
})

// `load`: the change is loaded and committed under the timer. `verify`: live, its checks are judged.
const segment = z.strictObject({
  kind: z.enum(['load', 'verify', 'bad', 'hold', 'confirm', 'keep', 'back', 'unknown']),
  from: instant,
  to: instant.exactOptional(),
})

// `over`: when it was ended before it ran out; `left`: seconds until it runs out, where it is running by the record.
const fuse = z.strictObject({
  armedAt: instant,
  endsAt: instant,
  over: instant.exactOptional(),
  left: z.number().exactOptional(),
})

const lane = z.strictObject({
  device: z.string(),
  mark,
  note: z.string().exactOptional(),
  // Whether a person must not overlook it: it failed, or it is unknown.
  isFailing: z.boolean(),
  segments: z.array(segment).readonly(),
  fuses: z.array(fuse).readonly(),
  earliest: z.strictObject({ from: instant, to: instant }).exactOptional(),
})

const wave = z.strictObject({
  number: z.int().positive(),
  standing: z.enum(['ahead', 'now', 'done', 'failed']),
  isCanary: z.boolean(),
  lanes: z.array(lane).readonly(),
})

// One reason against a verdict; `expected` and `actual` where it names them.
const reason = z.strictObject({
  text: z.string(),
  about: z.string().exactOptional(),
  expected: z.string().exactOptional(),
  actual: z.string().exactOptional(),
})

// `of`: the neighbour that it was judged on; absent for the switch itself.
const finding = z.strictObject({
  device: z.string(),
  of: z.string().exactOptional(),
  alike: names.exactOptional(),
  check: z.string(),
  status: z.enum(['fail', 'error']),
  reasons: z.array(reason).readonly(),
  at: instant,
  round: z.int().nonnegative(),
})

const failure = z.strictObject({
  state: z.string(),
  path: z.string(),
  device: z.string().exactOptional(),
  alike: names.exactOptional(),
  kind: z.string(),
  message: z.string(),
  hint: z.string().exactOptional(),
  isHandled: z.boolean(),
})

// What a check last said: `none` is not judged yet.
const cell = z.strictObject({
  status: z.enum(['pass', 'fail', 'error', 'skip', 'none']),
  round: z.int().exactOptional(),
})

const checks = z.strictObject({
  round: z.int().nonnegative(),
  columns: names,
  rows: z
    .array(
      z.strictObject({
        device: z.string(),
        cells: z.array(cell).readonly(),
        beside: z.strictObject({ good: z.int(), bad: z.int() }),
      }),
    )
    .readonly(),
})

const approval = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  by: z.string(),
  display: z.string().exactOptional(),
  // What vouches for it: the seal of the store, a signature of SSH, of a server, or of another kind.
  proof: z.string(),
  at: instant,
  expires: instant,
  comment: z.string(),
  isUsed: z.boolean(),
})

const happening = z.strictObject({
  from: seq,
  to: seq,
  at: instant,
  devices: names,
  words: z.string(),
  tone,
})

const sites = z.strictObject({
  whole: z.strictObject({ id: z.string(), site: z.string() }).exactOptional(),
  parts: z.array(z.strictObject({ site: z.string(), id: z.string(), hasEnded: z.boolean() })).readonly(),
})

const disruption = z.strictObject({
  isOver: z.boolean(),
  words: z.string(),
  probes: z
    .array(
      z.strictObject({
        name: z.string(),
        result: z.enum(['answered', 'cut', 'gone-before', 'not-measured']),
        gone: z.string(),
        sent: z.int().nonnegative(),
        lost: z.int().nonnegative(),
        remarks: names,
      }),
    )
    .readonly(),
  // What is said of sessions and ports; absent where the rounds have read of none.
  seen: z.strictObject({ head: z.string(), each: names }).exactOptional(),
})

// The checks that are judged on after the confirm. `devices`: the switches that are still watched.
const after = z.strictObject({
  state: z.enum(['watching', 'paused', 'failed', 'unjudged', 'held', 'ended']),
  words: z.string(),
  until: instant,
  every: z.int(),
  devices: names,
  looks: z.strictObject({ good: seq, failed: seq, unjudged: seq, expected: seq }),
})

// Which execution it rolls back, and which ones have rolled it back since, the oldest first.
const rollback = z.strictObject({
  of: z.string().exactOptional(),
  by: z
    .array(
      z.strictObject({
        execution: z.string(),
        // `undone`: by a later change that is no rollback, behind which nothing of it is left.
        standing: z.enum(['done', 'undone', 'open', 'unknown']),
        devices: names,
        rolledBackBy: z.string().exactOptional(),
      }),
    )
    .readonly(),
})

const need = z.strictObject({
  act: z.enum(['approve', 'answer', 'look', 'resume', 'redrive']),
  words: z.string(),
  devices: names,
})

/**
 * What one execution is at one moment, folded from its records: version 1. The page, `show --json` and the stream of the server show this
 * and nothing else about where an execution is.
 */
export const executionViewSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('execution-view'),
  id: z.string(),
  asOf: instant,
  /** Its first record and the one that it is folded up to; 0 where there is none. */
  records: z.strictObject({ first: seq, last: seq }),
  workflow: z.string(),
  title: z.string(),
  purpose: z.enum(['plan', 'run']),
  requester: z.strictObject({ id: z.string(), kind: z.string(), display: z.string().exactOptional() }).nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  status: z.enum(['new', 'running', 'compensating', 'ended']),
  outcome: z.enum(OUTCOMES).nullable(),
  isRunning: z.boolean().nullable(),
  mark,
  headline: z.string(),
  unattended: z.string(),
  disruption: disruption.exactOptional(),
  plan: z.strictObject({ digest: z.string(), changed: z.int().nonnegative(), unchanged: names }).nullable(),
  leftOut: z.array(z.strictObject({ device: z.string(), message: z.string() })).readonly(),
  flow: z.enum(['steps', 'states']),
  steps: z.array(step).readonly(),
  states: z.array(state).readonly(),
  ways: z.array(way).readonly(),
  waves: z.array(wave).readonly(),
  /** Absent where that never was. */
  gaps: z
    .array(z.strictObject({ from: instant, to: instant }))
    .readonly()
    .exactOptional(),
  why: z.strictObject({ findings: z.array(finding).readonly(), failures: z.array(failure).readonly() }),
  checks,
  approvals: z.array(approval).readonly(),
  warnings: names,
  /** The newest, the newest last; `earlier` counts those that are left out. */
  happened: z.strictObject({ earlier: z.int().nonnegative(), events: z.array(happening).readonly() }),
  needs: z.array(need).readonly(),
  after: after.exactOptional(),
  rollback: rollback.exactOptional(),
  sites: sites.exactOptional(),
})

export type ExecutionView = z.output<typeof executionViewSchema>
export type Tone = z.output<typeof tone>
export type ViewLane = z.output<typeof lane>
export type SegmentKind = z.output<typeof segment>['kind']
