import { z } from 'zod'
import { NOTICE_KINDS, SEVERITIES } from '../../../model/notice.ts'
import { event, text, texts } from './record-schema.ts'

const notice = z.enum(NOTICE_KINDS)

/**
 * The schemas of events that say what is abnormal, and which messages were given up (docs/notifications.md). None belongs to an execution: the one
 * that it is about goes on without it.
 */
export const noticeEventTypes = [
  /** Something abnormal has begun. Until it is closed, no second notice has the same cause. */
  event('NoticeOpened', { of: ({ severity }) => severity, codes: { warn: 'EF135W', page: 'EF136E' } }, () => ({
    notice,
    /** What it is about, in one word or two: equal for everything that has the same cause. */
    cause: text,
    severity: z.enum(SEVERITIES).exclude(['info']),
    reason: text,
    /** The execution that it is about. */
    concerns: text.exactOptional(),
    devices: texts.exactOptional(),
  })),
  /** It has ended. */
  event('NoticeClosed', 'EF137I', () => ({
    notice,
    cause: text,
    /** The number of the record that opened it. */
    opened: z.int().positive(),
    /** The execution that it is about. */
    concerns: text.exactOptional(),
    devices: texts.exactOptional(),
  })),
  /** A target has taken nothing for so long that what is that old is not sent any more. */
  event('NotificationGivenUp', 'EF138E', () => ({
    target: text,
    /** The first and the last record whose notification it lacks, and how many those are. */
    first: z.int().positive(),
    last: z.int().positive(),
    count: z.int().positive(),
    reason: text,
  })),
  /** Somebody has compared switches with the last configuration that was confirmed on them. */
  event('DriftCompared', 'EF139I', () => ({
    differs: texts,
    same: texts,
    /** Those that had nothing to be compared with. */
    unconfirmed: texts.exactOptional(),
    /** Those that could not be read. */
    unread: texts.exactOptional(),
  })),
] as const
