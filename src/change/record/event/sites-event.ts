import { z } from 'zod'
import { type BodyOf, deviceEnd, event, outcome, text, texts } from './record-schema.ts'

/** Where the children of a change over several sites wait for each other: before anything is pushed, confirmed, saved. */
export const BARRIERS = ['push', 'confirm', 'save'] as const

/** The name of a barrier. */
export type Barrier = (typeof BARRIERS)[number]

/** One site of a change over several, and the execution that changes its switches. */
export interface SitePart {
  readonly site: string
  readonly execution: string
  readonly targets: readonly string[]
}

const barrier = z.enum(BARRIERS)

/** The schemas of what goes on record of a change over several sites (docs/adr/0081-a-change-over-several-sites.md). */
export const sitesEventTypes = [
  /** In the parent: which execution changes the switches of which site. It is there before the first of them begins. */
  event('SitesDivided', 'EF120I', () => ({
    sites: z.array(z.strictObject({ site: text, execution: text, targets: texts })).readonly(),
  })),
  /** In a child: it waits for the others. */
  event('BarrierReached', 'EF121I', () => ({
    barrier,
    /** The digest of its plan. */
    plan: text,
    /** Until when a release is of use to it, ISO 8601 in UTC; absent where it waits as long as it takes. */
    until: text.exactOptional(),
  })),
  /** In a child: it waits no longer, and puts back what it has changed. No release that is written later is for it. */
  event('BarrierLeft', 'EF122W', () => ({ barrier, reason: text })),
  /** In the parent: all children may go past a barrier, or none. */
  event('BarrierDecided', { of: ({ decision }) => decision, codes: { released: 'EF123I', refused: 'EF124W' } }, () => ({
    barrier,
    decision: z.enum(['released', 'refused']),
    reason: text.exactOptional(),
  })),
  /** In the parent: how the execution of a site ended, and each of its switches with it. */
  event('SiteEnded', 'EF125I', () => ({
    site: text,
    child: text,
    outcome,
    devices: z.record(text, deviceEnd).readonly(),
  })),
] as const

/** What goes on record of a change over several sites. */
export type SitesEventBody = BodyOf<typeof sitesEventTypes>
