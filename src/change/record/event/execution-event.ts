import { z } from 'zod'
import { COMMIT_ID } from '../../../model/commit-id.ts'
import { probeReading, seenStandings } from './probe-reading-schema.ts'
import {
  changeTerms,
  count,
  deviceEnd,
  error,
  event,
  json,
  jsonObject,
  outcome,
  principal,
  text,
  texts,
} from './record-schema.ts'

const scope = { path: text, state: text }

const decision = z.strictObject({ policy: text, rules: texts, rollback: texts.exactOptional() })

// `path` names a scope of the machine: `''` is the root, `RollOutWaves[0].RollOutWave[1]` the second switch of the first wave.
const stateEventTypes = [
  event('StateEntered', 'EF201I', () => scope),
  event('TaskStarted', 'EF206I', () => ({
    ...scope,
    attempt: count,
    device: text.exactOptional(),
    decision: decision.exactOptional(),
  })),
  event('TaskScheduled', 'EF202I', () => ({
    ...scope,
    // When the state was entered whose task it is: then no StateEntered says so (ADR 132).
    entered: z.iso.datetime().exactOptional(),
    attempt: count,
    arguments: json,
    timeoutSeconds: z.number().exactOptional(),
    heartbeatSeconds: z.number().exactOptional(),
    device: text.exactOptional(),
  })),
  event('TaskSucceeded', 'EF207I', () => ({
    ...scope,
    output: json,
    device: text.exactOptional(),
    // What the state was left with: then no StateExited says so (ADR 132). `output` is absent where it is that of the task.
    exited: z.strictObject({ output: json.exactOptional(), assigned: jsonObject.exactOptional() }).exactOptional(),
  })),
  event('TaskSubmitted', 'EF210I', () => ({ ...scope, token: text, output: json.exactOptional() })),
  event('TaskHeartbeat', 'EF211I', () => ({ ...scope, signal: count })),
  event('TaskFailed', 'EF208E', () => ({ ...scope, error, device: text.exactOptional() })),
  event('TaskTimedOut', 'EF209E', () => ({ ...scope, error, device: text.exactOptional() })),
  event('TaskWaiting', 'EF212I', () => ({ ...scope, plan: text })),
  event('MapStarted', 'EF213I', () => ({
    ...scope,
    items: z.array(json).readonly(),
    inputs: z.array(json).readonly().exactOptional(),
    maxConcurrency: count,
    tolerated: count.exactOptional(),
  })),
  event('MapFailed', 'EF214E', () => ({ ...scope, error })),
  event('ParallelStarted', 'EF215I', () => ({ ...scope, input: json })),
  event('ParallelFailed', 'EF216E', () => ({ ...scope, error })),
  event('WaitStarted', 'EF217I', () => ({ ...scope, until: text })),
  event('EvaluationFailed', 'EF218E', () => ({ ...scope, error, location: text.exactOptional() })),
  event('RetryScheduled', 'EF219W', () => ({ ...scope, retrier: count, attempt: count, until: text, error })),
  event('StateExited', 'EF203I', () => ({
    ...scope,
    output: json,
    assigned: jsonObject.exactOptional(),
    // The state that a Choice or a Catcher goes on to, where that is not the state's own `next`.
    next: text.exactOptional(),
    caught: count.exactOptional(),
  })),
  event('StateFailed', 'EF204E', () => ({ ...scope, error })),
  event('StateAborted', 'EF205W', () => scope),
  event('TaskUndoStarted', 'EF220I', () => ({ ...scope, write: count })),
  event(
    'TaskUndoFinished',
    { of: ({ error }) => (error === undefined ? 'done' : 'failed'), codes: { done: 'EF221I', failed: 'EF222E' } },
    () => ({ ...scope, write: count, error: error.exactOptional() }),
  ),
] as const

const leftOutBy = z.enum(['maxFailures', 'skip-unreachable'])

export const executionEventTypes = [
  event('ExecutionStarted', 'EF101I', () => ({
    purpose: z.enum(['plan', 'run']),
    workflow: text,
    file: text,
    definition: text,
    interpreter: z.literal(2),
    machine: json,
    params: jsonObject,
    requester: principal,
    targets: texts,
    // The selector that somebody has typed, or that exactly these were meant; absent where all were that the workflow is for.
    asked: z.strictObject({ only: text.exactOptional(), exact: z.literal(true).exactOptional() }).exactOptional(),
    plan: text.exactOptional(),
    input: json,
    context: jsonObject,
    network: text.exactOptional(),
    // The key under which somebody asked for it, and the digest of what was asked for: no second execution has that key.
    request: z.strictObject({ key: text, of: text }).exactOptional(),
    skipUnreachable: z.literal(true).exactOptional(),
    // The `traceparent` (W3C Trace Context) of its span; without tracing that of whoever has asked for it.
    trace: text.exactOptional(),
    // The commit that the workflow and its files are of; absent where they are those of the folder.
    commit: z.string().regex(COMMIT_ID, 'the id of a commit').exactOptional(),
    bundle: text.exactOptional(),
    part: z.strictObject({ of: text, site: text }).exactOptional(),
    divided: z.literal(true).exactOptional(),
    // The site whose workers drive it, where workers do; absent where `part` or `divided` says it.
    site: text.exactOptional(),
    noWait: z.literal(true).exactOptional(),
    // The execution that it takes back by an undo that was approved before.
    undoes: text.exactOptional(),
    rebases: text.exactOptional(),
    // What the change file says that asked for it: which it was, its ticket, when it may begin and behind what.
    changeFile: changeTerms.exactOptional(),
  })),
  event('ExecutionResumed', 'EF102I', () => ({
    // The switches that the process before has left in the middle of the change; absent where it came to rest.
    abandoned: texts.exactOptional(),
    // A process does it, and no person has asked for it now: a word to stop from before still counts.
    byItself: z.literal(true).exactOptional(),
    // A worker does it, because the process before was declared dead.
    ownerDied: z.literal(true).exactOptional(),
    // The record may be a copy: switches that nothing in it has touched are asked before they are called untouched.
    asks: z.literal(true).exactOptional(),
    // It was open in the backup from which the store was restored: what became of its switches since is on no record.
    restored: z.literal(true).exactOptional(),
  })),
  event('ExecutionRedriven', 'EF103I', () => ({})),
  ...stateEventTypes,
  event(
    'SignalSent',
    { of: ({ answer }) => answer.signal, codes: { success: 'EF105I', failure: 'EF106E', heartbeat: 'EF107I' } },
    () => ({
      token: text,
      answer: z.discriminatedUnion('signal', [
        z.strictObject({ signal: z.literal('success'), output: json }),
        z.strictObject({ signal: z.literal('failure'), error: text.nullable(), cause: text.nullable() }),
        z.strictObject({ signal: z.literal('heartbeat') }),
      ]),
    }),
  ),
  event('StopRequested', 'EF104W', () => ({ stopped: text, reason: text })),
  event('SuspendRequested', 'EF108W', () => ({ suspended: text, reason: text })),
  event('DeviceReleased', 'EF415W', () => ({ device: text, released: text, reason: text })),
  event('PlanMade', 'EF301I', () => ({
    digest: text,
    plan: text,
    waves: z.array(texts).readonly(),
    unchanged: texts,
    bases: text.exactOptional(),
    // Absent as `bases` is.
    candidates: text.exactOptional(),
    // The switches that go before all others, whose failure is never tolerated.
    canaries: texts.exactOptional(),
    // The switches that the plan is not for, because they did not answer.
    leftOut: z
      .array(z.strictObject({ name: text, by: leftOutBy }))
      .readonly()
      .exactOptional(),
    cloudVision: texts.exactOptional(),
  })),
  event('JudgesMeasured', 'EF308I', () => ({
    judges: texts,
    // For each the numbers of its series by their labels, as an artefact; null where one that observes could not be asked.
    before: text,
    series: count,
  })),
  event(
    'ProbesMeasured',
    { of: ({ phase }) => phase, codes: { begun: 'EF435I', turned: 'EF436I', paused: 'EF437I', ended: 'EF438I' } },
    () => ({
      phase: z.enum(['begun', 'turned', 'paused', 'ended']),
      probes: z.array(probeReading).readonly(),
      seen: seenStandings.exactOptional(),
    }),
  ),
  /** A switch does not answer, and the execution goes on without it: as a failure that is tolerated, or because somebody wants it so. */
  event('DeviceLeftOut', 'EF414W', () => ({ device: text, by: leftOutBy, error })),
  event('CompensationStarted', 'EF420W', () => ({ reason: z.enum(['failure', 'cancelled', 'timed-out']), error })),
  event('UndoStarted', 'EF421I', () => ({ device: text })),
  event(
    'UndoFinished',
    {
      of: ({ end }) => end,
      codes: { untouched: 'EF422I', unchanged: 'EF423I', reverted: 'EF424I', changed: 'EF425E', unknown: 'EF426E' },
    },
    () => ({ device: text, end: deviceEnd, detail: text }),
  ),
  event('NetworkAwaited', 'EF427I', () => ({ devices: texts, within: count })),
  event(
    'NetworkRead',
    { of: ({ network }) => network, codes: { same: 'EF428I', differs: 'EF429W', unknown: 'EF431W' } },
    () => ({
      device: text,
      network: z.enum(['same', 'differs', 'unknown']),
      areas: texts,
      // A line for each thing that is not as before; of many the first.
      differences: texts,
      more: count.exactOptional(),
      latched: texts,
      because: text.exactOptional(),
      // Seconds since it was first looked at.
      after: count,
    }),
  ),
  event(
    'ExecutionEnded',
    {
      of: ({ outcome }) => outcome,
      codes: {
        planned: 'EF110I',
        'nothing-to-do': 'EF111I',
        succeeded: 'EF112I',
        tolerated: 'EF113W',
        refused: 'EF114E',
        'rolled-back': 'EF115E',
        cancelled: 'EF116W',
        failed: 'EF117E',
        unknown: 'EF118E',
      },
    },
    () => ({
      outcome,
      error: error.exactOptional(),
      output: json.exactOptional(),
      devices: z.record(text, deviceEnd).readonly(),
      // How many records the execution has before this one, so that none can be left out of its change record.
      records: count.exactOptional(),
    }),
  ),
  event('SnapshotTaken', 'EF430I', () => ({
    name: text,
    snapshot: text,
    devices: texts,
    baseline: texts,
    notices: texts,
    adopted: texts.exactOptional(),
  })),
] as const
