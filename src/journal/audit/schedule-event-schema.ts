import { z } from 'zod'
import { event, principal, text, texts } from '../envelope-schema.ts'

const instant = z.iso.datetime()

/** The schemas of the events of schedules. */
export const scheduleEventSchemas = [
  event('ScheduleChanged', {
    schedule: text,
    change: z.enum(['loaded', 'removed', 'paused', 'continued']),
    tz: text.exactOptional(),
    cron: text.exactOptional(),
    every: z.int().positive().exactOptional(),
    principal: principal.exactOptional(),
    reason: text.exactOptional(),
    rules: texts.exactOptional(),
    policy: text.exactOptional(),
  }),
  event('ScheduleFired', { schedule: text, instant, does: text, principal: principal.exactOptional() }),
  event('ScheduleSkipped', { schedule: text, instant, because: z.enum(['overlap', 'outside']), reason: text }),
  event('ScheduleMissed', {
    schedule: text,
    instant,
    instants: z.array(instant).min(1).readonly(),
    because: z.enum(['down', 'paused', 'restored']),
  }),
  event('ScheduleFinished', {
    schedule: text,
    instant,
    outcome: z.enum(['ok', 'failed']),
    reason: text,
    begun: text.exactOptional(),
  }),
] as const
