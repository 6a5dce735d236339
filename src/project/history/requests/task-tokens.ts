import { attemptKey } from '../../../change/engine/scope-path.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { everyKey, type InstallKey } from '../../../model/install-keys.ts'
import { taskToken, taskTokenDigest } from '../../../model/task-token.ts'
import { waitingFor } from '../../../report/phrases/waiting-for.ts'

interface AwaitedState {
  readonly path: string
  readonly state: string
  readonly token: string
}

/** For how many outside systems an execution waits whose tokens were made under an install key that is not here. */
export function tokensOfOtherKeys(key: InstallKey, execution: ExecutionState): number {
  const waits = waitingFor(execution).filter(
    ({ waitsFor, path }) => waitsFor === 'signal' && execution.scopes.has(path),
  )
  return waits.length - taskTokensOf(key, execution).length
}

/** Only who has the install key `key`, or the one before it that a wait began under, can make them, so nothing secret is given away to anybody else. */
export function taskTokensOf(key: InstallKey, execution: ExecutionState): readonly AwaitedState[] {
  return waitingFor(execution).flatMap(({ path, state, ...one }) => {
    const scope = execution.scopes.get(path)
    if (one.waitsFor !== 'signal' || scope === undefined) return []
    const tokens = everyKey(key).map((own) => taskToken(own, execution.id, attemptKey(path, scope)))
    return tokens.filter((token) => taskTokenDigest(token) === one.token).map((token) => ({ path, state, token }))
  })
}
