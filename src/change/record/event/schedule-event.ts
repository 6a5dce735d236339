import { z } from 'zod'
import { allowing, type BodyOf, event, principal, text, texts } from './record-schema.ts'

const instant = z.iso.datetime()
const times = z.int().nonnegative()

// What one look of an after-watch came to, see `AfterLook`.
const looked = z.strictObject({
  result: z.enum(['good', 'failed', 'unjudged']),
  failedSince: instant.exactOptional(),
  unjudgedInARow: times,
  good: times,
  failed: times,
  unjudged: times,
  found: z.array(z.strictObject({ device: text, check: text.exactOptional(), says: text })).readonly(),
  left: z.array(z.strictObject({ device: text, because: text })).readonly(),
  devices: texts,
})

/** Instants are ISO 8601 in UTC. */
export const scheduleEventTypes = [
  event('ScheduleChanged', 'EF140I', () => ({
    schedule: text,
    change: z.enum(['loaded', 'removed', 'paused', 'continued']),
    // `every` in seconds.
    tz: text.exactOptional(),
    cron: text.exactOptional(),
    every: z.int().positive().exactOptional(),
    // The change whose checks it judges on, where it is an after-watch that begins.
    after: z.strictObject({ execution: text, devices: texts, until: instant }).exactOptional(),
    principal: principal.exactOptional(),
    reason: text.exactOptional(),
    ...allowing,
  })),
  /** An occurrence begins: from here on it is never begun again. */
  event('ScheduleFired', 'EF132I', () => ({
    schedule: text,
    instant,
    // What it does: drift, check, snapshot, backup, comply, rehearse, plan, run; `after` for the checks of a change that was confirmed.
    does: text,
    principal: principal.exactOptional(),
  })),
  /** An instant passed without an occurrence, because the one before still ran or because of a window or a freeze. */
  event('ScheduleSkipped', 'EF133W', () => ({
    schedule: text,
    instant,
    because: z.enum(['overlap', 'outside']),
    reason: text,
  })),
  event('ScheduleMissed', 'EF134W', () => ({
    schedule: text,
    instant,
    instants: z.array(instant).min(1).readonly(),
    because: z.enum(['down', 'paused', 'restored']),
  })),
  event('ScheduleFinished', { of: ({ outcome }) => outcome, codes: { ok: 'EF141I', failed: 'EF142E' } }, () => ({
    schedule: text,
    instant,
    outcome: z.enum(['ok', 'failed']),
    reason: text,
    begun: text.exactOptional(),
    looked: looked.exactOptional(),
  })),
] as const

export type ScheduleEventBody = BodyOf<typeof scheduleEventTypes>
