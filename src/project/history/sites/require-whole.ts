import { readState } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RecordApp } from '../../app/app.ts'
import { inputError } from '../../system/process/input-error.ts'

/** Throws InputError where somebody wants to act on a part of a change over several sites: what is done is done with all of them. */
export function requireNoPart({ id, sites: { part } }: Pick<ExecutionState, 'id' | 'sites'>, verb: string): void {
  if (part === undefined) return
  const message = `it is the part of ${part.of} for the site ${part.site}: what is done is done with all sites`
  throw inputError(id, 'part-of-sites', message, `eosflow ${verb} ${part.of}`)
}

/** Throws InputError for a change over several sites, where a verb is not there for such a change. */
export function requireUndivided({ id, sites }: Pick<ExecutionState, 'id' | 'sites'>, verb: string): void {
  if (!sites.isDivided) return
  const parts = sites.sites.map(({ site, execution }) => `${site}: ${execution}`).join(', ')
  const message = `it is a change over several sites (${parts}), and there is no \`${verb}\` for all of them at once`
  throw inputError(id, 'several-sites', message, 'Stopping it puts all sites back; a new run begins anew.')
}

/** Throws `busy` for a part of a change over several sites that has not ended: what the others do depends on it. */
export async function requireWholeEnded(
  { store }: Pick<RecordApp, 'store'>,
  { id, sites: { part } }: ExecutionState,
): Promise<void> {
  if (part === undefined || (await readState(store, part.of)).status === 'ended') return
  throw new EosflowError('busy', `${id} is a part of ${part.of}, which has not ended`)
}

/** Throws InputError for a plan that was made of those of several sites: each is sent by the execution of its site alone. */
export function requirePlanOfOne({ content: { sites, workflow } }: Plan): void {
  if (sites === undefined) return
  const message = 'the plan is one of several sites, and each of them plans its own switches when it is run'
  throw inputError(workflow.file, 'sites-together', message, 'Run the workflow.')
}

/** Throws `guard` where a change over several sites is to be driven by a process that cannot send workers to its parts. */
export function requireWorkers({ dispatch }: Pick<RecordApp, 'dispatch'>, { id, sites }: ExecutionState): void {
  if (!sites.isDivided || dispatch !== undefined) return
  throw new EosflowError('guard', `${id} is a change over several sites, which only workers drive`, {
    hint: 'Set `workers: dispatch: dbos`, and start a worker for each site.',
  })
}
