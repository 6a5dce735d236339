import { z } from 'zod'
import { type BodyOf, deviceEnd, event, outcome, text, texts } from './record-schema.ts'

/** Where the children of a change over several sites wait for each other: before anything is pushed, confirmed, saved. */
export const BARRIERS = ['push', 'confirm', 'save'] as const

export type Barrier = (typeof BARRIERS)[number]

export interface SitePart {
  readonly site: string
  readonly execution: string
  readonly targets: readonly string[]
}

const barrier = z.enum(BARRIERS)

/** The schemas of what goes on record of a change over several sites (docs/adr/0081-a-change-over-several-sites.md). */
export const sitesEventTypes = [
  event('SitesDivided', 'EF120I', () => ({
    sites: z.array(z.strictObject({ site: text, execution: text, targets: texts })).readonly(),
  })),
  event('BarrierReached', 'EF121I', () => ({
    barrier,
    plan: text,
    // Until when a release is of use to it, ISO 8601 in UTC; absent where it waits as long as it takes.
    until: text.exactOptional(),
  })),
  event('BarrierLeft', 'EF122W', () => ({ barrier, reason: text })),
  event('BarrierDecided', { of: ({ decision }) => decision, codes: { released: 'EF123I', refused: 'EF124W' } }, () => ({
    barrier,
    decision: z.enum(['released', 'refused']),
    reason: text.exactOptional(),
  })),
  event('SiteEnded', 'EF125I', () => ({
    site: text,
    child: text,
    outcome,
    devices: z.record(text, deviceEnd).readonly(),
  })),
] as const

export type SitesEventBody = BodyOf<typeof sitesEventTypes>
