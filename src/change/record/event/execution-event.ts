import { z } from 'zod'
import { COMMIT_ID } from '../../../model/commit-id.ts'
import {
  by,
  changeTerms,
  count,
  deviceEnd,
  error,
  event,
  json,
  jsonObject,
  list,
  object,
  objects,
  oneOf,
  onlyTrue,
  optionalCount,
  optionalText,
  optionalTexts,
  outcome,
  principal,
  text,
  texts,
  time,
} from './record-schema.ts'

const standing = oneOf('answers', 'gone', 'unknown')
const bounds = { least: count, most: count }

/** What rounds have seen of sessions and ports, as it is on record: `SeenStandings` of model/probe.ts. */
export const seenStandings = object({
  looked: count,
  down: objects({
    device: text,
    thing: text,
    by: oneOf('switch', 'rounds'),
    from: text,
    to: optionalText,
    ...bounds,
  }),
})

/** What was measured of one pair of `probe`, as it is on record: `ProbeReading` of model/probe.ts. Times are in milliseconds. */
export const probeReading = object({
  from: text,
  to: text,
  vrf: text,
  source: optionalText,
  every: count,
  before: standing,
  now: standing,
  sent: count,
  lost: count,
  apart: count,
  gone: object({
    times: count,
    ...bounds,
    longest: object(bounds),
    spans: objects({ from: text, to: optionalText, ...bounds }),
  }),
  unmeasured: object({
    times: count,
    milliseconds: count,
    spans: objects({ from: text, to: optionalText, because: text }),
  }),
})

const scope = { path: text, state: text }

const decision = object({ policy: text, rules: texts, rollback: optionalTexts })

// `path` names a scope of the machine: `''` is the root, `RollOutWaves[0].RollOutWave[1]` the second switch of the first wave.
const stateEventTypes = [
  event('StateEntered', 'EF201I', scope),
  event('TaskStarted', 'EF206I', {
    ...scope,
    attempt: count,
    device: optionalText,
    decision: decision.exactOptional(),
  }),
  event('TaskScheduled', 'EF202I', {
    ...scope,
    // When the state was entered whose task it is: then no StateEntered says so (ADR 132).
    entered: time.exactOptional(),
    attempt: count,
    arguments: json,
    timeoutSeconds: z.number().exactOptional(),
    heartbeatSeconds: z.number().exactOptional(),
    device: optionalText,
  }),
  event('TaskSucceeded', 'EF207I', {
    ...scope,
    output: json,
    device: optionalText,
    // What the state was left with: then no StateExited says so (ADR 132). `output` is absent where it is that of the task.
    exited: object({ output: json.exactOptional(), assigned: jsonObject.exactOptional() }).exactOptional(),
  }),
  event('TaskSubmitted', 'EF210I', { ...scope, token: text, output: json.exactOptional() }),
  event('TaskHeartbeat', 'EF211I', { ...scope, signal: count }),
  event('TaskFailed', 'EF208E', { ...scope, error, device: optionalText }),
  event('TaskTimedOut', 'EF209E', { ...scope, error, device: optionalText }),
  event('TaskWaiting', 'EF212I', { ...scope, plan: text }),
  event('MapStarted', 'EF213I', {
    ...scope,
    items: list(json),
    inputs: list(json).exactOptional(),
    maxConcurrency: count,
    tolerated: optionalCount,
  }),
  event('MapFailed', 'EF214E', { ...scope, error }),
  event('ParallelStarted', 'EF215I', { ...scope, input: json }),
  event('ParallelFailed', 'EF216E', { ...scope, error }),
  event('WaitStarted', 'EF217I', { ...scope, until: text }),
  event('EvaluationFailed', 'EF218E', { ...scope, error, location: optionalText }),
  event('RetryScheduled', 'EF219W', { ...scope, retrier: count, attempt: count, until: text, error }),
  event('StateExited', 'EF203I', {
    ...scope,
    output: json,
    assigned: jsonObject.exactOptional(),
    // The state that a Choice or a Catcher goes on to, where that is not the state's own `next`.
    next: optionalText,
    caught: optionalCount,
  }),
  event('StateFailed', 'EF204E', { ...scope, error }),
  event('StateAborted', 'EF205W', scope),
  event('TaskUndoStarted', 'EF220I', { ...scope, write: count }),
  event(
    'TaskUndoFinished',
    { of: ({ error }) => (error === undefined ? 'done' : 'failed'), codes: { done: 'EF221I', failed: 'EF222E' } },
    { ...scope, write: count, error: error.exactOptional() },
  ),
] as const

const leftOutBy = oneOf('maxFailures', 'skip-unreachable')

export const executionEventTypes = [
  event('ExecutionStarted', 'EF101I', {
    purpose: oneOf('plan', 'run'),
    workflow: text,
    file: text,
    definition: text,
    interpreter: z.literal(2),
    machine: json,
    params: jsonObject,
    requester: principal,
    targets: texts,
    // The selector that somebody has typed, or that exactly these were meant; absent where all were that the workflow is for.
    asked: object({ only: optionalText, exact: onlyTrue }).exactOptional(),
    plan: optionalText,
    input: json,
    context: jsonObject,
    network: optionalText,
    // The key under which somebody asked for it, and the digest of what was asked for: no second execution has that key.
    request: object({ key: text, of: text }).exactOptional(),
    skipUnreachable: onlyTrue,
    // The `traceparent` (W3C Trace Context) of its span; without tracing that of whoever has asked for it.
    trace: optionalText,
    // The commit that the workflow and its files are of; absent where they are those of the folder.
    commit: z.string().regex(COMMIT_ID, 'the id of a commit').exactOptional(),
    bundle: optionalText,
    part: object({ of: text, site: text }).exactOptional(),
    divided: onlyTrue,
    // The site whose workers drive it, where workers do; absent where `part` or `divided` says it.
    site: optionalText,
    noWait: onlyTrue,
    // The execution that it takes back by an undo that was approved before.
    undoes: optionalText,
    rebases: optionalText,
    // What the change file says that asked for it: which it was, its ticket, when it may begin and behind what.
    changeFile: changeTerms.exactOptional(),
  }),
  event('ExecutionResumed', 'EF102I', {
    // The switches that the process before has left in the middle of the change; absent where it came to rest.
    abandoned: optionalTexts,
    // A process does it, and no person has asked for it now: a word to stop from before still counts.
    byItself: onlyTrue,
    // A worker does it, because the process before was declared dead.
    ownerDied: onlyTrue,
    // The record may be a copy: switches that nothing in it has touched are asked before they are called untouched.
    asks: onlyTrue,
    // It was open in the backup from which the store was restored: what became of its switches since is on no record.
    restored: onlyTrue,
  }),
  event('ExecutionRedriven', 'EF103I', {}),
  ...stateEventTypes,
  event(
    'SignalSent',
    { of: ({ answer }) => answer.signal, codes: { success: 'EF105I', failure: 'EF106E', heartbeat: 'EF107I' } },
    {
      token: text,
      answer: z.discriminatedUnion('signal', [
        object({ signal: z.literal('success'), output: json }),
        object({ signal: z.literal('failure'), error: text.nullable(), cause: text.nullable() }),
        object({ signal: z.literal('heartbeat') }),
      ]),
    },
  ),
  event('StopRequested', 'EF104W', { stopped: text, reason: text }),
  event('SuspendRequested', 'EF108W', { suspended: text, reason: text }),
  event('DeviceReleased', 'EF415W', { device: text, released: text, reason: text }),
  event('PlanMade', 'EF301I', {
    digest: text,
    plan: text,
    waves: list(texts),
    unchanged: texts,
    bases: optionalText,
    // Absent as `bases` is.
    candidates: optionalText,
    // The switches that go before all others, whose failure is never tolerated.
    canaries: optionalTexts,
    // The switches that the plan is not for, because they did not answer.
    leftOut: objects({ name: text, by: leftOutBy }).exactOptional(),
    cloudVision: optionalTexts,
  }),
  event('JudgesMeasured', 'EF308I', {
    judges: texts,
    // For each the numbers of its series by their labels, as an artefact; null where one that observes could not be asked.
    before: text,
    series: count,
  }),
  event('ProbesMeasured', by('phase', { begun: 'EF435I', turned: 'EF436I', paused: 'EF437I', ended: 'EF438I' }), {
    phase: oneOf('begun', 'turned', 'paused', 'ended'),
    probes: list(probeReading),
    seen: seenStandings.exactOptional(),
  }),
  /** A switch does not answer, and the execution goes on without it: as a failure that is tolerated, or because somebody wants it so. */
  event('DeviceLeftOut', 'EF414W', { device: text, by: leftOutBy, error }),
  event('CompensationStarted', 'EF420W', { reason: oneOf('failure', 'cancelled', 'timed-out'), error }),
  event('UndoStarted', 'EF421I', { device: text }),
  event(
    'UndoFinished',
    by('end', { untouched: 'EF422I', unchanged: 'EF423I', reverted: 'EF424I', changed: 'EF425E', unknown: 'EF426E' }),
    { device: text, end: deviceEnd, detail: text },
  ),
  event('NetworkAwaited', 'EF427I', { devices: texts, within: count }),
  event('NetworkRead', by('network', { same: 'EF428I', differs: 'EF429W', unknown: 'EF431W' }), {
    device: text,
    network: oneOf('same', 'differs', 'unknown'),
    areas: texts,
    // A line for each thing that is not as before; of many the first.
    differences: texts,
    more: optionalCount,
    latched: texts,
    because: optionalText,
    // Seconds since it was first looked at.
    after: count,
  }),
  event(
    'ExecutionEnded',
    by('outcome', {
      planned: 'EF110I',
      'nothing-to-do': 'EF111I',
      succeeded: 'EF112I',
      tolerated: 'EF113W',
      refused: 'EF114E',
      'rolled-back': 'EF115E',
      cancelled: 'EF116W',
      failed: 'EF117E',
      unknown: 'EF118E',
    }),
    {
      outcome,
      error: error.exactOptional(),
      output: json.exactOptional(),
      devices: z.record(text, deviceEnd).readonly(),
      // How many records the execution has before this one, so that none can be left out of its change record.
      records: optionalCount,
    },
  ),
  event('SnapshotTaken', 'EF430I', {
    name: text,
    snapshot: text,
    devices: texts,
    baseline: texts,
    notices: texts,
    adopted: optionalTexts,
  }),
] as const

const verdict = z.discriminatedUnion('status', [
  object({ status: z.literal('pass'), facts: texts }),
  object({ status: z.literal('fail'), reasons: z.tuple([text], text).readonly() }),
  object({ status: z.literal('skip'), reason: text }),
  object({ status: z.literal('error'), reason: text }),
])

const act = oneOf('hold', 'release', 'stage', 'replay', 'prune', 'arm', 'confirm', 'save', 'abort', 'restore', 'boot')

/** The schemas of what an execution does to one switch, and what the switch said: an intent is on record before it is sent, its outcome after the answer. */
export const deviceEventTypes = [
  event('ActIntended', 'EF401I', {
    device: text,
    act,
    session: text,
    checkpoint: optionalText,
    seconds: optionalCount,
    lines: optionalTexts,
    // By how many seconds longer than usual its answer is waited for; absent where it is not.
    patience: optionalCount,
    // Whether everybody else is kept out of config modes meanwhile, for `arm`.
    locked: z.boolean().exactOptional(),
    checkpoints: optionalTexts,
    // The lines of EOS or of somebody else that go with it, redacted, for what puts back; absent where none were seen.
    overwrites: optionalTexts,
    // The owner session that the request shows first (ADR 84); absent: there was none.
    held: optionalText,
    // The shares of budgets that last as long as its lease, for `stage` and `arm`; absent where no budget counts the switch.
    shares: optionalTexts,
  }),
  event('ActFinished', by('outcome', { done: 'EF402I', refused: 'EF403E', unknown: 'EF404E' }), {
    device: text,
    act,
    session: text,
    outcome: oneOf('done', 'refused', 'unknown'),
    error: error.exactOptional(),
    // The running-config before the change (for `replay`: the one that can be replayed) and the staged candidate, as artefacts.
    base: optionalText,
    target: optionalText,
    // Startup-config before the timed commit, as an artefact; absent where the switch does not show it.
    startup: optionalText,
    // The running-config right before the timed commit, which it replaced, as an artefact.
    replaced: optionalText,
    // The lines of EOS or of somebody else that went with it, redacted, as running-config showed them right before; absent where none were
    // seen.
    overwrites: optionalTexts,
  }),
  event(
    'DeviceSettled',
    by('found', { base: 'EF405I', armed: 'EF406I', target: 'EF407I', other: 'EF408E', unreachable: 'EF409E' }),
    {
      device: text,
      // What the switch itself said when it was asked after a lost answer, a crash or a rollback.
      found: oneOf('base', 'armed', 'target', 'other', 'unreachable'),
      detail: text,
      // What of this execution the switch shows and no record here announces: sessions, checkpoints, `running-config`.
      unrecorded: optionalTexts,
    },
  ),
  event(
    'VerdictGiven',
    { of: ({ verdict }) => verdict.status, codes: { pass: 'EF410I', fail: 'EF411E', skip: 'EF412I', error: 'EF413E' } },
    {
      device: text,
      check: text,
      // The neighbour that was judged; absent for the switch itself. The name of the check ends in ` on NAME` then.
      of: optionalText,
      // Which of the checks of this name it is, from 2 on; absent for the first.
      nth: optionalCount,
      round: count,
      verdict,
    },
  ),
  /** What CloudVision says about switches that are about to be changed (docs/beside-cloudvision.md). */
  event('CloudVisionAsked', by('answer', { free: 'EF309I', running: 'EF310W', unknown: 'EF311W' }), {
    answer: oneOf('free', 'running', 'unknown'),
    devices: texts,
    known: optionalTexts,
    controls: objects({
      id: text,
      name: optionalText,
      standing: oneOf('running', 'unclear', 'scheduled'),
      devices: texts,
      at: optionalText,
    }).exactOptional(),
    because: optionalText,
    goesOn: onlyTrue,
  }),
] as const
