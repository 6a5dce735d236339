import { setup } from '../build.ts'
import { drawInterrupts, interruptAll, requestsOfChange, WAYS } from '../e2e/interrupted.ts'

const AT_ONCE = 4

export const usage =
  'signals [POINTS [SEED]]: changes whose terminal, pipes or person go away; default 20 points, seed 1'

/** Interrupts changes in every way at points spread over them, and prints each end that is not true. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [points = 20, seed = 1] = args.map(Number)
  if (!Number.isSafeInteger(points) || !Number.isSafeInteger(seed) || points < 1) return undefined
  setup()
  const requests = await requestsOfChange()
  const drawn = drawInterrupts(seed, requests, points, WAYS)
  process.stdout.write(`${drawn.length} changes of ${requests} requests, seed ${seed}\n`)
  const ends = await interruptAll(drawn, AT_ONCE, ({ way, request, delay, end, wrong }) => {
    process.stdout.write(`${way.padEnd(18)} request ${request} + ${delay} ms: ${end}\n`)
    for (const what of wrong) process.stdout.write(`WRONG: ${what}\n`)
  })
  return ends.some(({ wrong }) => wrong.length > 0) ? 1 : 0
}
