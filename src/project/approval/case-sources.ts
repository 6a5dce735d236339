import type { ExecutionState } from '../../change/engine/state.ts'
import type { BreakGlass } from '../../change/policy/rule-match.ts'
import { termsOf } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { passkeysNow, reviewersNow, trustNow } from '../identity/signers/trust.ts'
import { judgedFor } from '../identity/worker-principal.ts'
import { movedNow } from '../plan/definition/inventory-moves.ts'
import { definitionOfNow } from '../plan/planning.ts'
import { undonePlan } from '../plan/rollback/sources.ts'
import { noSeams } from '../system/process/seams.ts'
import type { CaseSources } from './case.ts'
import { type Trust, trustHere } from './signer.ts'

export function caseSources(
  app: RecordApp,
  caller: SilentCaller,
  state: ExecutionState,
  breakGlass: BreakGlass | undefined,
): Omit<CaseSources, 'demands'> {
  const { project } = app
  return {
    app,
    caller,
    terms: () => termsOf(app, judgedFor(caller, state), breakGlass),
    definition: definitionOfNow(app, state),
    moved: movedNow(project, app.key),
    trust: () => trustForRecord(app),
    ...undoneBy(state),
    renew: async () => project.published?.renew(),
    turn: (app.seams ?? noSeams).moment,
  }
}

function undoneBy({ file, undoes }: ExecutionState): Pick<CaseSources, 'undone'> {
  const plan = undonePlan(file)
  return plan === undefined ? {} : { undone: { plan, by: undoes ?? '' } }
}

export function trustForRecord(app: RecordApp): Omit<Trust, 'now'> {
  const { project, key } = app
  const reviewers = reviewersNow(project)
  return {
    signers: trustNow(project),
    passkeys: passkeysNow(project),
    reviewers,
    ...trustHere(app),
    former: key.former,
  }
}
