import { z } from 'zod'
import { type BodyOf, event, principal, text, texts } from './record-schema.ts'

const instant = z.iso.datetime()
const times = z.int().nonnegative()

/** What one look of an after-watch came to, see `AfterLook`. */
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

/** The schemas of what happens to schedules. Instants are ISO 8601 in UTC. */
export const scheduleEventTypes = [
  /** A schedule came into force as it is in the settings, left them, was paused, or was continued; the checks of a confirmed change are kept as one until they are `removed`. */
  event('ScheduleChanged', 'EF140I', () => ({
    schedule: text,
    change: z.enum(['loaded', 'removed', 'paused', 'continued']),
    /** When it is due, where it was loaded. `every` in seconds. */
    tz: text.exactOptional(),
    cron: text.exactOptional(),
    every: z.int().positive().exactOptional(),
    /** The change whose checks it judges on, where it is an after-watch that begins. */
    after: z.strictObject({ execution: text, devices: texts, until: instant }).exactOptional(),
    /** Who has paused or continued it, and why. */
    principal: principal.exactOptional(),
    reason: text.exactOptional(),
    /** The rules that allow it, and the digest of their policy; absent without a policy. */
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  })),
  /** An occurrence begins: from here on it is never begun again. */
  event('ScheduleFired', 'EF132I', () => ({
    schedule: text,
    instant,
    /** What it does: drift, check, snapshot, backup, comply, rehearse, plan, run; `after` for the checks of a change that was confirmed. */
    does: text,
    /** Who has started it by hand. */
    principal: principal.exactOptional(),
  })),
  /** An instant passed without an occurrence, because the one before still ran or because of a window or a freeze. */
  event('ScheduleSkipped', 'EF133W', () => ({
    schedule: text,
    instant,
    because: z.enum(['overlap', 'outside']),
    reason: text,
  })),
  /** Instants passed while nobody ran schedules, or while this one was paused. */
  event('ScheduleMissed', 'EF134W', () => ({
    schedule: text,
    /** The last of them. */
    instant,
    instants: z.array(instant).min(1).readonly(),
    because: z.enum(['down', 'paused', 'restored']),
  })),
  /** An occurrence is over. A plan and a change go on: their execution says how. */
  event('ScheduleFinished', { of: ({ outcome }) => outcome, codes: { ok: 'EF141I', failed: 'EF142E' } }, () => ({
    schedule: text,
    instant,
    outcome: z.enum(['ok', 'failed']),
    /** What came of it, in one sentence. */
    reason: text,
    /** The execution that it has begun. */
    begun: text.exactOptional(),
    /** What an after-watch has found. */
    looked: looked.exactOptional(),
  })),
] as const

/** What happens to schedules. */
export type ScheduleEventBody = BodyOf<typeof scheduleEventTypes>
