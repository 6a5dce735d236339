import { spawnSync } from 'node:child_process'

export const usage =
  'moves [RECORDS [KILLS [SEED]]]: a store that is moved into a database, killed at any moment; default 100000, 40, seed 1'

/** Runs the test of large moves with so many records and kills. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const [records = 100_000, kills = 40, seed = 1] = args.map(Number)
  const isCount = [records, kills, seed].every((one) => Number.isSafeInteger(one) && one >= 0)
  if (!isCount || records < 1 || args.length > 3) return undefined
  const env = {
    ...process.env,
    EOSFLOW_MOVE_RECORDS: String(records),
    EOSFLOW_MOVE_KILLS: String(kills),
    EOSFLOW_SEED: String(seed),
  }
  const file = 'test/project/record/upkeep/move-large.postgres.ts'
  return spawnSync('npm', ['run', 'test:postgres', '--', file], { env, stdio: 'inherit' }).status ?? 1
}
