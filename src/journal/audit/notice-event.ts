import type { NoticeKind, Severity } from '../../model/notice.ts'

/**
 * The body of an event that says what is abnormal, and which messages were given up (docs/notifications.md). None belongs to an execution: the one
 * that it is about goes on without it.
 */
export type NoticeEventBody =
  /** Something abnormal has begun. Until it is closed, no second notice has the same cause. */
  | {
      readonly type: 'NoticeOpened'
      readonly notice: NoticeKind
      /** What it is about, in one word or two: equal for everything that has the same cause. */
      readonly cause: string
      readonly severity: Exclude<Severity, 'info'>
      readonly reason: string
      /** The execution that it is about. */
      readonly concerns?: string
      readonly devices?: readonly string[]
    }
  /** It has ended. */
  | {
      readonly type: 'NoticeClosed'
      readonly notice: NoticeKind
      readonly cause: string
      /** The number of the record that opened it. */
      readonly opened: number
      /** The execution that it is about. */
      readonly concerns?: string
      readonly devices?: readonly string[]
    }
  /** A target has taken nothing for so long that what is that old is not sent any more. */
  | {
      readonly type: 'NotificationGivenUp'
      readonly target: string
      /** The first and the last record whose notification it lacks, and how many those are. */
      readonly first: number
      readonly last: number
      readonly count: number
      readonly reason: string
    }
  /** Somebody has compared switches with the last configuration that was confirmed on them. */
  | {
      readonly type: 'DriftCompared'
      readonly differs: readonly string[]
      readonly same: readonly string[]
      /** Those that had nothing to be compared with. */
      readonly unconfirmed?: readonly string[]
      /** Those that could not be read. */
      readonly unread?: readonly string[]
    }
