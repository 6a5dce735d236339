import { type SignalAnswer, sendSignal } from '../../../project/execution/stop/signal.ts'
import type { Perform } from '../context/act-context.ts'
import type { ActInput } from '../request/act-input.ts'

/** The server goes on with the execution behind that. */
export const signal: Perform<'signal'> = async ({ app }, caller, { token, ...given }) => {
  const answer = answerOf(given)
  const { awaited, sent } = await sendSignal(app, caller, { token, answer })
  const { execution, path, state } = awaited
  return { execution, path, state, signal: answer.signal, at: sent.at, actor: sent.actor }
}

function answerOf({ output, error, cause, heartbeat }: Omit<ActInput<'signal'>, 'token'>): SignalAnswer {
  if (heartbeat === true) return { signal: 'heartbeat' }
  if (output !== undefined) return { signal: 'success', output }
  return { signal: 'failure', error: error ?? null, cause: cause ?? null }
}
