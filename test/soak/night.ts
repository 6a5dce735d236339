import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TESTS = fileURLToPath(new URL('..', import.meta.url))

export const usage =
  'night: all that the gate looks at a part of or leaves out, histories, and a clone without recordings; two hours and a quarter on two cores'

/** What needs recordings, by what it imports. */
const RECORDED = /\/(?:recordings|replace-pairs|lab-fabric)\.ts'/

/** Runs the longest tests and every file that looks at a cut, with nothing left out; then what is there without the recordings. */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  if (args.length > 0) return undefined
  const recorded = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && RECORDED.test(readFileSync(join(TESTS, file), 'utf8')))
    .map((file) => `test/${file}`)
  const runs = [
    vitest({ TEST_WHOLE: 'all' }, '--config', 'vitest.long.config.ts'),
    vitest({ TEST_WHOLE: 'all' }, '--config', 'vitest.postgres.config.ts'),
    vitest({ TEST_WHOLE: 'all' }, '--config', 'vitest.control-room.config.ts'),
    vitest({ TEST_WHOLE: 'all' }, '--config', 'vitest.clients.config.ts'),
    vitest({ TEST_RECORDINGS: '/nowhere' }, '--tags-filter=!long and !night', ...recorded),
  ]
  const lived = [simulate('--runs', '1000'), simulate('--many-machines', '--runs', '1000')]
  return [...runs, ...lived].every((code) => code === 0) ? 0 : 1
}

function simulate(...args: readonly string[]): number {
  return spawnSync('npm', ['run', 'simulate', '--', ...args], { stdio: 'inherit' }).status ?? 1
}

function vitest(env: Readonly<Record<string, string>>, ...args: readonly string[]): number {
  return spawnSync('npx', ['vitest', 'run', ...args], { env: { ...process.env, ...env }, stdio: 'inherit' }).status ?? 1
}
