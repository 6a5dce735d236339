import { judgeBeside } from '../clients/anta/judge-beside.ts'
import { hasTodays } from '../clients/todays.ts'

export const usage =
  'anta [COUNT [SEED]]: changed answers of switches, each judged by ANTA itself too (EOSFLOW_CLIENTS)'

const COUNT = 50_000
const SEED = 1

/** Judges changed answers beside ANTA, a fifth of them changed in two places. 1 also where ANTA is not there. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [count = COUNT, seed = SEED] = args.map(Number)
  if (args.length > 2 || !Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) return undefined
  if (!hasTodays) return 1
  const { listed, unlisted, passed, ...counts } = judgeBeside(seed, count, Math.floor(count / 5))
  for (const one of unlisted.slice(0, 200)) process.stdout.write(`${one}\n`)
  process.stdout.write(
    `${JSON.stringify({ seed, ...counts, listed: Object.fromEntries(listed), unlisted: unlisted.length, passed: passed.length })}\n`,
  )
  const holds =
    passed.length === 0 && unlisted.length <= count / 1_000 && counts.sameMessages / counts.withMessages >= 0.98
  return holds ? 0 : 1
}
