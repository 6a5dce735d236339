import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Barrier, SitePart } from '../../../change/record/event/sites-event.ts'
import type { AppendCondition } from '../../../change/record/store/journal.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { sinceAsked } from '../requests/since-asked.ts'
import { unheardStop } from '../requests/stop-asked.ts'

export interface SiteExecution extends SitePart {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
  /** Why somebody wants it to stop or to rest; undefined where nobody does. */
  readonly asked: string | undefined
}

/** Throws `store`. */
export async function partsOf(
  { store }: Pick<ProjectStore, 'store'>,
  { sites: { sites } }: ExecutionState,
): Promise<readonly SiteExecution[]> {
  return Promise.all(
    sites.map(async (site): Promise<SiteExecution> => {
      const { execution } = site
      const events = await store.read(execution)
      const state = foldAll(execution, events)
      const word =
        state.status === 'running'
          ? ((await unheardStop({ store }, execution, events)) ??
            (await store.suspendRequest(execution, sinceAsked(events))))
          : undefined
      return { ...site, state, events, asked: word?.reason }
    }),
  )
}

/** Where a part is with a barrier: on its way, at it, not concerned because nothing of its site changes, or out of the change. */
export type BarrierState =
  | { readonly is: 'on-its-way' | 'unconcerned' }
  | { readonly is: 'there'; readonly until: number }
  | { readonly is: 'out'; readonly why: string }

export function barrierStateOf({ site, state, asked }: SiteExecution, barrier: Barrier): BarrierState {
  const { id, status, outcome, compensation, sites } = state
  const out = (what: string): BarrierState => ({ is: 'out', why: `${site}: ${id} ${what}` })
  if (status === 'ended') {
    if (outcome === 'nothing-to-do') return { is: 'unconcerned' }
    return out(`has ended ${outcome}${compensation === undefined ? '' : `: ${compensation.error.message}`}`)
  }
  if (status === 'compensating') return out(`is put back: ${compensation?.error.message ?? ''}`)
  if (sites.left !== undefined) return out(`waits no longer: ${sites.left}`)
  if (asked !== undefined) return out(`is asked to stop or to rest: ${asked}`)
  const reached = sites.reached[barrier]
  return reached === undefined ? { is: 'on-its-way' } : { is: 'there', until: reached.until }
}

/** What must still hold of a part when it is let past a barrier: nothing was written about it since it was judged. */
export function unchanged({ execution, state, events }: SiteExecution): AppendCondition {
  return { of: execution, newest: state.seq, unaskedSince: sinceAsked(events) }
}
