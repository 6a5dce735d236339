import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hunt } from './hunt.ts'
import type { Mutation } from './mutations.ts'

/** A test that passes without a mutant, and the mutations that it meets. */
interface MeetingTest {
  readonly key: string
  /** Milliseconds that it takes without a mutant. */
  readonly duration: number
  readonly met: ReadonlySet<number>
}

/** What the tests meet when none is switched on. */
export interface Met {
  readonly tests: readonly MeetingTest[]
  /** What any test, import or preparation meets. */
  readonly reached: ReadonlySet<number>
}

/** How many tests each mutant meets in one round: the quickest kill most of them, and what is left meets more. */
const ROUNDS = [2, 8, 40, 400] as const
/** How many tests a mutant meets that is in force from the import on. */
const AT_IMPORT = 400
/** A mutant meets tests of at most so many milliseconds in one round. */
const LONGEST_ROUND = 30_000
/** A process that says nothing for so long, in milliseconds, hangs in the mutant that it began last. */
const SILENCE = 90_000

/** A line of `ran.jsonl`. */
interface Line {
  readonly test?: string
  readonly passed?: boolean
  readonly duration?: number
  readonly met?: readonly number[]
  readonly between?: readonly number[]
  readonly begun?: number
  readonly killed?: number
}

/** Runs the tests once without a mutant. Throws when none passes. */
export async function metInDryRun(dir: string, files: readonly string[], processes: number): Promise<Met> {
  const shares = Array.from({ length: processes }, (_, share) =>
    files.filter((_one, index) => index % processes === share),
  )
  const runs = await Promise.all(shares.map((share, at) => ran(dir, share, { isDry: true, tests: {} }, `dry-${at}`)))
  const lines = runs.flatMap((one) => one.lines)
  const tests = lines.flatMap(({ test: key, passed, duration = 0, met = [] }) =>
    key === undefined || passed !== true ? [] : [{ key, duration, met: new Set(met) }],
  )
  if (tests.length === 0) throw new Error(`no test passes in ${files.length} files`)
  return { tests, reached: new Set(lines.flatMap(({ met = [], between = [] }) => [...met, ...between])) }
}

interface How {
  readonly processes: number
  readonly say: (line: string) => void
}

/** The mutants that a test kills, by number. */
export async function hunted(
  dir: string,
  mutations: readonly Mutation[],
  met: Met,
  { processes, say }: How,
): Promise<ReadonlySet<number>> {
  const killed = new Set<number>()
  // What a test has loaded is loaded when its mutant is switched on: that is tried from the import on.
  const early = new Set(mutations.flatMap(({ id, isAtImport }) => (isAtImport ? [id] : [])))
  const inTests = new Set(met.tests.flatMap((test) => [...test.met].filter((id) => !early.has(id))))
  for (const [round, most] of ROUNDS.entries()) {
    const first = ROUNDS.slice(0, round).reduce((sum, count) => sum + count, 0)
    const alive = mutations.filter(({ id }) => inTests.has(id) && !killed.has(id))
    const shares = Array.from({ length: processes }, (_, share) =>
      alive.filter((_one, index) => index % processes === share),
    )
    const found = await Promise.all(
      shares.map((share, at) => hunt(dir, asTests(share, met, first, most), `${round}-${at}`)),
    )
    for (const id of found.flat()) killed.add(id)
    say(
      `round ${round + 1}: ${killed.size} killed, ${alive.filter(({ id }) => !killed.has(id)).length} met by tests live`,
    )
  }
  const atImport = mutations.filter(({ id }) => met.reached.has(id) && !inTests.has(id))
  for (const { id, file } of atImport) {
    const near = new Set(mutations.filter((one) => one.file === file).map((one) => one.id))
    const isNear = (test: MeetingTest): boolean => [...test.met].some((one) => near.has(one))
    const tests = [
      ...quickest(met.tests.filter(isNear), 0, AT_IMPORT),
      ...quickest(
        met.tests.filter((test) => !isNear(test)),
        0,
        AT_IMPORT,
      ),
    ]
    const found = await hunt(dir, new Map(tests.map(({ key }) => [key, [id]])), `import-${id}`, id)
    for (const one of found) killed.add(one)
  }
  return killed
}

/** The quickest tests behind the first ones, as many as fit into a round. */
function quickest(tests: readonly MeetingTest[], first: number, most: number): readonly MeetingTest[] {
  const sorted = tests.toSorted((a, b) => a.duration - b.duration || (a.key < b.key ? -1 : 1))
  const chosen: MeetingTest[] = []
  let time = 0
  for (const test of sorted.slice(first, first + most)) {
    time += test.duration
    if (time <= LONGEST_ROUND) chosen.push(test)
  }
  return chosen
}

function asTests(
  mutants: readonly Mutation[],
  met: Met,
  first: number,
  most: number,
): ReadonlyMap<string, readonly number[]> {
  const byTest = new Map<string, number[]>()
  for (const { id } of mutants) {
    for (const { key } of quickest(
      met.tests.filter((test) => test.met.has(id)),
      first,
      most,
    )) {
      byTest.set(key, [...(byTest.get(key) ?? []), id])
    }
  }
  return byTest
}

/** Runs tests with their mutants, again without the one in which a process hangs, until a process ends by itself. */
async function hunt(
  dir: string,
  tests: ReadonlyMap<string, readonly number[]>,
  name: string,
  everywhere?: number,
): Promise<readonly number[]> {
  const killed = new Set<number>()
  for (let again = 0; ; again++) {
    const open = [...tests].flatMap(([key, ids]) => {
      const left = ids.filter((id) => !killed.has(id))
      return left.length === 0 ? [] : [[key, left] as const]
    })
    if (open.length === 0) return [...killed]
    const files = [...new Set(open.map(([key]) => key.slice(0, key.indexOf(' > '))))]
    const task: Hunt = { isDry: false, tests: Object.fromEntries(open), everywhere }
    const ended = await ran(dir, files, task, `${name}-${again}`)
    for (const line of ended.lines) if (line.killed !== undefined) killed.add(line.killed)
    const last = ended.lines.findLast(({ begun }) => begun !== undefined)?.begun ?? everywhere
    // One that no test outlives as far as its beginning keeps the modules from loading.
    const isLoaded = ended.lines.length > 0
    if (last !== undefined && (ended.hung || (ended.failed && !isLoaded))) killed.add(last)
    else return [...killed]
  }
}

interface Ended {
  readonly lines: readonly Line[]
  readonly hung: boolean
  /** Whether it exited with another code than 0. */
  readonly failed: boolean
}

/** One process of tests in the copy. */
async function ran(dir: string, files: readonly string[], task: Hunt, name: string): Promise<Ended> {
  const [hunt, log, config] = [`hunt-${name}.json`, `ran-${name}.jsonl`, `mutants-${name}.config.mjs`]
  writeFileSync(join(dir, hunt), JSON.stringify(task))
  writeFileSync(join(dir, log), '')
  writeFileSync(join(dir, config), configOf(files))
  const argv = ['node_modules/vitest/vitest.mjs', 'run', '--config', config, '--reporter=dot']
  const env = { ...process.env, EOSFLOW_HUNT: hunt, EOSFLOW_RAN: log, TEST_RECORDINGS: '/nowhere' }
  const child = spawn(process.execPath, argv, { cwd: dir, env, stdio: 'ignore', detached: true })
  let hung = false
  const watch = setInterval(() => {
    if (Date.now() - statSync(join(dir, log)).mtimeMs < SILENCE || child.pid === undefined) return
    hung = true
    process.kill(-child.pid, 'SIGKILL')
  }, 1_000)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  clearInterval(watch)
  const lines = existsSync(join(dir, log)) ? readFileSync(join(dir, log), 'utf8').split('\n').filter(Boolean) : []
  for (const file of [hunt, log, config]) rmSync(join(dir, file), { force: true })
  return { lines: lines.map((line) => JSON.parse(line) as Line), hung, failed: code !== 0 }
}

const configOf = (files: readonly string[]): string => `export default {
  cacheDir: 'cache',
  test: {
    include: ${JSON.stringify(files)}, setupFiles: ['test/setup.ts'], runner: './test/mutants/runner.ts', pool: 'forks', isolate: false,
    maxWorkers: 1, strictTags: false, testTimeout: 30000, hookTimeout: 60000, expect: { poll: { timeout: 30000 } }, sequence: { shuffle: false },
    experimental: { fsModuleCache: true, fsModuleCachePath: '.vitest' },
  },
}
`
