import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NIGHT } from './night-list.ts'

const TESTS = fileURLToPath(new URL('..', import.meta.url))

export const usage =
  'night: all that the gate looks at a part of or leaves out (test/soak/night-list.ts), histories, and a clone without recordings; two hours on two cores'

/** What needs recordings, by what it imports. */
const RECORDED = /\/(?:recordings|replace-pairs|lab-fabric)\.ts'/

/**
 * Runs the longest tests and every file that looks at a cut, with nothing left out; then what is there without the recordings. Ends with the list of
 * what waits for the night, each file with its seconds.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  if (args.length > 0) return undefined
  const recorded = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && RECORDED.test(readFileSync(join(TESTS, file), 'utf8')))
    .map((file) => `test/${file}`)
  const reports = mkdtempSync(join(tmpdir(), 'eosflow-night-'))
  const whole = (config: string): number =>
    vitest({ TEST_WHOLE: 'all' }, '--config', `vitest.${config}.config.ts`, ...reported(join(reports, config)))
  const runs = [
    ...['long', 'postgres', 'control-room', 'clients'].map(whole),
    vitest({ TEST_RECORDINGS: '/nowhere' }, '--tags-filter=!long and !night', ...recorded),
  ]
  const lived = [simulate('--runs', '1000'), simulate('--many-machines', '--runs', '1000')]
  const seconds = secondsOf(readdirSync(reports).map((file) => join(reports, file)))
  rmSync(reports, { recursive: true })
  for (const { file, proves } of NIGHT)
    process.stdout.write(`${String(seconds.get(file) ?? '-').padStart(6)} s  ${file}: ${proves}\n`)
  return [...runs, ...lived].every((code) => code === 0) ? 0 : 1
}

const reported = (path: string): readonly string[] => [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${path}.json`,
]

/** How long each file took, by its path from `test/`, as reports say. */
function secondsOf(reports: readonly string[]): ReadonlyMap<string, number> {
  const files = reports
    .filter((path) => existsSync(path))
    .flatMap((path) => (JSON.parse(readFileSync(path, 'utf8')) as Report).testResults)
  return new Map(
    files.map(({ name, startTime, endTime }) => [relative(TESTS, name), Math.round((endTime - startTime) / 1000)]),
  )
}

interface Report {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[]
}

function simulate(...args: readonly string[]): number {
  return spawnSync('npm', ['run', 'simulate', '--', ...args], { stdio: 'inherit' }).status ?? 1
}

function vitest(env: Readonly<Record<string, string>>, ...args: readonly string[]): number {
  return spawnSync('npx', ['vitest', 'run', ...args], { env: { ...process.env, ...env }, stdio: 'inherit' }).status ?? 1
}
