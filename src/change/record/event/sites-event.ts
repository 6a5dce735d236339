import { z } from 'zod'
import {
  type BodyOf,
  by,
  deviceEnd,
  event,
  objects,
  oneOf,
  optionalText,
  outcome,
  text,
  texts,
} from './record-schema.ts'

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
  event('SitesDivided', 'EF120I', {
    sites: objects({ site: text, execution: text, targets: texts }),
  }),
  event('BarrierReached', 'EF121I', {
    barrier,
    plan: text,
    // Until when a release is of use to it, ISO 8601 in UTC; absent where it waits as long as it takes.
    until: optionalText,
  }),
  event('BarrierLeft', 'EF122W', { barrier, reason: text }),
  event('BarrierDecided', by('decision', { released: 'EF123I', refused: 'EF124W' }), {
    barrier,
    decision: oneOf('released', 'refused'),
    reason: optionalText,
  }),
  event('SiteEnded', 'EF125I', {
    site: text,
    child: text,
    outcome,
    devices: z.record(text, deviceEnd).readonly(),
  }),
] as const

export type SitesEventBody = BodyOf<typeof sitesEventTypes>
