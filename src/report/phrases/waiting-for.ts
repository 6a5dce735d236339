import type { ExecutionState } from '../../change/engine/state.ts'
import { isJsonObject, type Json } from '../../model/json.ts'

/** A state that somebody outside has to answer: with a decision about the plan, or with a task token. */
export type AwaitedAnswer = { readonly path: string; readonly state: string } & (
  | { readonly waitsFor: 'approval' }
  | {
      readonly waitsFor: 'signal'
      /** The digest of the token. */
      readonly token: string
      /** What the state says to the one who answers. */
      readonly message?: string
    }
)

/** The states of an execution that wait for somebody outside. */
export function waitingFor({ status, scopes, sites }: ExecutionState): readonly AwaitedAnswer[] {
  if (status !== 'running') return []
  return [...scopes].flatMap(([path, { state, phase, token, result, arguments: given }]): AwaitedAnswer[] => {
    if (phase !== 'waiting' || result !== 'open' || state === undefined) return []
    // A part of a change over several sites waits for what is decided about the whole.
    if (token === undefined) return sites.part === undefined ? [{ path, state, waitsFor: 'approval' }] : []
    return [{ path, state, waitsFor: 'signal', token: token.digest, ...messageOf(given) }]
  })
}

function messageOf(given: Json | undefined): { readonly message?: string } {
  return isJsonObject(given) && typeof given.message === 'string' ? { message: given.message } : {}
}
