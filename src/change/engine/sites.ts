import type { EventBody } from '../record/event/event.ts'
import type { Outcome } from '../record/event/outcome.ts'
import type { Barrier, SitePart, SitesEventBody } from '../record/event/sites-event.ts'

/** What an execution knows of being a part of a change over several sites, or of having such parts. */
export interface SitesState {
  /** Whose part it is, and for which site. */
  readonly part: { readonly of: string; readonly site: string } | undefined
  /** Whether its switches are changed by executions of their own, one for each site. */
  readonly isDivided: boolean
  /** The site that it was begun for; undefined where the record does not say it. */
  readonly own: string | undefined
  /** These executions. */
  readonly sites: readonly SitePart[]
  /** The barriers that it has reached, as a part, each with what it said. */
  readonly reached: Readonly<Partial<Record<Barrier, BarrierArrival>>>
  /** Why it waits at no barrier any more, as a part. */
  readonly left: string | undefined
  /** What was decided about the barriers of its parts. */
  readonly decided: Readonly<Partial<Record<Barrier, BarrierDecision>>>
  /** Its parts of which it is on record how they ended. */
  readonly ended: readonly string[]
  /** Those of them that did all that they were to do. */
  readonly succeeded: readonly string[]
}

/** That a part waits at a barrier. */
export interface BarrierArrival {
  readonly plan: string
  /** When it reached it, and until when a release is of use to it: milliseconds since the epoch. */
  readonly at: number
  readonly until: number
}

/** Whether all parts may go past a barrier, or none. */
export interface BarrierDecision {
  readonly decision: 'released' | 'refused'
  readonly reason: string | undefined
}

/** What an execution of one site knows of it: nothing. */
export const ONE_SITE: SitesState = {
  part: undefined,
  isDivided: false,
  own: undefined,
  sites: [],
  reached: {},
  left: undefined,
  decided: {},
  ended: [],
  succeeded: [],
}

/** Folds what a beginning says about sites. */
export function begunAtSites(
  before: SitesState,
  { part, divided, site }: Extract<EventBody, { type: 'ExecutionStarted' }>,
): SitesState {
  return { ...before, part, isDivided: divided === true, own: part?.site ?? site }
}

/** Folds what an event says about sites. */
export function foldSites(before: SitesState, event: SitesEventBody & { readonly at: string }): SitesState {
  switch (event.type) {
    case 'SitesDivided':
      return { ...before, sites: event.sites }
    case 'BarrierReached': {
      const until = event.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(event.until)
      const reached = { plan: event.plan, at: Date.parse(event.at), until }
      return { ...before, reached: { ...before.reached, [event.barrier]: reached } }
    }
    case 'BarrierLeft':
      return { ...before, left: event.reason }
    case 'BarrierDecided':
      // The first decision is the only one: a process that has lost the execution writes none.
      return before.decided[event.barrier] === undefined
        ? {
            ...before,
            decided: { ...before.decided, [event.barrier]: { decision: event.decision, reason: event.reason } },
          }
        : before
    case 'SiteEnded':
      return {
        ...before,
        ended: [...before.ended, event.child],
        succeeded: hasSucceeded(event.outcome) ? [...before.succeeded, event.child] : before.succeeded,
      }
  }
}

/** Whether a part that ended like this has done all that it was to do. */
export function hasSucceeded(outcome: Outcome | undefined): boolean {
  return outcome === 'succeeded' || outcome === 'nothing-to-do'
}

/** Whether executions of sites may have changed switches: where these are, the records of the whole say only of sites that have ended. */
export function mayPush({ isDivided, decided }: SitesState): boolean {
  return isDivided && decided.push?.decision === 'released'
}

/** Whether the parts of a change over several sites were let save: a stop of the whole is too late then. */
export function maySave({ isDivided, decided }: SitesState): boolean {
  return isDivided && decided.save?.decision === 'released'
}

/** Whether all parts of a change over several sites were let save, have ended, and have done all that they were to do. */
export function haveAllSucceeded(state: SitesState): boolean {
  const { sites, succeeded } = state
  return maySave(state) && sites.every(({ execution }) => succeeded.includes(execution))
}
