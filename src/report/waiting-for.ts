import type { ExecutionState } from '../engine/state.ts'

/** A state that somebody outside has to answer: with a decision about the plan, or with a task token. */
export type Waiting = { readonly path: string; readonly state: string } & (
  | { readonly waitsFor: 'approval' }
  | { readonly waitsFor: 'signal'; readonly token: string }
)

/** The states of an execution that wait for somebody outside. `token` is the token's digest. */
export function waitingFor({ status, scopes }: ExecutionState): readonly Waiting[] {
  if (status !== 'running') return []
  return [...scopes].flatMap(([path, { state, phase, token, result }]): Waiting[] => {
    if (phase !== 'waiting' || result !== 'open' || state === undefined) return []
    return [{ path, state, ...(token === undefined ? APPROVAL : { waitsFor: 'signal', token: token.digest }) }]
  })
}

const APPROVAL = { waitsFor: 'approval' } as const
