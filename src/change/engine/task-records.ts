import { definedMembers } from '../../model/defined-members.ts'
import type { Envelope, EventBody } from '../record/event/event.ts'
import type { Effect } from './effect.ts'
import { evaluate } from './evaluate.ts'
import { foldScope } from './fold-scope.ts'
import { nextAt } from './next.ts'
import type { ExecutionState } from './state.ts'
import type { EvaluationPorts } from './transition-context.ts'

/** Enters a state whose task is due at once: one record (ADR 132). */
export async function entering(
  execution: ExecutionState,
  { path, state }: Extract<Effect, { effect: 'enter' }>,
  ports: EvaluationPorts,
): Promise<readonly EventBody[]> {
  const entered = { type: 'StateEntered', path, state } as const
  const envelope = envelopeAt(execution, ports)
  const inside = foldScope(execution, { ...entered, ...envelope })
  const [begun] = await evaluate(inside, { effect: 'evaluate', path, step: 'begin', handler: -1 }, ports)
  if (begun?.type === 'TaskScheduled') return [{ ...begun, entered: envelope.at }]
  return begun === undefined ? [entered] : [entered, begun]
}

/** How the attempt of a task went, with what its state is left with where the state is left at once: one record (ADR 132). Where the output has no value that is a record behind it. */
export async function leaving(
  execution: ExecutionState,
  outcome: EventBody,
  ports: EvaluationPorts,
): Promise<readonly EventBody[]> {
  if (outcome.type !== 'TaskSucceeded') return [outcome]
  const envelope = envelopeAt(execution, ports)
  const done = foldScope(execution, { ...outcome, ...envelope })
  const [next] = nextAt(done, outcome.path, ports.now)
  if (next?.effect !== 'evaluate' || next.step !== 'finish') return [outcome]
  const [left] = await evaluate(done, next, ports)
  if (left?.type !== 'StateExited') return left === undefined ? [outcome] : [outcome, left]
  if (foldScope(done, { ...left, ...envelope }).kept !== done.kept) return [outcome]
  const { output, assigned } = left
  const exited = {
    ...(output === outcome.output ? {} : { output }),
    ...definedMembers({ assigned }),
  }
  return [{ ...outcome, exited }]
}

function envelopeAt({ seq, id }: ExecutionState, { now }: EvaluationPorts): Envelope {
  return { v: 1, seq: seq + 1, at: new Date(now).toISOString(), actor: '', execution: id }
}
