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

/**
 * The schemas of the events of states and their tasks. `path` names a scope of the machine: `''` is the root, `RollOutWaves[0].RollOutWave[1]` the second
 * switch of the first wave.
 */
const stateEventTypes = [
  event('StateEntered', 'EF201I', () => scope),
  event('TaskStarted', 'EF206I', () => ({
    ...scope,
    attempt: count,
    device: text.exactOptional(),
    /** By what the policy allowed it; absent without a policy. */
    decision: decision.exactOptional(),
  })),
  /** The state's task is due with these arguments; nothing was begun yet. */
  event('TaskScheduled', 'EF202I', () => ({
    ...scope,
    /** When the state was entered whose task it is: then no StateEntered says so (ADR 132). Absent where one does, and for a further attempt. */
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
    /** What the state was left with: then no StateExited says so (ADR 132). `output` is absent where it is that of the task. */
    exited: z.strictObject({ output: json.exactOptional(), assigned: jsonObject.exactOptional() }).exactOptional(),
  })),
  /** The task has been handed to an outside system, which answers with the token. `token` is the digest of it. */
  event('TaskSubmitted', 'EF210I', () => ({ ...scope, token: text, output: json.exactOptional() })),
  /** The outside system has shown that it is alive. `signal` is the journal position of what it sent. */
  event('TaskHeartbeat', 'EF211I', () => ({ ...scope, signal: count })),
  event('TaskFailed', 'EF208E', () => ({ ...scope, error, device: text.exactOptional() })),
  /** The task was not done in the time that its state gives it; a write has been waited for. */
  event('TaskTimedOut', 'EF209E', () => ({ ...scope, error, device: text.exactOptional() })),
  event('TaskWaiting', 'EF212I', () => ({ ...scope, plan: text })),
  event('MapStarted', 'EF213I', () => ({
    ...scope,
    items: z.array(json).readonly(),
    /** What each iteration is given, where that is not its item. */
    inputs: z.array(json).readonly().exactOptional(),
    /** 0 is without limit. */
    maxConcurrency: count,
    /** How many iterations may fail before the Map does. */
    tolerated: count.exactOptional(),
  })),
  event('MapFailed', 'EF214E', () => ({ ...scope, error })),
  event('ParallelStarted', 'EF215I', () => ({ ...scope, input: json })),
  event('ParallelFailed', 'EF216E', () => ({ ...scope, error })),
  event('WaitStarted', 'EF217I', () => ({ ...scope, until: text })),
  /** An expression had no value, or not the demanded one. */
  event('EvaluationFailed', 'EF218E', () => ({ ...scope, error, location: text.exactOptional() })),
  /** The state's work is begun again at `until`; `retrier` is the position of the Retrier whose budget pays. */
  event('RetryScheduled', 'EF219W', () => ({ ...scope, retrier: count, attempt: count, until: text, error })),
  event('StateExited', 'EF203I', () => ({
    ...scope,
    output: json,
    assigned: jsonObject.exactOptional(),
    /** The state that a Choice or a Catcher goes on to, where that is not the state's own `next`. */
    next: text.exactOptional(),
    /** The position of the Catcher that took the state's error. */
    caught: count.exactOptional(),
  })),
  /** The state failed for good: nothing caught it. Its scope fails with it. */
  event('StateFailed', 'EF204E', () => ({ ...scope, error })),
  /** The state was open when a sibling failed, and was ended. */
  event('StateAborted', 'EF205W', () => scope),
  /** The undo of a write that no switch carries; `write` is the position of its TaskStarted. */
  event('TaskUndoStarted', 'EF220I', () => ({ ...scope, write: count })),
  event(
    'TaskUndoFinished',
    { of: ({ error }) => (error === undefined ? 'done' : 'failed'), codes: { done: 'EF221I', failed: 'EF222E' } },
    () => ({ ...scope, write: count, error: error.exactOptional() }),
  ),
] as const

const leftOutBy = z.enum(['maxFailures', 'skip-unreachable'])

/** The schemas of the events that executions recover from. */
export const executionEventTypes = [
  event('ExecutionStarted', 'EF101I', () => ({
    purpose: z.enum(['plan', 'run']),
    workflow: text,
    file: text,
    /** Digest of the workflow, its templates and parameters. */
    definition: text,
    /** The semantics that the execution is pinned to. */
    interpreter: z.literal(2),
    machine: json,
    params: jsonObject,
    requester: principal,
    targets: texts,
    /** The selector that somebody has typed, or that exactly these were meant; absent where all were that the workflow is for. */
    asked: z.strictObject({ only: text.exactOptional(), exact: z.literal(true).exactOptional() }).exactOptional(),
    /** The saved plan that answers snapshot and plan, when the execution began from one. */
    plan: text.exactOptional(),
    /** The input of the first state. */
    input: json,
    /** `Execution` and `StateMachine` of the context object. */
    context: jsonObject,
    /** The network file system that the store lies on, which the settings allow. */
    network: text.exactOptional(),
    /** The key under which somebody asked for it, and the digest of what was asked for: no second execution has that key. */
    request: z.strictObject({ key: text, of: text }).exactOptional(),
    /** Switches that do not answer are left out of the plan. */
    skipUnreachable: z.literal(true).exactOptional(),
    /** The `traceparent` (W3C Trace Context) of its span; without tracing that of whoever has asked for it. */
    trace: text.exactOptional(),
    /** The commit that the workflow and its files are of; absent where they are those of the folder. */
    commit: z.string().regex(COMMIT_ID, 'the id of a commit').exactOptional(),
    /** The digest of the published bundle that they are of. */
    bundle: text.exactOptional(),
    /** It changes the switches of one site for an execution over several. */
    part: z.strictObject({ of: text, site: text }).exactOptional(),
    /** Each site of its switches has another execution, and it does no work on any itself. */
    divided: z.literal(true).exactOptional(),
    /** The site whose workers drive it, where workers do; absent where `part` or `divided` says it. */
    site: text.exactOptional(),
    /** It does not wait for a budget that is full. */
    noWait: z.literal(true).exactOptional(),
    /** The execution that it takes back by an undo that was approved before. */
    undoes: text.exactOptional(),
    /** The plan that people approved and that is, or was, made again, by its digest. */
    rebases: text.exactOptional(),
    /** What the change file says that asked for it: which it was, its ticket, when it may begin and behind what. Absent: no change file did. */
    changeFile: changeTerms.exactOptional(),
  })),
  /** Somebody goes on with an execution. */
  event('ExecutionResumed', 'EF102I', () => ({
    /** The switches that the process before has left in the middle of the change; absent where it came to rest. */
    abandoned: texts.exactOptional(),
    /** A process does it, and no person has asked for it now: a word to stop from before still counts. */
    byItself: z.literal(true).exactOptional(),
    /** A worker does it, because the process before was declared dead. */
    ownerDied: z.literal(true).exactOptional(),
    /** The record may be a copy: switches that nothing in it has touched are asked before they are called untouched. */
    asks: z.literal(true).exactOptional(),
    /** It was open in the backup from which the store was restored: what became of its switches since is on no record. */
    restored: z.literal(true).exactOptional(),
  })),
  /** A person starts an ended execution again from where it failed. */
  event('ExecutionRedriven', 'EF103I', () => ({})),
  ...stateEventTypes,
  /**
   * Somebody who holds a task token has answered, or has asked an execution to stop. These are outside the execution,
   * which reads them when it looks.
   */
  event(
    'SignalSent',
    { of: ({ answer }) => answer.signal, codes: { success: 'EF105I', failure: 'EF106E', heartbeat: 'EF107I' } },
    () => ({
      /** The digest of the token. */
      token: text,
      answer: z.discriminatedUnion('signal', [
        z.strictObject({ signal: z.literal('success'), output: json }),
        z.strictObject({ signal: z.literal('failure'), error: text.nullable(), cause: text.nullable() }),
        z.strictObject({ signal: z.literal('heartbeat') }),
      ]),
    }),
  ),
  event('StopRequested', 'EF104W', () => ({ stopped: text, reason: text })),
  /** Somebody has asked an execution to rest at its next safe point. As a word to stop it is outside the execution. */
  event('SuspendRequested', 'EF108W', () => ({ suspended: text, reason: text })),
  /** Somebody has ended the quarantine of a switch, which was for the sake of this execution. */
  event('DeviceReleased', 'EF415W', () => ({ device: text, released: text, reason: text })),
  event('PlanMade', 'EF301I', () => ({
    digest: text,
    plan: text,
    waves: z.array(texts).readonly(),
    unchanged: texts,
    /** What the switches to change ran when the plan was made: a text of references by switch. Absent where it was too much, or not read. */
    bases: text.exactOptional(),
    /** What they said that they would run with the change: a text of references by switch. Absent as `bases` is. */
    candidates: text.exactOptional(),
    /** The switches that go before all others, whose failure is never tolerated. */
    canaries: texts.exactOptional(),
    /** The switches that the plan is not for, because they did not answer. */
    leftOut: z
      .array(z.strictObject({ name: text, by: leftOutBy }))
      .readonly()
      .exactOptional(),
    /** The switches to change that stream to CloudVision, by their configuration. Absent: none does, or the record is older. */
    cloudVision: texts.exactOptional(),
  })),
  /** What the outside judges say before the first change: from then on that is *before*. */
  event('JudgesMeasured', 'EF308I', () => ({
    /** How each is called, in the order of the plan. */
    judges: texts,
    /** For each the numbers of its series by their labels, as an artefact; null where one that observes could not be asked. */
    before: text,
    /** How many series they are. */
    series: count,
  })),
  /**
   * What was measured of the pairs of `probe`: of all of them when the first timed commit follows, when nobody goes on for a time, and at the end; of those
   * whose standing has changed when it has.
   */
  event(
    'ProbesMeasured',
    { of: ({ phase }) => phase, codes: { begun: 'EF435I', turned: 'EF436I', paused: 'EF437I', ended: 'EF438I' } },
    () => ({
      phase: z.enum(['begun', 'turned', 'paused', 'ended']),
      probes: z.array(probeReading).readonly(),
      /** Sessions and ports, by what one process has read in its rounds. Absent: it has read of none. */
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
  /** Switches that were put back are free for other executions; their network is read until it is as before the change, or for so long. */
  event('NetworkAwaited', 'EF427I', () => ({ devices: texts, within: count })),
  event(
    'NetworkRead',
    { of: ({ network }) => network, codes: { same: 'EF428I', differs: 'EF429W', unknown: 'EF431W' } },
    () => ({
      device: text,
      network: z.enum(['same', 'differs', 'unknown']),
      areas: texts,
      /** A line for each thing that is not as before; of many the first. */
      differences: texts,
      /** How many more there are. Absent: none. */
      more: count.exactOptional(),
      /** What does not come back by itself, each with the command that a person types. */
      latched: texts,
      /** Why it is unknown: the switch did not answer, or areas could not be compared. Absent: it is known. */
      because: text.exactOptional(),
      /** Seconds since it was first looked at. */
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
      /** What the machine gave; absent when it did not end well. */
      output: json.exactOptional(),
      devices: z.record(text, deviceEnd).readonly(),
      /** How many records the execution has before this one, so that none can be left out of its change record. */
      records: count.exactOptional(),
    }),
  ),
  event('SnapshotTaken', 'EF430I', () => ({
    name: text,
    snapshot: text,
    devices: texts,
    /** The switches that are compared with it from then on. */
    baseline: texts,
    /** The switches about which it ends notices. */
    notices: texts,
    /** The switches of which what ran was adopted as intended. */
    adopted: texts.exactOptional(),
  })),
] as const
