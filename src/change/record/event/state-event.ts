import { z } from 'zod'
import { count, error, event, json, jsonObject, text, texts } from './record-schema.ts'

const scope = { path: text, state: text }

const decision = z.strictObject({ policy: text, rules: texts, rollback: texts.exactOptional() })

/**
 * The schemas of the events of states and their tasks. `path` names a scope of the machine: `''` is the root, `RollOutWaves[0].RollOutWave[1]` the second
 * switch of the first wave.
 */
export const stateEventTypes = [
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
