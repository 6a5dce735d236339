import type { Principal } from '../../model/principal.ts'

/** What happens to schedules. Instants are ISO 8601 in UTC. */
export type ScheduleEventBody =
  /** A schedule came into force as it is in the settings, left them, was paused, or was continued. */
  | {
      readonly type: 'ScheduleChanged'
      readonly schedule: string
      readonly change: 'loaded' | 'removed' | 'paused' | 'continued'
      /** When it is due, where it was loaded. `every` in seconds. */
      readonly tz?: string
      readonly cron?: string
      readonly every?: number
      /** Who has paused or continued it, and why. */
      readonly principal?: Principal
      readonly reason?: string
      /** The rules that allow it, and the digest of their policy; absent without a policy. */
      readonly rules?: readonly string[]
      readonly policy?: string
    }
  /** An occurrence begins: from here on it is never begun again. */
  | {
      readonly type: 'ScheduleFired'
      readonly schedule: string
      readonly instant: string
      /** What it does: drift, check, snapshot, rehearse, plan, run. */
      readonly does: string
      /** Who has started it by hand. */
      readonly principal?: Principal
    }
  /** An instant passed without an occurrence, because the one before still ran or because of a window or a freeze. */
  | {
      readonly type: 'ScheduleSkipped'
      readonly schedule: string
      readonly instant: string
      readonly because: 'overlap' | 'outside'
      readonly reason: string
    }
  /** Instants passed while nobody ran schedules, or while this one was paused. */
  | {
      readonly type: 'ScheduleMissed'
      readonly schedule: string
      /** The last of them. */
      readonly instant: string
      readonly instants: readonly string[]
      readonly because: 'down' | 'paused' | 'restored'
    }
  /** An occurrence is over. A plan and a change go on: their execution says how. */
  | {
      readonly type: 'ScheduleFinished'
      readonly schedule: string
      readonly instant: string
      readonly outcome: 'ok' | 'failed'
      /** What came of it, in one sentence. */
      readonly reason: string
      /** The execution that it has begun. */
      readonly begun?: string
    }
