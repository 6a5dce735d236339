import { spawnSync } from 'node:child_process'

export const usage = 'long: all of what `npm run test:long` looks at a part of; about a quarter of an hour'

/** Runs `npm run test:long` with nothing left out. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  if (args.length > 0) return undefined
  const env = { ...process.env, TEST_WHOLE: 'all' }
  return spawnSync('npm', ['run', 'test:long'], { env, stdio: 'inherit' }).status ?? 1
}
