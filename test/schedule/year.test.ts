import { expect, test } from 'vitest'
import { occurrenceKey } from '../../src/schedule/schedule.ts'
import { instantsBetween } from '../../src/schedule/schedule-time.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { decisionsOf, oracle, virtualSchedules } from './virtual-runner.ts'

const SEED = 20_261_121
const DAY = 86_400_000
const YEAR = ['2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'] as const

/** Zones that change their clocks, each with what is due in the hour that is missing and in the one that is there twice. */
const ZONES: readonly (readonly [tz: string, nightly: string, steps: string])[] = [
  ['Europe/Berlin', '30 2 * * *', '*/20 1-3 * * 0'],
  ['America/New_York', '30 2 * * *', '*/20 1-3 * * 0'],
  ['Australia/Lord_Howe', '10 2 * * *', '*/15 1-2 * * 0'],
  ['Pacific/Auckland', '30 2 * * *', '*/20 1-3 * * 0'],
  ['America/Santiago', '30 0 * * *', '*/20 0,23 * * 0,6'],
]

test.each(ZONES)(
  'the instants of a year in %s are those of croner',
  { tags: ['long', 'turn'] },
  (tz, nightly, steps) => {
    const [begin, end] = YEAR.map((one) => Date.parse(one)) as [number, number]
    for (const cron of [nightly, steps, '0 */6 * * *', '15,45 2-3 * * *', '0 6 * * mon-fri']) {
      const found = instantsBetween({ cron, tz }, begin, end, 100_000).instants.map((at) => new Date(at).toISOString())
      expect([cron, found]).toEqual([cron, oracle(cron, tz, begin, end)])
      expect(found.length).toBeGreaterThan(150)
    }
    expect(oracle(nightly, tz, begin, end)).toHaveLength(365)
  },
)

/** All of a year, or the weeks in which these zones change their clocks. */
const STRETCHES: readonly (readonly [begin: string, end: string])[] = extentOfLong(
  [
    ['2026-03-01T00:00:00.000Z', '2026-04-12T00:00:00.000Z'],
    ['2026-09-01T00:00:00.000Z', '2026-11-08T00:00:00.000Z'],
  ],
  [YEAR],
)
const LIVED = ZONES.flatMap((zone) => STRETCHES.map((stretch) => [...zone, ...stretch] as const))

test.each(everyNthOfLong(4, 'zones lived through', LIVED))(
  'in %s (%s, %s) from %s to %s each instant begins at most once, and each that was missed is on record',
  { tags: ['long', 'turn'] },
  async (tz, nightly, steps, begin, over) => {
    process.stdout.write(`schedules in ${tz} from ${begin} to ${over}: seed ${SEED}\n`)
    const random = new SeededRandom(SEED)
    const below = (n: number): number => Math.floor(random.fraction() * n)
    const lived = await virtualSchedules(
      `schedules:
  - { name: nightly, cron: '${nightly}', tz: ${tz}, do: drift }
  - { name: late, cron: '15 9 * * 1,4', tz: ${tz}, do: check, missed: latest, catchUp: 5h }
  - { name: steps, cron: '${steps}', tz: ${tz}, do: snapshot }
`,
      begin,
    )
    const end = Date.parse(over)
    while (lived.clock.now() < end) {
      const until = Math.min(lived.clock.now() + (1 + below(9)) * DAY + below(DAY), end)
      await lived.live(lived.process(), until)
      // Down for six hours to a day and a half: a night now and then.
      const down = (6 + below(31)) * 3_600_000
      await lived.clock.advance(Math.min(down, Math.max(0, end - lived.clock.now())))
    }
    // What was missed at the end is found by whoever comes next.
    const last = lived.process()
    await last.look()
    await last.end()
    const records = await lived.records()
    const counts = new Map<string, number>()
    for (const { name, cron = '' } of lived.schedules) {
      const decided = decisionsOf(records, name)
      expect([...decided.keys()].toSorted()).toEqual(oracle(cron, tz, Date.parse(begin), lived.clock.now()))
      for (const [instant, what] of decided) {
        const begun = lived.begun.get(occurrenceKey(name, Date.parse(instant))) ?? 0
        expect([name, instant, begun]).toEqual([name, instant, what === 'fired' ? 1 : 0])
        counts.set(`${name} ${what}`, (counts.get(`${name} ${what}`) ?? 0) + 1)
      }
    }
    expect(lived.begun.size).toBe(records.filter(({ type }) => type === 'ScheduleFired').length)
    // One for every day, and some of them while nobody ran schedules.
    const days = Math.round((end - Date.parse(begin)) / DAY)
    const nightlies = (counts.get('nightly fired') ?? 0) + (counts.get('nightly missed down') ?? 0)
    expect(Math.abs(nightlies - days)).toBeLessThanOrEqual(1)
    expect(counts.get('nightly missed down')).toBeGreaterThan(0)
    expect(counts.get('late fired')).toBeGreaterThan(days / 7)
  },
)
