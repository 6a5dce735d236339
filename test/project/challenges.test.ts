import { describe, expect, test } from 'vitest'
import { type Challenges, type OpenChallenge, openChallenges } from '../../src/project/approval/challenge.ts'
import { openForTest } from '../change/record/sqlite/open-for-test.ts'

const EIGHT = Date.UTC(2026, 0, 5, 8)

/** A clock that only a test moves, in milliseconds since eight o'clock. */
class Passing {
  passed = 0
  now = () => EIGHT + this.passed
  monotonic = () => this.passed
}

/** Challenges in a store whose time is that of a clock. */
const made = async (clock: Passing) =>
  openChallenges((await openForTest(':memory:', { ...clock, now: clock.now, sleep: never })).notes)

const never = (): Promise<never> => new Promise(() => undefined)

const GONE = {
  kind: 'stale',
  message: 'the decision is not open: it was made already, or five minutes have passed',
  hint: 'Look at the plan again, and decide anew.',
}

/** The challenge of this number, of somebody of an issuer. */
const challengeOf = (number: number, id = 'ann', issuer = 'corp'): OpenChallenge => ({
  statement: { nonce: number.toString(16).padStart(32, '0') } as OpenChallenge['statement'],
  execution: 'X1',
  proof: 'passkey',
  asker: { principal: { issuer, id }, session: 's1' },
})

/** Those of these challenges that are open, each asked for by whoever has asked for it. All of them are gone behind that. */
async function openOf(challenges: Challenges, all: readonly OpenChallenge[]) {
  const found: number[] = []
  for (const [number, one] of all.entries()) {
    const taken = await Promise.resolve()
      .then(() => challenges.take(one.statement.nonce, one.asker))
      .catch(() => undefined)
    if (taken !== undefined) found.push(number)
  }
  return found
}

describe('challenges', () => {
  test('each is given up once, as it was opened, and says when it ends', async () => {
    const challenges = await made(new Passing())
    const one = challengeOf(7)
    expect(await challenges.open(one)).toEqual({
      id: '00000000000000000000000000000007',
      until: '2026-01-05T08:05:00.000Z',
    })
    expect(await challenges.take(one.statement.nonce, one.asker)).toEqual(one)
    await expect(async () => challenges.take(one.statement.nonce, one.asker)).rejects.toMatchObject(GONE)
  })

  test.each([
    ['another session', { principal: { issuer: 'corp', id: 'ann' }, session: 's2' }],
    ['another person', { principal: { issuer: 'corp', id: 'bob' }, session: 's1' }],
    ['somebody of that name elsewhere', { principal: { issuer: 'other', id: 'ann' }, session: 's1' }],
  ])('none is given up to %s, and whoever has asked for it still has it', async (_name, asker) => {
    const challenges = await made(new Passing())
    const one = challengeOf(1)
    await challenges.open(one)
    await expect(async () => challenges.take(one.statement.nonce, asker)).rejects.toMatchObject(GONE)
    expect(await openOf(challenges, [one])).toEqual([0])
  })

  test('is open for five minutes and no longer', async () => {
    const clock = new Passing()
    const challenges = await made(clock)
    const [first, second] = [challengeOf(1), challengeOf(2)]
    await challenges.open(first)
    await challenges.open(second)
    clock.passed = 299_999
    expect(await openOf(challenges, [first])).toEqual([0])
    clock.passed = 300_000
    expect(await openOf(challenges, [second])).toEqual([])
  })

  test('one person has twenty at most: the oldest makes room, and nobody else’s does', async () => {
    const challenges = await made(new Passing())
    const others = [challengeOf(100, 'bob'), challengeOf(101, 'ann', 'other')]
    const own = Array.from({ length: 20 }, (_one, number) => challengeOf(number))
    for (const one of [...others, ...own]) await challenges.open(one)
    const more = challengeOf(20)
    await challenges.open(more)
    expect(await openOf(challenges, [...own, more])).toEqual(Array.from({ length: 20 }, (_one, number) => number + 1))
    expect(await openOf(challenges, others)).toEqual([0, 1])
  })
})

test('all together have a thousand at most: the oldest makes room', { tags: ['long', 'turn'] }, async () => {
  const challenges = await made(new Passing())
  const all = Array.from({ length: 1001 }, (_one, number) => challengeOf(number, `person${number}`))
  for (const one of all.slice(0, 1000)) await challenges.open(one)
  expect(await openOf(challenges, all.slice(0, 1))).toEqual([0])
  for (const one of [...all.slice(0, 1), ...all.slice(1000)]) await challenges.open(one)
  const [first, second, third] = all as [OpenChallenge, OpenChallenge, OpenChallenge]
  expect(await openOf(challenges, [second])).toEqual([])
  expect(await openOf(challenges, [first, third])).toEqual([0, 1])
})
