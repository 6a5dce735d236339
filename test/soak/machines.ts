import { runMachines, told } from '../change/engine/random-machine-check.ts'

const BATCH = 500

export const usage = 'machines [COUNT [FROM]]: random state machines; default 100000 from seed 10001'

/** Runs so many random state machines, from one seed on, and prints each counterexample. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [count = 100_000, from = 10_001] = args.map(Number)
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(from) || count < 1) return undefined
  const totals = { machines: 0, resumed: 0, events: 0, counterexamples: 0 }
  for (let seed = from; seed < from + count; seed += BATCH) {
    const report = await runMachines({ from: seed, count: Math.min(BATCH, from + count - seed) })
    totals.machines += report.machines
    totals.resumed += report.resumed
    totals.events += report.events
    totals.counterexamples += report.counterexamples.length
    for (const found of report.counterexamples) process.stdout.write(`${told(found)}\n`)
    process.stdout.write(`${JSON.stringify({ upTo: seed + report.machines - 1, ...totals })}\n`)
  }
  return totals.counterexamples === 0 ? 0 : 1
}
