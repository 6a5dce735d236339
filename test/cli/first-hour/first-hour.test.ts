import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { AUDITOR } from './auditor.ts'
import { ENGINEER } from './engineer.ts'
import { startHour } from './hour.ts'
import type { Mistake } from './mistake.ts'
import { PLATFORM_ENGINEER } from './platform-engineer.ts'

/** The sentence of each mistake by its id, as they were fixed before anything was tried. */
const SENTENCES = new Map(
  [...readFileSync(new URL('./mistakes.md', import.meta.url), 'utf8').matchAll(/^- ([epa]\d\d): (.+)$/gm)].map(
    ([, id = '', sentence = '']) => [id, sentence],
  ),
)
const EVERY: Readonly<Record<string, Mistake>> = { ...ENGINEER, ...PLATFORM_ENGINEER, ...AUDITOR }

test('every mistake that was fixed is made, and the mean of the ratings is at least 2.8, none of them 0', () => {
  expect(SENTENCES.size).toBe(70)
  expect(Object.keys(EVERY).sort()).toEqual([...SENTENCES.keys()].sort())
  const ratings = Object.values(EVERY).map(({ rating }) => rating)
  expect(Math.min(...ratings)).toBeGreaterThan(0)
  expect(ratings.reduce<number>((sum, rating) => sum + rating, 0) / 70).toBeGreaterThanOrEqual(2.8)
})

test.each([
  ['engineer', 30, ENGINEER],
  ['platform-engineer', 25, PLATFORM_ENGINEER],
  ['auditor', 15, AUDITOR],
])(
  'what eosflow says to the mistakes of the %s is the golden text',
  { tags: 'night' },
  async (person, count, mistakes) => {
    const pieces: string[] = []
    for (const [id, { rating, make }] of Object.entries(mistakes)) {
      const hour = await startHour()
      await make(hour)
      pieces.push(`## ${id}: ${SENTENCES.get(id)}\nRated ${rating} of 3.\n${hour.shown}`)
    }
    expect(pieces).toHaveLength(count)
    const head = `# The first hour: the ${person.replace('-', ' ')}\nWhat eosflow says to each mistake of [mistakes.md](mistakes.md).\n`
    await expect(`${[head, ...pieces].join('\n')}`).toMatchFileSnapshot(`./${person}.md`)
  },
)
