import { spawnSync } from 'node:child_process'

export const usage =
  'sites: changes over two sites whose workers are killed behind every record, and what befalls them for minutes; about an hour'

/** Runs the tests of two sites with nothing left out, as processes and in memory. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  if (args.length > 0) return undefined
  const env = { ...process.env, EOSFLOW_SITES: 'all' }
  const ran = (...given: readonly string[]) =>
    spawnSync('npx', ['vitest', 'run', ...given], { env, stdio: 'inherit' }).status ?? 1
  const inMemory = ran('test/project/history/sites/killed.test.ts')
  return ran('--config', 'vitest.postgres.config.ts', 'test/project/worker/sites.postgres.ts') || inMemory
}
