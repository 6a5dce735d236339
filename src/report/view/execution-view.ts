import { z } from 'zod'
import { OUTCOMES } from '../../change/record/event/record-schema.ts'

const text = z.string()

// ISO 8601 in UTC.
const instant = text
export const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()
const flag = z.boolean()
const names = list(text)
const seq = z.int().nonnegative()

// What kind of news something is: its colour and its shape on a page, never the only thing that says it.
const tone = z.enum(['idle', 'run', 'live', 'ok', 'undo', 'bad'])

const mark = z.strictObject({ tone, word: text })

// `ahead`: not reached yet; `skipped`: it will not be reached any more.
const step = z.strictObject({
  state: text,
  label: text,
  standing: z.enum(['done', 'now', 'failed', 'ahead', 'skipped', 'undo']),
  note: text.exactOptional(),
})

// `place` names it among all: `Roll.Push`.
const state = z.strictObject({
  place: text,
  state: text,
  standing: z.enum(['done', 'now', 'failed', 'caught', 'ahead', 'skipped']),
  visits: seq,
})

const way = z.strictObject({
  from: text,
  to: text,
  // The condition, or the errors that it handles; empty where there is no choice.
  label: text,
  isCaught: flag,
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
  device: text,
  mark,
  note: text.exactOptional(),
  // Whether a person must not overlook it: it failed, or it is unknown.
  isFailing: flag,
  segments: list(segment),
  fuses: list(fuse),
  earliest: z.strictObject({ from: instant, to: instant }).exactOptional(),
})

const wave = z.strictObject({
  number: z.int().positive(),
  standing: z.enum(['ahead', 'now', 'done', 'failed']),
  isCanary: flag,
  lanes: list(lane),
})

// One reason against a verdict; `expected` and `actual` where it names them.
const reason = z.strictObject({
  text: text,
  about: text.exactOptional(),
  expected: text.exactOptional(),
  actual: text.exactOptional(),
})

// `of`: the neighbour that it was judged on; absent for the switch itself.
const finding = z.strictObject({
  device: text,
  of: text.exactOptional(),
  alike: names.exactOptional(),
  check: text,
  status: z.enum(['fail', 'error']),
  reasons: list(reason),
  at: instant,
  round: seq,
})

const failure = z.strictObject({
  state: text,
  path: text,
  device: text.exactOptional(),
  alike: names.exactOptional(),
  kind: text,
  message: text,
  hint: text.exactOptional(),
  isHandled: flag,
})

// What a check last said: `none` is not judged yet.
const cell = z.strictObject({
  status: z.enum(['pass', 'fail', 'error', 'skip', 'none']),
  round: z.int().exactOptional(),
})

const checks = z.strictObject({
  round: seq,
  columns: names,
  rows: list(
    z.strictObject({
      device: text,
      cells: list(cell),
      beside: z.strictObject({ good: z.int(), bad: z.int() }),
    }),
  ),
})

const approval = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  by: text,
  display: text.exactOptional(),
  // What vouches for it: the seal of the store, a signature of SSH, of a server, or of another kind.
  proof: text,
  at: instant,
  expires: instant,
  comment: text,
  isUsed: flag,
})

const happening = z.strictObject({
  from: seq,
  to: seq,
  at: instant,
  devices: names,
  words: text,
  tone,
})

const sites = z.strictObject({
  whole: z.strictObject({ id: text, site: text }).exactOptional(),
  parts: list(z.strictObject({ site: text, id: text, hasEnded: flag })),
})

const disruption = z.strictObject({
  isOver: flag,
  words: text,
  probes: list(
    z.strictObject({
      name: text,
      result: z.enum(['answered', 'cut', 'gone-before', 'not-measured']),
      gone: text,
      sent: seq,
      lost: seq,
      remarks: names,
    }),
  ),
  // What is said of sessions and ports; absent where the rounds have read of none.
  seen: z.strictObject({ head: text, each: names }).exactOptional(),
})

// The checks that are judged on after the confirm. `devices`: the switches that are still watched.
const after = z.strictObject({
  state: z.enum(['watching', 'paused', 'failed', 'unjudged', 'held', 'ended']),
  words: text,
  until: instant,
  every: z.int(),
  devices: names,
  looks: z.strictObject({ good: seq, failed: seq, unjudged: seq, expected: seq }),
})

// Which execution it rolls back, and which ones have rolled it back since, the oldest first.
const rollback = z.strictObject({
  of: text.exactOptional(),
  by: list(
    z.strictObject({
      execution: text,
      // `undone`: by a later change that is no rollback, behind which nothing of it is left.
      standing: z.enum(['done', 'undone', 'open', 'unknown']),
      devices: names,
      rolledBackBy: text.exactOptional(),
    }),
  ),
})

const need = z.strictObject({
  act: z.enum(['approve', 'answer', 'look', 'resume', 'redrive']),
  words: text,
  devices: names,
})

/**
 * What one execution is at one moment, folded from its records: version 1. The page, `show --json` and the stream of the server show this
 * and nothing else about where an execution is.
 */
export const executionViewSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('execution-view'),
  id: text,
  asOf: instant,
  /** Its first record and the one that it is folded up to; 0 where there is none. */
  records: z.strictObject({ first: seq, last: seq }),
  workflow: text,
  title: text,
  purpose: z.enum(['plan', 'run']),
  requester: z.strictObject({ id: text, kind: text, display: text.exactOptional() }).nullable(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  status: z.enum(['new', 'running', 'compensating', 'ended']),
  outcome: z.enum(OUTCOMES).nullable(),
  isRunning: flag.nullable(),
  mark,
  headline: text,
  unattended: text,
  disruption: disruption.exactOptional(),
  plan: z.strictObject({ digest: text, changed: seq, unchanged: names }).nullable(),
  leftOut: list(z.strictObject({ device: text, message: text })),
  flow: z.enum(['steps', 'states']),
  steps: list(step),
  states: list(state),
  ways: list(way),
  waves: list(wave),
  /** Absent where that never was. */
  gaps: list(z.strictObject({ from: instant, to: instant })).exactOptional(),
  why: z.strictObject({ findings: list(finding), failures: list(failure) }),
  checks,
  approvals: list(approval),
  warnings: names,
  /** The newest, the newest last; `earlier` counts those that are left out. */
  happened: z.strictObject({ earlier: seq, events: list(happening) }),
  needs: list(need),
  after: after.exactOptional(),
  rollback: rollback.exactOptional(),
  sites: sites.exactOptional(),
})

export type ExecutionView = z.output<typeof executionViewSchema>
export type Tone = z.output<typeof tone>
export type ViewLane = z.output<typeof lane>
export type SegmentKind = z.output<typeof segment>['kind']

export function lanesIn({ waves }: Pick<ExecutionView, 'waves'>): readonly ViewLane[] {
  return waves.flatMap((wave) => wave.lanes)
}
