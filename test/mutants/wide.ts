import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copiedCheckout } from '../fault-model/planted.ts'
import { fileOf, sources } from '../house/sources.ts'
import { LIVED } from './lived.ts'
import { type Mutation, mutate } from './mutations.ts'
import type { Hunt } from './runner.ts'

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
    const isNear = (test: MeetingTest) => [...test.met].some((one) => near.has(one))
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
function quickest(tests: readonly MeetingTest[], first: number, most: number) {
  const sorted = tests.toSorted((a, b) => a.duration - b.duration || (a.key < b.key ? -1 : 1))
  const chosen: MeetingTest[] = []
  let time = 0
  for (const test of sorted.slice(first, first + most)) {
    time += test.duration
    if (time <= LONGEST_ROUND) chosen.push(test)
  }
  return chosen
}

function asTests(mutants: readonly Mutation[], met: Met, first: number, most: number) {
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
async function hunt(dir: string, tests: ReadonlyMap<string, readonly number[]>, name: string, everywhere?: number) {
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

/** One process of tests in the copy. */
async function ran(dir: string, files: readonly string[], task: Hunt, name: string) {
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

const configOf = (files: readonly string[]) => `export default {
  cacheDir: 'cache',
  test: {
    include: ${JSON.stringify(files)}, setupFiles: ['test/setup.ts'], runner: './test/mutants/runner.ts', pool: 'forks', isolate: false,
    maxWorkers: 1, strictTags: false, testTimeout: 30000, hookTimeout: 60000, expect: { poll: { timeout: 30000 } }, sequence: { shuffle: false },
    experimental: { fsModuleCache: true, fsModuleCachePath: '.vitest' },
  },
}
`

/** A part of the sources that is searched for guards which no test needs, and the tests that are nearest to it. */
export interface Searched {
  /** Folders and files of sources, from the root of the checkout. */
  readonly sources: readonly string[]
  /** Beginnings of the paths of test files. */
  readonly tests: readonly string[]
  /** How many of a hundred mutants must be killed; default: none must. */
  readonly atLeast?: number
}

/** What `npm run mutants -- wide` searches, by the name that it takes. */
export const SEARCHED: Readonly<Record<string, Searched>> = {
  policy: {
    sources: ['src/change/policy'],
    tests: ['test/change/policy/', 'test/doors/cli/command/', 'test/e2e/approval', 'test/e2e/nine-conditions'],
    atLeast: 95,
  },
  task: {
    sources: ['src/change/task'],
    tests: [
      'test/change/task/',
      'test/e2e/',
      'test/fault-model/faults',
      'test/fault-model/killed',
      'test/copies/',
      'test/canary/',
    ],
    atLeast: 95,
  },
  approval: {
    sources: ['src/project/approval'],
    tests: [
      ...[
        'test/project/',
        'test/doors/cli/execution/',
        'test/e2e/approval',
        'test/change/policy/',
        'test/project/identity/web-login',
      ],
      ...['test/doors/http/approval', 'test/doors/http/one-word', 'test/doors/http/plan-decided'],
    ],
    atLeast: 95,
  },
  engine: { sources: ['src/change/engine'], tests: ['test/change/engine/', 'test/e2e/'] },
  execution: {
    sources: ['src/project/execution'],
    // Whatever runs, stops, resumes or shows an execution does it through here: a command, a server or another copy of the store.
    tests: [
      ...['test/project/', 'test/doors/cli/', 'test/copies/', 'test/doors/http/'],
      ...['test/e2e/run-key', 'test/e2e/one-at-a-time', 'test/e2e/quarantine'],
    ],
  },
  app: { sources: ['src/project'], tests: ['test/project/', 'test/doors/cli/', 'test/e2e/'] },
  act: { sources: ['src/doors/http/act'], tests: ['test/doors/http/'] },
  worker: { sources: ['src/project/worker'], tests: ['test/project/worker/'] },
  judge: {
    sources: ['src/features/judge', fileOf('readPromql')],
    tests: ['test/features/judge/'],
  },
  secret: {
    sources: ['src/project/secret', fileOf('redactLine'), fileOf('redactPrinted'), fileOf('rosterSecrets')],
    tests: ['test/project/secret/', 'test/eos/config/', 'test/change/inventory/', 'test/canary/'],
    atLeast: 95,
  },
  inventory: {
    sources: ['src/change/inventory'],
    tests: ['test/change/inventory/', 'test/change/roster/', 'test/eos/transport/'],
  },
  roster: { sources: ['src/change/roster'], tests: ['test/change/roster/', 'test/change/inventory/'] },
  config: {
    sources: ['src/eos/config'],
    tests: ['test/eos/config/', 'test/change/task/', 'test/eos/sim/', 'test/change/plan/'],
  },
  mcp: { sources: ['src/doors/agents', 'src/doors/http/agent'], tests: ['test/doors/agents/'] },
  server: { sources: ['src/doors/http'], tests: ['test/doors/http/', 'test/project/identity/', 'test/doors/agents/'] },
  cli: { sources: ['src/doors/cli'], tests: ['test/doors/cli/'] },
  report: { sources: ['src/report'], tests: ['test/report/', 'test/doors/cli/', 'test/change/plan/'] },
  /** What a browser runs is searched by nobody: its tests need the browser. */
  all: {
    sources: sources.filter((file) => !file.startsWith('src/doors/web/')),
    tests: ['test/'],
  },
}

/**
 * Puts every condition, return, throw, call and constant of a part of the sources wrong, one at a time, and runs the nearest tests that meet it.
 * Prints what lives, and how many of a hundred were killed. Exits 1 where fewer are killed than the part demands, or one lives
 * without a reason in `lived.ts`.
 *
 *   npm run mutants -- wide [PART…] [--file FILE] [--processes 2]
 *     [--sample 200] [--seed 34] [--kind 'condition negated']
 *
 * A part is a name of `rooms.ts`; `all` is every source by every test, and is only searched if it is named.
 * `--sample` tries only so many mutants of each part. The seed draws them by what they are, not by their lines: the same seed draws the
 * same ones after a change elsewhere.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string' },
    processes: { type: 'string', default: '2' },
    sample: { type: 'string' },
    kind: { type: 'string' },
    seed: { type: 'string', default: '34' },
  },
})
const names = positionals.filter((name) => name !== 'wide')
const unknown = names.filter((name) => SEARCHED[name] === undefined)
if (unknown.length > 0)
  throw new Error(`no part is called ${unknown.join(', ')}; there are ${Object.keys(SEARCHED).join(', ')}`)

const say = (line: string) => void process.stdout.write(`${line}\n`)
let isGood = true
for (const [name, searched] of Object.entries(SEARCHED)) {
  if (names.length > 0 ? !names.includes(name) : name === 'all') continue
  isGood = (await search(name, searched)) && isGood
}
process.exitCode = isGood ? 0 : 1

async function search(name: string, { sources, tests, atLeast = 0 }: Searched) {
  const dir = copiedCheckout()
  try {
    const { all, mutations } = putIn(dir, sources)
    const files = filesIn(dir, 'test').filter(
      (file) => file.endsWith('.test.ts') && tests.some((part) => file.startsWith(part)),
    )
    const met = await metInDryRun(dir, files, Number(values.processes))
    say(
      `${name}: ${mutations.length} of ${all.length} mutants, seed ${values.seed}; ${met.tests.length} tests of ${files.length} files meet ${mutations.filter(({ id }) => met.reached.has(id)).length} of them`,
    )
    const killed = await hunted(dir, mutations, met, { processes: Number(values.processes), say })
    return judged(name, mutations, { met, killed, atLeast })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Puts the mutations of each source file of which any is drawn into it, switched off. */
function putIn(dir: string, sources: readonly string[]) {
  const all: Mutation[] = []
  const texts = new Map<string, string>()
  for (const file of sources.flatMap((source) => filesIn(dir, source))) {
    if (values.file !== undefined && values.file !== file) continue
    const { text, mutations } = mutate(file, readFileSync(join(dir, file), 'utf8'), all.length)
    texts.set(file, text)
    all.push(...mutations)
  }
  const mutations = drawn(all.filter(({ kind }) => kind === (values.kind ?? kind)))
  for (const file of new Set(mutations.map((one) => one.file))) writeFileSync(join(dir, file), texts.get(file) ?? '')
  return { all, mutations }
}

/** As many mutants as are asked for, in the order of the sources. */
function drawn(all: readonly Mutation[]) {
  if (values.sample === undefined) return all
  const times = new Map<string, number>()
  const lots = all.map((mutation) => {
    const what = `${mutation.file} ${mutation.kind} ${mutation.source}`
    const time = times.get(what) ?? 0
    times.set(what, time + 1)
    return { mutation, lot: createHash('sha256').update(`${values.seed} ${what} ${time}`).digest('hex') }
  })
  const sorted = lots.toSorted((a, b) => (a.lot < b.lot ? -1 : 1)).slice(0, Number(values.sample))
  return sorted.map(({ mutation }) => mutation).toSorted((a, b) => a.id - b.id)
}

function filesIn(dir: string, place: string) {
  if (statSync(join(dir, place)).isFile()) return [place]
  return readdirSync(join(dir, place), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(place, path))
    .toSorted()
}

interface Found {
  readonly met: Met
  readonly killed: ReadonlySet<number>
  readonly atLeast: number
}

/** Prints what lives, and says whether that is as it may be. */
function judged(name: string, mutations: readonly Mutation[], { met, killed, atLeast }: Found) {
  const alive = mutations.filter(({ id }) => !killed.has(id))
  const isExplained = ({ kind, source, within = '' }: Mutation) =>
    LIVED.some((one) => one.kind === kind && one.source === source && one.within.split(' ').includes(within))
  const unexplained = alive.filter((one) => !isExplained(one))
  for (const one of unexplained) {
    say(
      `lived: ${one.file}:${one.line}: ${one.kind}${met.reached.has(one.id) ? '' : ' (no test meets it)'}: ${one.source}`,
    )
  }
  const share = mutations.length === 0 ? 0 : (100 * killed.size) / mutations.length
  say(
    `${name}: ${killed.size} of ${mutations.length} killed (${share.toFixed(1)} %), ${alive.length - unexplained.length} live with a reason`,
  )
  const counted = (100 * (mutations.length - unexplained.length)) / Math.max(1, mutations.length)
  return mutations.length > 0 && counted >= atLeast
}
