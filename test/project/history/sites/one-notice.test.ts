import { expect, test } from 'vitest'
import type { EventBody, JournalEvent } from '../../../../src/change/record/event/event.ts'
import { notificationOf, subjectOf } from '../../../../src/features/notify/notice/message/notification.ts'
import { NOTHING_SEEN, noticesDue, watched } from '../../../../src/features/notify/notice/watch.ts'
import { EosflowError } from '../../../../src/model/error.ts'
import { lived } from './team-in-memory.ts'

/** A change over both sites whose southern switch is never heard of again from its confirm on. */
async function lostInTheSouth() {
  let isLost = false
  const {
    team,
    id,
    whole,
    records: ofWhole,
  } = await lived({
    before: (device, commands) => {
      if (device !== 'leaf3') return
      isLost ||= commands.some((one) => /^configure session \S+ commit$/.test(one))
      if (isLost) throw new EosflowError('unreachable', 'leaf3 does not answer', { device })
    },
  })
  const parts = await team.parts(id)
  const ofParts = await Promise.all(Object.values(parts).map((part) => team.records(part.id)))
  const records = [ofWhole, ...ofParts].flat().toSorted((a, b) => a.seq - b.seq)
  return { id, whole, parts, records }
}

let life: ReturnType<typeof lostInTheSouth> | undefined

/** It takes seconds, and is lived through once. */
function onceLost() {
  life ??= lostInTheSouth()
  return life
}

/** Looks at the record behind each of its events, as an outbox does. Gives what it puts on record. */
function noticed(records: readonly JournalEvent[]) {
  const due: EventBody[] = []
  let watch = NOTHING_SEEN
  for (const event of records) {
    watch = watched(watch, event)
    for (const body of noticesDue(watch, { now: Date.parse(event.at) })) {
      due.push(body)
      const { v, seq, at, actor } = event
      watch = watched(watch, { v, seq, at, actor, ...body } as JournalEvent)
    }
  }
  return due
}

test('a switch of a part that nobody knows wakes somebody once: not for the part and for the whole', {
  tags: ['long', 'turn'],
}, async () => {
  const { id, whole, parts, records } = await onceLost()
  expect([whole.outcome, parts.south?.outcome]).toEqual(['unknown', 'unknown'])
  // The north ends by the ruling of the whole, or by its word to stop: whichever it reads first.
  expect(['rolled-back', 'cancelled']).toContain(parts.north?.outcome)
  const south = parts.south?.id ?? ''
  expect(noticed(records)).toMatchObject([
    { type: 'NoticeOpened', notice: 'undo-failed', concerns: south, devices: ['leaf3'] },
  ])
  // Where the watch began behind what the part has said, the whole says it.
  const late = records.filter(({ execution }) => execution === id)
  expect(noticed(late)).toMatchObject([
    { type: 'NoticeOpened', notice: 'unknown-end', concerns: id, devices: ['leaf3'] },
  ])
})

test('of a change over two sites a target is told each happening once, by the whole', {
  tags: ['long', 'turn'],
}, async () => {
  const { id, records } = await onceLost()
  const subjects = new Map(
    records.flatMap((event) => (event.type === 'ExecutionStarted' ? [[event.execution, subjectOf(event)]] : [])),
  )
  const told = records.flatMap((event) => notificationOf(event, subjects.get(event.execution)) ?? [])
  expect(told.map(({ what, execution }) => [what, execution === id])).toEqual([
    ['execution.started', true],
    ['plan.made', true],
    ['approval.requested', true],
    ['execution.ended', true],
  ])
})
