import { expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { everyNthOfLong, extentOfLong } from '../../../extent.ts'
import { brokenLaws, lived, type Moment, teamInMemory } from './team-in-memory.ts'

/** One append of a change by a worker, counted within its execution: `whole` or a site. */
interface Point {
  readonly of: string
  readonly nth: number
  readonly types: string
}

/** Counts the appends of each execution. */
function counting(seen: (point: Point, moment: Moment) => boolean): (moment: Moment) => boolean {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  return (moment) => {
    const { execution = '', events, when } = moment
    for (const [id, name] of events.flatMap((event) => namedIn(execution, event))) names.set(id, name)
    const of = execution === '' ? 'outside' : (names.get(execution) ?? 'whole')
    const nth = (counts.get(of) ?? 0) + (when === 'before' ? 1 : 0)
    counts.set(of, nth)
    return seen({ of, nth, types: events.map(wordOf).join('+') }, moment)
  }
}

/** Which executions are which, where an event says so. */
function namedIn(execution: string, event: EventBody): readonly (readonly [string, string])[] {
  if (event.type !== 'SitesDivided') return []
  return [[execution, 'whole'], ...event.sites.map(({ site, execution: part }) => [part, site] as const)]
}

function wordOf(event: EventBody) {
  if (event.type === 'ActIntended' || event.type === 'ActFinished') return `${event.type}:${event.act}`
  return 'barrier' in event ? `${event.type}:${event.barrier}` : event.type
}

/** What is written about the barriers, and about what is behind them; all else is quick to tell from any execution of one site. */
const ABOUT_BARRIERS =
  /Sites|Site|Barrier|PlanMade|Approval|ExecutionStarted|ExecutionEnded|Act(?:Intended|Finished):(?:arm|confirm|save)/

async function pointsOfAChange() {
  const points: Point[] = []
  await lived({
    killed: counting((point, { when }) => {
      if (when === 'before') points.push(point)
      return false
    }),
  })
  return points
}

/** What came of a change of which a worker was killed at a point, where that is not as it must be. */
async function wrongWhenKilled({ of, nth, types }: Point, when: Moment['when']) {
  let isKilled = false
  const team = await teamInMemory({
    killed: counting((point, moment) => {
      if (isKilled || point.of !== of || point.nth !== nth || moment.when !== when) return false
      isKilled = true
      return true
    }),
  })
  const id = await team.begin()
  await team.decide(id)
  const { outcome } = await team.ended(id)
  const broken = await brokenLaws(team, id)
  // One death leaves nothing unknown: another worker of the site reads where its switch is.
  const isSettled = outcome === 'succeeded' || outcome === 'rolled-back' || outcome === 'refused'
  const wrong = [...(isKilled ? [] : ['not killed']), ...broken, ...(isSettled ? [] : [`it ended ${outcome}`])]
  return wrong.map((what) => `${of} ${nth}, ${when} ${types}: ${what}; ${team.thrown.join('; ')}`)
}

test.each(['whole', 'north', 'south'])(
  'a worker is killed before and behind each record about the barriers, of %s',
  { tags: ['long', 'turn'], timeout: 600_000 },
  async (name) => {
    const isAll = process.env.EOSFLOW_SITES === 'all'
    const points = (await pointsOfAChange()).filter(
      ({ of, types }) => of === name && (isAll || ABOUT_BARRIERS.test(types)),
    )
    expect(points.length).toBeGreaterThan(7)
    const looked = everyNthOfLong(9, `records at which a worker of ${name} is killed`, points)
    expect(looked.length).toBeGreaterThanOrEqual(extentOfLong(1, 8))
    const wrong: string[] = []
    for (const point of looked) {
      for (const when of ['before', 'behind'] as const) wrong.push(...(await wrongWhenKilled(point, when)))
    }
    expect(wrong).toEqual([])
  },
)
