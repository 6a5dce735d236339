import { compareInventories } from '../clients/compare-inventories.ts'

export const usage = 'inventory [COUNT [SEED]]: generated inventories, each compared with what Ansible makes of it'

const COUNT = 2_000
const SEED = 1

/** Compares inventories made by chance with Ansible's own libraries. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [count = COUNT, seed = SEED] = args.map(Number)
  if (args.length > 2 || !Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) return undefined
  const { differences, ...counts } = await compareInventories(seed, count)
  process.stdout.write(`${JSON.stringify({ seed, count, ...counts, differences: differences.length })}\n`)
  for (const difference of differences) process.stdout.write(`${difference}\n`)
  return differences.length === 0 ? 0 : 1
}
