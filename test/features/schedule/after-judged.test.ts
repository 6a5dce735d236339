import { describe, expect, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import { exits } from '../../lab/exits.ts'
import { DISCARDS, judgedLab, type Said, values } from '../judge/judged-lab.ts'

const MORE = 'after: { checks: 1h, every: 10m }\n'
const [START, TEN, HALF] = [Date.parse('2026-01-05T08:00:00Z'), 600_000, 1_800_000] as const

/** A judge that says 100, and from half past eight on what is given. */
const later =
  (then: Said): Said =>
  (lab, nth) =>
    (lab.clock.now() >= START + HALF ? then : values({ leaf1: 100 }))(lab, nth)

/** What the looks of an hour have found: the result of each. */
async function looks(said: Said, judge?: string) {
  const { lab } = judgedLab(said, { more: MORE, ...(judge === undefined ? {} : { judge }) })
  await exits(0, lab.change())
  const found: string[] = []
  for (let look = 1; look <= 6; look += 1) {
    await lab.clock.advance(START + 60_000 + look * TEN - lab.clock.now())
    const { out } = await lab.eosflow('schedule run --json')
    found.push(JSON.parse(out).schedules[0].last.reason)
  }
  return found
}

const GOOD = '1 verdict on 1 switch, all good'

describe('outside judges are asked on, against what they said before the change', { tags: 'long' }, () => {
  test('a value that is worse than before the change is not good', { tags: 'turn' }, async () => {
    const worse = expect.stringContaining('not good: leaf1: prometheus core: ')
    expect(await looks(later(values({ leaf1: 900 })))).toEqual([GOOD, GOOD, worse, worse, worse, worse])
  })

  test('a judge that is away says nothing, and nothing is good', { tags: ['long', 'turn'] }, async () => {
    const away = later(() => {
      throw new EosflowError('unreachable', 'POST https://prometheus.example.com: connection refused')
    })
    const unjudged = expect.stringContaining(
      'could not be judged: leaf1: prometheus core: POST https://prometheus.example.com: connection refused',
    )
    expect(await looks(away)).toEqual([GOOD, GOOD, unjudged, unjudged, unjudged, unjudged])
  })

  test('one that only observes decides nothing', { tags: ['long', 'turn'] }, async () => {
    const judge = DISCARDS.replace('by: instance', 'by: instance, mode: observe')
    expect(await looks(later(values({ leaf1: 900 })), judge)).toEqual([GOOD, GOOD, GOOD, GOOD, GOOD, GOOD])
  })
})
