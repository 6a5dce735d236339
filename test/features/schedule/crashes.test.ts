// @module-tag long
import { expect, test } from 'vitest'
import type { ScheduleRecord } from '../../../src/change/record/event/schedule.ts'
import { occurrenceKey } from '../../../src/change/schedule/schedule.ts'
import { everyNthOfLong } from '../../extent.ts'
import { decisionsOf, type Kill, Killed, oracle, type VirtualSchedules, virtualSchedules } from './virtual-runner.ts'

const HOUR = 3_600_000
const BEGIN = '2026-10-23T20:00:00.000Z'
/** Three nights, and in one of them the clock is put back. */
const END = Date.parse('2026-10-26T20:00:00.000Z')
const PAUSE = [Date.parse('2026-10-24T09:00:00.000Z'), 'paused'] as const
const CONTINUE = [Date.parse('2026-10-25T05:00:00.000Z'), 'continued'] as const
const ZONE = 'Europe/Berlin'

const SETTINGS = `schedules:
  - { name: quick, cron: '0 */6 * * *', tz: ${ZONE}, do: drift }
  - { name: long, every: 5h, tz: ${ZONE}, do: check, overlap: one }
  - { name: windowed, cron: '30 2,5 * * *', tz: ${ZONE}, do: plan, workflow: w.yaml, outside: wait, catchUp: 2h }
  - { name: made-up, cron: '15 3 * * *', tz: ${ZONE}, do: snapshot, missed: latest, catchUp: 3h }
`

/** Lives through three nights in as many processes as it takes. Each is killed as it is told; the next one comes at once, or four hours later. */
async function lived(kill?: Kill) {
  const nights = await virtualSchedules(SETTINGS, BEGIN)
  nights.takes = ({ schedule, instant }) => (schedule.name === 'long' && (instant / HOUR) % 2 < 1 ? 7 * HOUR : 60_000)
  nights.outside = (now) => (new Date(now).getUTCHours() < 2 ? 'the window is closed' : undefined)
  let runner = nights.process(kill === undefined ? {} : { kill })
  const next = async (error: unknown) => {
    if (!(error instanceof Killed)) throw error
    runner = nights.process()
    if ((kill?.append ?? 0) % 2 === 1) await nights.clock.advance(4 * HOUR)
  }
  for (const [until, change] of [PAUSE, CONTINUE, [END, undefined]] as const) {
    while (nights.clock.now() < until) await nights.live(runner, until, HOUR).catch(next)
    if (change !== undefined) await nights.change('quick', change)
  }
  // Whoever comes next finds what was left.
  await nights.clock.advance(10 * HOUR)
  nights.takes = () => 60_000
  const last = nights.process()
  await last.look()
  await nights.clock.advance(HOUR / 2)
  return nights
}

/** One instant of a schedule, and what was decided about it. */
interface Decided {
  readonly name: string
  readonly instant: string
  readonly what: string
}

/** Requires that an occurrence began at most once, and that the record says so where it did not. True where a process was killed in the middle of it. */
function isInterrupted(nights: VirtualSchedules, records: readonly ScheduleRecord[], { name, instant, what }: Decided) {
  const begun = nights.begun.get(occurrenceKey(name, Date.parse(instant))) ?? 0
  const ends = records.filter(
    (one) => one.type === 'ScheduleFinished' && one.schedule === name && one.instant === instant,
  )
  const wanted = what === 'fired' ? [true, 1] : [begun === 0, 0]
  expect([name, instant, begun <= 1, ends.length]).toEqual([name, instant, ...wanted])
  const [end] = ends
  const hasFailed = end?.type === 'ScheduleFinished' && end.outcome === 'failed'
  if (what === 'fired' && begun === 0) expect([name, instant, hasFailed]).toEqual([name, instant, true])
  return hasFailed
}

/** What holds whatever happened. Gives how many occurrences began and how many instants passed. */
async function judged(nights: VirtualSchedules) {
  const records = await nights.records()
  const counts: Record<string, number> = {}
  for (const { name, cron } of nights.schedules) {
    const loaded = records.find((one) => one.schedule === name && one.type === 'ScheduleChanged')
    const since = Date.parse(loaded?.at ?? '')
    const decided = decisionsOf(records, name)
    const instants = [...decided.keys()].toSorted()
    if (cron === undefined) {
      const every = instants.map((_, index) => new Date(since + (index + 1) * 5 * HOUR).toISOString())
      expect(instants).toEqual(every)
      expect(nights.clock.now() - Date.parse(instants.at(-1) ?? '')).toBeLessThanOrEqual(5 * HOUR)
    } else expect([name, instants]).toEqual([name, oracle(cron, ZONE, since, nights.clock.now())])
    for (const [instant, what] of decided) {
      counts[what] = (counts[what] ?? 0) + 1
      if (isInterrupted(nights, records, { name, instant, what })) counts.interrupted = (counts.interrupted ?? 0) + 1
    }
  }
  return counts
}

test('[G149] whatever record a process is killed at, each instant begins at most once, and what did not happen is on record', async () => {
  const undisturbed = await lived()
  const found = await judged(undisturbed)
  // `quick` is paused over three instants, `made-up` is outside on the two nights of summer time; nobody runs schedules for the last ten hours.
  expect(found).toEqual({ fired: 30, 'missed paused': 3, 'skipped outside': 2, 'missed down': 7 })
  const { appends } = undisturbed
  let interrupted = 0
  const kills = Array.from({ length: appends }, (_, append) =>
    [false, true].map((isWritten) => ({ append, isWritten })),
  )
  const cut = everyNthOfLong(12, 'kills of a process that runs schedules', kills.flat())
  for (const kill of cut) {
    const counts = await judged(await lived(kill))
    interrupted += counts.interrupted ?? 0
  }
  expect(appends).toBeGreaterThan(70)
  expect(cut.length).toBeGreaterThanOrEqual(12)
  expect(interrupted).toBeGreaterThan(cut.length / 8)
})
