import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../../src/change/record/event/event.ts'
import { NOTHING_SEEN, neededFrom, noticesDue, watched } from '../../../../src/features/notify/notice/watch.ts'
import { partOf } from '../../../lab/part-of.ts'

const NOW = Date.UTC(2026, 0, 5, 8)
const record = (seq: number, body: object) =>
  partOf<JournalEvent>({ v: 1, seq, at: '2026-01-05T08:00:00.000Z', actor: 'a', ...body })
const missed = { type: 'ScheduleMissed', schedule: 'nightly', instant: 'i', instants: ['i'], because: 'down' }

/** Folds records, puts on record what is due behind each, and gives what that was. */
function told(...bodies: readonly object[]) {
  let watch = NOTHING_SEEN
  const causes: string[] = []
  for (const body of bodies) {
    watch = watched(watch, record(watch.seq + 1, body))
    for (const due of noticesDue(watch, { now: NOW })) {
      watch = watched(watch, record(watch.seq + 1, due))
      causes.push(`${due.type} ${'cause' in due ? due.cause : ''}`)
    }
  }
  return { causes, watch }
}

const OPENED = 'NoticeOpened schedule-missed nightly'
const CLOSED = 'NoticeClosed schedule-missed nightly'

test.each([
  [
    'its next occurrence',
    { type: 'ScheduleFired', schedule: 'nightly', instant: 'i', does: 'drift' },
    [OPENED, CLOSED],
  ],
  [
    'being taken out of the settings',
    { type: 'ScheduleChanged', schedule: 'nightly', change: 'removed' },
    [OPENED, CLOSED],
  ],
  ['being missed again', missed, [OPENED]],
  ['another schedule', { type: 'ScheduleFired', schedule: 'hourly', instant: 'i', does: 'drift' }, [OPENED]],
])('a schedule that was missed is one notice; %s', (_name, after, expected) => {
  expect(told(missed, missed, after).causes).toEqual(expected)
})

test('a schedule that somebody has paused is not missed', () => {
  expect(told({ ...missed, because: 'paused' }).causes).toEqual([])
})

test('what is open is needed after a restart, what is over is not', () => {
  expect(neededFrom(told({ type: 'LoggedOut' }, missed).watch)).toBe(2)
  expect(neededFrom(told(missed, { type: 'ScheduleFired', schedule: 'nightly' }).watch)).toBe(5)
})
