import { runMachines, told } from '../engine/random-machine-check.ts'

const BATCH = 500
const USAGE = 'usage: npm run soak -- machines [COUNT [FROM]], default 100000 machines from seed 10001\n'

/** Runs random machines against the reference, from a seed on. 0 when none behaves otherwise. */
export async function soak(args: readonly string[]): Promise<number> {
  const [count = 100_000, from = 10_001] = args.map(Number)
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(from) || count < 1) {
    process.stderr.write(USAGE)
    return 2
  }
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
