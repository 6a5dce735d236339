import { spawnSync } from 'node:child_process'

export const usage = 'long: all of what the tests look at a part of; about half an hour'

/** Runs the longest tests, and every file that looks at a cut, with nothing left out. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  if (args.length > 0) return undefined
  const env = { ...process.env, TEST_WHOLE: 'all' }
  return spawnSync('npx', ['vitest', 'run', '--config', 'vitest.long.config.ts'], { env, stdio: 'inherit' }).status ?? 1
}
