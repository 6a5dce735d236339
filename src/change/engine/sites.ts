import type { EventBody } from '../record/event/event.ts'
import type { Barrier, Outcome, SitePart, SitesEventBody } from '../record/event/record-schema.ts'

export interface SitesState {
  readonly part: { readonly of: string; readonly site: string } | undefined
  readonly isDivided: boolean
  /** The site that it was begun for; undefined where the record does not say it. */
  readonly own: string | undefined
  readonly sites: readonly SitePart[]
  readonly reached: Readonly<Partial<Record<Barrier, BarrierArrival>>>
  readonly left: string | undefined
  readonly decided: Readonly<Partial<Record<Barrier, BarrierDecision>>>
  readonly ended: readonly string[]
  readonly succeeded: readonly string[]
}

export interface BarrierArrival {
  readonly plan: string
  /** When it reached it, and until when a release is of use to it: milliseconds since the epoch. */
  readonly at: number
  readonly until: number
}

export interface BarrierDecision {
  readonly decision: 'released' | 'refused'
  readonly reason: string | undefined
}

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

export function begunAtSites(
  before: SitesState,
  { part, divided, site }: Extract<EventBody, { type: 'ExecutionStarted' }>,
): SitesState {
  return { ...before, part, isDivided: divided === true, own: part?.site ?? site }
}

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

export function hasSucceeded(outcome: Outcome | undefined): boolean {
  return outcome === 'succeeded' || outcome === 'nothing-to-do'
}

export function mayPush({ isDivided, decided }: SitesState): boolean {
  return isDivided && decided.push?.decision === 'released'
}

export function maySave({ isDivided, decided }: SitesState): boolean {
  return isDivided && decided.save?.decision === 'released'
}

export function haveAllSucceeded(state: SitesState): boolean {
  const { sites, succeeded } = state
  return maySave(state) && sites.every(({ execution }) => succeeded.includes(execution))
}
