import { describe, expect, test } from 'vitest'
import { judgeBeside } from './anta/judge-beside.ts'
import { hasTodays, withoutTodays } from './todays.ts'

/** Another seed and more answers are tried with `ANSWERS=SEED,COUNT`, and 50,000 by `npm run soak -- anta`. */
const [SEED = 20_261_126, COUNT = 2_000] = (process.env.ANSWERS ?? '').split(',').filter(Boolean).map(Number)

describe.skipIf(!hasTodays)(`checks beside ANTA itself${withoutTodays}`, () => {
  test(`answers that are changed in one place, seed ${SEED}, get the same verdict and the same messages`, () => {
    const { judged, checks, equal, listed, withMessages, sameMessages, unlisted, passed } = judgeBeside(SEED, COUNT)
    const differing = [...listed.values()].reduce((sum, count) => sum + count, 0)
    process.stdout.write(
      `answers, seed ${SEED}: ${judged} judged, ${equal} verdicts equal, ${differing} listed (${listed.get('Nothing to judge by') ?? 0} have nothing to judge by), ${unlisted.length} others; ` +
        `${sameMessages} of ${withMessages} with the same messages\n`,
    )
    expect(judged).toBe(COUNT)
    expect(checks).toBe(208)
    // A check that says success where ANTA does not is the worst that can happen.
    expect(passed).toEqual([])
    expect(unlisted.slice(0, Math.max(0, unlisted.length - COUNT / 1_000))).toEqual([])
    // An error where ANTA judges is no way out: the share of these is small.
    expect(listed.get('Nothing to judge by') ?? 0).toBeLessThan(COUNT * 0.03)
    expect(equal).toBeGreaterThan(COUNT * 0.8)
    expect(withMessages).toBeGreaterThan(COUNT * 0.4)
    expect(sameMessages / withMessages).toBeGreaterThanOrEqual(0.98)
  })
})
