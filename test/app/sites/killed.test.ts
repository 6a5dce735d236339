import { describe, expect, test } from 'vitest'
import type { EventBody } from '../../../src/journal/event.ts'
import { brokenLaws } from './laws.ts'
import { type Moment, TeamInMemory } from './team-in-memory.ts'

/** One append of a change by a worker, counted within its execution: `whole` or a site. */
interface Point {
  readonly of: string
  readonly nth: number
  readonly types: string
}

/** Counts the appends of each execution. The whole is the first that is written. */
function counting(seen: (point: Point, moment: Moment) => boolean): (moment: Moment) => boolean {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  return (moment) => {
    const { execution, events, when } = moment
    for (const one of events) {
      if (one.type === 'SitesDivided') {
        names.set(execution ?? '', 'whole')
        for (const { site, execution: part } of one.sites) names.set(part, site)
      }
    }
    const of = names.get(execution ?? '') ?? (execution === undefined ? 'outside' : 'whole')
    const nth = (counts.get(of) ?? 0) + (when === 'before' ? 1 : 0)
    counts.set(of, nth)
    return seen({ of, nth, types: events.map(wordOf).join('+') }, moment)
  }
}

function wordOf(event: EventBody): string {
  if (event.type === 'ActIntended' || event.type === 'ActFinished') return `${event.type}:${event.act}`
  return 'barrier' in event ? `${event.type}:${event.barrier}` : event.type
}

/** What is written about the barriers, and about what is behind them; all else is quick to tell from any execution of one site. */
const ABOUT_BARRIERS =
  /Sites|Site|Barrier|PlanMade|Approval|ExecutionStarted|ExecutionEnded|Act(?:Intended|Finished):(?:arm|confirm|save)/

async function pointsOfAChange(): Promise<readonly Point[]> {
  const points: Point[] = []
  const team = new TeamInMemory({
    killed: counting((point, { when }) => {
      if (when === 'before') points.push(point)
      return false
    }),
  })
  const id = await team.begin()
  await team.decide(id)
  await team.ended(id)
  return points
}

describe('a worker is killed at a record of a change over two sites', async () => {
  const points = await pointsOfAChange()
  const isAll = process.env.EOSFLOW_SITES === 'all'
  const chosen = points.filter(({ types }) => isAll || ABOUT_BARRIERS.test(types))

  test('there are such records of the whole and of each site', () => {
    const of = (name: string): number => chosen.filter((one) => one.of === name).length
    expect(Math.min(of('whole'), of('north'), of('south'))).toBeGreaterThan(9)
  })

  test.each(
    chosen.flatMap((point) => [
      { ...point, when: 'before' as const },
      { ...point, when: 'behind' as const },
    ]),
  )('$of $nth, $when $types', async ({ of, nth, when }) => {
    let isKilled = false
    const team = new TeamInMemory({
      killed: counting((point, moment) => {
        if (isKilled || point.of !== of || point.nth !== nth || moment.when !== when) return false
        isKilled = true
        return true
      }),
    })
    const id = await team.begin()
    await team.decide(id)
    const { outcome } = await team.ended(id)
    expect(isKilled).toBe(true)
    expect(await brokenLaws(team, id), `${outcome}; ${team.thrown.join('; ')}`).toEqual([])
    // One death leaves nothing unknown: another worker of the site reads where its switch is.
    expect(['succeeded', 'rolled-back', 'refused']).toContain(outcome)
  })
})
