import { setup } from '../build.ts'
import { liveThrough } from '../e2e/colleague.ts'

const LANES = 4

export const usage =
  'colleague [COUNT [FROM]]: real changes while a colleague types and saves, answers are lost and logins end; default 200 from seed 1'

/** Lives through so many changes, prints each end, and everything of each that is not true. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [count = 200, from = 1] = args.map(Number)
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(from) || count < 1) return undefined
  setup()
  const width = Math.min(LANES, count)
  const lanes = Array.from({ length: width }, (_, lane) =>
    Array.from({ length: count }, (__, index) => from + index).filter((seed) => seed % width === lane),
  )
  const ends = await Promise.all(
    lanes.map((seeds) =>
      liveThrough(seeds, ({ scenario: { seed, transport, measures }, code, met, wrong, text }) => {
        process.stdout.write(`seed ${seed}, ${transport}, measures ${measures}: exit ${code}; ${met.join(', ')}\n`)
        for (const what of wrong) process.stdout.write(`WRONG seed ${seed}: ${what}\n`)
        if (wrong.length > 0 && count === 1) process.stdout.write(`${text}\n`)
      }),
    ),
  )
  const bad = ends.flat().filter(({ wrong }) => wrong.length > 0)
  process.stdout.write(`${ends.flat().length} changes, ${bad.length} with an end that is not true\n`)
  return bad.length === 0 ? 0 : 1
}
