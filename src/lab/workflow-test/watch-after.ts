import { cursorBehind } from '../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { noticesDue } from '../../features/notify/notice/judge.ts'
import { NOTHING_SEEN, watched } from '../../features/notify/notice/watch.ts'
import { scheduleActs } from '../../features/schedule/run-due.ts'
import { ScheduleRunner } from '../../features/schedule/schedule-runner.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { App } from '../../project/app/app.ts'
import { afterOf } from '../../project/history/schedules/kept-afters.ts'
import type { Caller } from '../../project/identity/caller.ts'
import { afterView } from '../../report/view/after-words.ts'
import type { AfterEvidence } from './evidence.ts'
import type { Lab } from './lab.ts'
import { secondsAfter } from './moment.ts'
import type { TestCase } from './test-case.ts'

/**
 * Lets the time pass in which the checks of a case are judged on after its change, as a server does, with what goes wrong meanwhile. Undefined where the case
 * says nothing of that time, or the change is not watched.
 */
export async function watchAfter(
  app: App,
  caller: Caller,
  testCase: TestCase,
  { lab, execution }: { readonly lab: Lab; readonly execution: string },
): Promise<AfterEvidence | undefined> {
  const moments = momentsOf(testCase)
  const standing = await afterOf(app, execution)
  if (standing === undefined || (moments.length === 0 && testCase.expect.after === undefined)) return undefined
  const { clock } = app
  const begun = clock.now()
  const over = Date.parse(standing.subject.until) + 1_000
  const { in: seconds = Number.POSITIVE_INFINITY } = testCase.expect.after ?? {}
  const end = Math.min(over, begun + seconds * 1000)
  const runner = new ScheduleRunner({
    app,
    schedules: [],
    mayWait: true,
    ...scheduleActs(app, caller, NOTHING_ELSE),
    failed: (what, error) => {
      throw new EosflowError('bug', `${what}: ${messageOf(error)}`)
    },
  })
  let waiting = moments
  for (;;) {
    const next = await runner.look()
    await runner.end()
    const now = clock.now()
    if (now >= end) break
    const [first] = waiting
    const moment = first === undefined ? end : begun + first.seconds * 1000
    await clock.sleep(Math.max(1, Math.min(next ?? end, moment, end) - now))
    for (const { name } of waiting.filter(({ seconds }) => begun + seconds * 1000 <= clock.now())) lab.begin(name)
    waiting = waiting.filter(({ seconds }) => begun + seconds * 1000 > clock.now())
  }
  const { state, words } = afterView((await afterOf(app, execution)) ?? standing, clock.now())
  return { state, words, notices: await noticesOf(app) }
}

/** When something goes wrong after the end, the first first. */
function momentsOf({ faults, judges }: TestCase): readonly { readonly name: string; readonly seconds: number }[] {
  const answers = Object.values(judges.answers).flat()
  const named = [...faults, ...answers].flatMap(({ when }) => {
    const seconds = secondsAfter(when)
    return when === undefined || seconds === undefined ? [] : [{ name: when, seconds }]
  })
  return named.toSorted((one, other) => one.seconds - other.seconds)
}

const notSo = (): Promise<never> => Promise.reject(new EosflowError('bug', 'an after-watch begins nothing'))
const NOTHING_ELSE = { begin: notSo, through: notSo, rehearse: notSo }

/** Which notices a server would have opened, in order: what is open is judged behind each look. */
async function noticesOf({ store, clock }: App): Promise<readonly string[]> {
  const events: JournalEvent[] = []
  for (let cursor = cursorBehind(undefined); ; ) {
    const tail = await store.tail(cursor)
    if (tail.events.length === 0) break
    events.push(...tail.events)
    cursor = tail.cursor
  }
  const opened: string[] = []
  let watch = NOTHING_SEEN
  for (const event of events) {
    watch = watched(watch, event)
    if (event.type !== 'ScheduleFinished') continue
    for (const due of noticesDue(watch, { now: clock.now() })) {
      // What is due is as good as on record: a server writes it at once.
      watch = watched(watch, { ...event, ...due } as JournalEvent)
      if (due.type === 'NoticeOpened') opened.push(due.notice)
    }
  }
  return opened
}
