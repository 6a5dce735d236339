import { z } from 'zod'
import type { DeviceEnd } from '../model/act.ts'
import { event, text, texts } from './envelope-schema.ts'
import type { Outcome } from './outcome.ts'

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

/** What goes on record of a change over several sites (docs/adr/0081-a-change-over-several-sites.md). */
export type SitesEventBody =
  /** In the parent: which execution changes the switches of which site. It is there before the first of them begins. */
  | { readonly type: 'SitesDivided'; readonly sites: readonly SitePart[] }
  /** In a child: it waits for the others. */
  | {
      readonly type: 'BarrierReached'
      readonly barrier: Barrier
      /** The digest of its plan. */
      readonly plan: string
      /** Until when a release is of use to it, ISO 8601 in UTC; absent where it waits as long as it takes. */
      readonly until?: string
    }
  /** In a child: it waits no longer, and puts back what it has changed. No release that is written later is for it. */
  | { readonly type: 'BarrierLeft'; readonly barrier: Barrier; readonly reason: string }
  /** In the parent: all children may go past a barrier, or none. */
  | {
      readonly type: 'BarrierDecided'
      readonly barrier: Barrier
      readonly decision: 'released' | 'refused'
      readonly reason?: string
    }
  /** In the parent: how the execution of a site ended, and each of its switches with it. */
  | {
      readonly type: 'SiteEnded'
      readonly site: string
      readonly child: string
      readonly outcome: Outcome
      readonly devices: Readonly<Record<string, DeviceEnd>>
    }

const barrier = z.enum(BARRIERS)

/** The schemas of these events, for journal records of version 1. */
export const sitesEventSchemas = <O extends z.ZodType<Outcome>, E extends z.ZodType<DeviceEnd>>(
  outcome: O,
  deviceEnd: E,
) =>
  [
    event('SitesDivided', {
      sites: z.array(z.strictObject({ site: text, execution: text, targets: texts })).readonly(),
    }),
    event('BarrierReached', { barrier, plan: text, until: text.exactOptional() }),
    event('BarrierLeft', { barrier, reason: text }),
    event('BarrierDecided', { barrier, decision: z.enum(['released', 'refused']), reason: text.exactOptional() }),
    event('SiteEnded', { site: text, child: text, outcome, devices: z.record(text, deviceEnd).readonly() }),
  ] as const
