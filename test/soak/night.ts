import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NIGHT } from './night-list.ts'

const TESTS = fileURLToPath(new URL('..', import.meta.url))
const DAY = 86_400_000

export const usage =
  'night [all]: what the gate leaves out (test/soak/night-list.ts), all that takes turns, other cuts, histories, and a clone without recordings; 33 minutes on two cores. all: every table whole, some hours'

/** Files that need recordings: they import one of these. */
const RECORDED = /\/(?:recordings|replace-pairs|lab-fabric)\.ts'/

/**
 * Runs what the gate leaves out and what takes turns there, with cuts by a seed of the day; then what is there without the recordings. Ends with the list
 * of what waits for the night, each file with its seconds.
 */
export async function soak(args: readonly string[]): Promise<number | undefined> {
  const isAll = args[0] === 'all'
  if (args.length > (isAll ? 1 : 0)) return undefined
  const { TEST_SEED = String(Math.floor(Date.now() / DAY)) } = process.env
  const recorded = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && RECORDED.test(readFileSync(join(TESTS, file), 'utf8')))
    .map((file) => `test/${file}`)
  const reports = mkdtempSync(join(tmpdir(), 'eosflow-night-'))
  const left = (config: string, tags: string) => {
    const filter = isAll ? [] : [`--tags-filter=${tags}`]
    const env = { TEST_TURNS: '1', TEST_SEED, ...(isAll ? { TEST_WHOLE: 'all' } : {}) }
    return vitest(env, '--config', `vitest.${config}.config.ts`, ...filter, ...reported(join(reports, config)))
  }
  const runs = [
    left('long', 'night or turn or cut'),
    left('postgres', 'night or turn'),
    left('control-room', 'night'),
    left('clients', 'night'),
    vitest({ TEST_RECORDINGS: '/nowhere' }, '--tags-filter=!long and !night', ...recorded),
  ]
  const lived = [simulate('--runs', '1000'), simulate('--many-machines', '--runs', isAll ? '1000' : '300')]
  const seconds = secondsOf(readdirSync(reports).map((file) => join(reports, file)))
  rmSync(reports, { recursive: true })
  for (const { file, proves } of NIGHT)
    process.stdout.write(`${String(seconds.get(file) ?? '-').padStart(6)} s  ${file}: ${proves}\n`)
  return [...runs, ...lived].every((code) => code === 0) ? 0 : 1
}

const reported = (path: string) => ['--reporter=default', '--reporter=json', `--outputFile.json=${path}.json`]

/** How long each file took, by its path from `test/`, as reports say. */
function secondsOf(reports: readonly string[]) {
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

function simulate(...args: readonly string[]) {
  return spawnSync('npm', ['run', 'simulate', '--', ...args], { stdio: 'inherit' }).status ?? 1
}

function vitest(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return spawnSync('npx', ['vitest', 'run', ...args], { env: { ...process.env, ...env }, stdio: 'inherit' }).status ?? 1
}
