import type { Envelope, EventBody } from '../journal/event.ts'
import type { Effect } from './effect.ts'
import { evaluate } from './evaluate.ts'
import { foldScope } from './fold-scope.ts'
import { nextAt } from './next.ts'
import type { ExecutionState } from './state.ts'
import type { EvaluationPorts } from './transition-context.ts'

/**
 * Enters a state whose task is due at once: one record (ADR 132). Where its data has no values the state is entered alone, and what
 * is wrong with them goes on record behind that.
 */
export async function entering(
  execution: ExecutionState,
  { path, state }: Extract<Effect, { effect: 'enter' }>,
  ports: EvaluationPorts,
): Promise<readonly EventBody[]> {
  const entered = { type: 'StateEntered', path, state } as const
  const envelope = envelopeAt(execution, ports)
  const inside = foldScope(execution, { ...entered, ...envelope })
  const [begun] = await evaluate(inside, { effect: 'evaluate', path, step: 'begin', handler: -1 }, ports)
  return begun?.type === 'TaskScheduled' ? [{ ...begun, entered: envelope.at }] : [entered]
}

/**
 * How the attempt of a task went, with what its state is left with where the state is left at once: one record (ADR 132). Where something else
 * follows, as where a sibling has failed or the plan is settled, or where the output has no value, what follows goes on record behind it.
 */
export async function leaving(
  execution: ExecutionState,
  outcome: EventBody,
  ports: EvaluationPorts,
): Promise<EventBody> {
  if (outcome.type !== 'TaskSucceeded') return outcome
  const done = foldScope(execution, { ...outcome, ...envelopeAt(execution, ports) })
  const [next] = nextAt(done, outcome.path, ports.now)
  if (next?.effect !== 'evaluate' || next.step !== 'finish') return outcome
  const [left] = await evaluate(done, next, ports)
  if (left?.type !== 'StateExited') return outcome
  const { output, assigned } = left
  const exited = {
    ...(output === outcome.output ? {} : { output }),
    ...(assigned === undefined ? {} : { assigned }),
  }
  return { ...outcome, exited }
}

/** What a record would carry that were written now. */
function envelopeAt({ seq, id }: ExecutionState, { now }: EvaluationPorts): Envelope & { readonly at: string } {
  return { v: 1, seq: seq + 1, at: new Date(now).toISOString(), actor: '', execution: id }
}
