import type { ExecutionState } from '../../engine/state.ts'
import { problemOf } from '../../model/problem.ts'
import { InputError } from '../input-error.ts'

/** Throws InputError where somebody wants to act on a part of a change over several sites: what is done is done with all of them. */
export function requireNoPart({ id, sites: { part } }: Pick<ExecutionState, 'id' | 'sites'>, verb: string): void {
  if (part === undefined) return
  const message = `it is the part of ${part.of} for the site ${part.site}: what is done is done with all sites`
  throw new InputError([problemOf(id, 'part-of-sites', message, `eosflow ${verb} ${part.of}`)])
}

/** Throws InputError for a change over several sites, where a verb is not there for such a change. */
export function requireUndivided({ id, sites }: Pick<ExecutionState, 'id' | 'sites'>, verb: string): void {
  if (!sites.isDivided) return
  const parts = sites.sites.map(({ site, execution }) => `${site}: ${execution}`).join(', ')
  const message = `it is a change over several sites (${parts}), and there is no \`${verb}\` for all of them at once`
  throw new InputError([
    problemOf(id, 'several-sites', message, 'eosflow stop puts all sites back; a new run begins anew.'),
  ])
}
