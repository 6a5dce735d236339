import { expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { liveThrough } from './colleague.ts'

/** Seeds of this suite, in lanes that go side by side; `npm run soak -- colleague` lives through two hundred. */
const LANES = extentOfLong(
  [[103], [129], [118]],
  [
    [102, 132, 103, 104, 110],
    [129, 144, 105, 106, 120],
    [118, 107, 108, 109],
  ],
)

test('[P1] [P2] [P3] [P4] [P9] real changes while a colleague types and saves, answers are lost, logins end: no line is lost unnamed, and every end is true', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const ends = (await Promise.all(LANES.map((seeds) => liveThrough(seeds)))).flat()
  const rows = ends.map(
    ({ scenario: { seed, transport, measures }, code, met }) =>
      `  seed ${seed}, ${transport}, measures ${measures}: exit ${code}; ${met.join(', ')}`,
  )
  process.stdout.write(`${ends.length} changes with a colleague\n${rows.join('\n')}\n`)
  expect(ends.flatMap(({ scenario: { seed }, wrong }) => wrong.map((what) => `seed ${seed}: ${what}`))).toEqual([])
  expect(ends).toHaveLength(extentOfLong(3, 14))
  for (const transport of ['eapi', 'ssh']) expect(ends.map(({ scenario }) => scenario.transport)).toContain(transport)
  for (const measures of ['on', 'off']) expect(ends.map(({ scenario }) => scenario.measures)).toContain(measures)
})
