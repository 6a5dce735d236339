import type { ExecutionState } from '../../change/engine/state.ts'
import { isJsonObject, type Json } from '../../model/json.ts'

type AwaitedAnswer = { readonly path: string; readonly state: string } & (
  | { readonly waitsFor: 'approval' }
  | {
      readonly waitsFor: 'signal'
      readonly token: string
      readonly message?: string
    }
)

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
