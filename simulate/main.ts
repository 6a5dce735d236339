import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { mutantTable } from '../test/simulation/mutant-table.ts'
import { firstDifferences, footprintAt, recordingCommit, rotatedSeed } from './against.ts'
import { CRASH_POINTS } from './crash-points.ts'
import { footprintOf, footprintText, PARTS } from './footprint.ts'
import { MET_BY_MACHINES } from './many/machines.ts'
import { type Difference, differences, RECORDED_SEEDS, record } from './recorded-digests.ts'
import { runSeed, type SeedResult } from './run-seed.ts'
import { addTally, costOfChecking, noTally, runSeeds, type SeedRange, SHARES, type Tally } from './run-seeds.ts'
import { APPROVALS, DISTURBANCES, FATES, type Wanted } from './scenario.ts'

const USAGE = `usage: npm run simulate -- [--runs N] [--seed S] [--workers W] [--cost] [--verbose] [--many-machines] [--copies] [--budgets] [--mutants] [--compare] [--record WHY] [--footprint] [--against]

  --runs N      live through N histories; default 1000
  --seed S      the first seed; default 1. Alone, or with --runs 1: this history, with its trace
  --cost        and what the checker costs, on the first histories
  --rotate      begin with a recorded seed that the last commit says: another one for each commit
  --workers W   in so many processes; default: as many as there are cores
  --many-machines  driven from several machines over one store behind a network
  --budgets     each with a rival in its store, and as many switches that may be under change at once as the change has together
  --copies      each with a copy or a backup of its store, whose older record is gone on with
  --verbose     every moment of a kill, and every kind of fault
  --mutants     let every mutant of the protocol loose on N histories instead; default 100
  --compare     compare the first N histories with what was recorded; default all of them
  --record WHY  record what they do now
  --footprint   what the history of --seed asks its switches, how it ends, and its records
  --against     the first difference in the history of --seed to the commit that recorded the histories, or to --at COMMIT
`

/** So many histories meet everything that a history can meet. */
const ENOUGH = 20_000
/** So many histories of many machines meet everything that such a one can meet. */
const ENOUGH_OF_MANY = 200
/** So many histories are lived through once more with the checker and without it, for its cost. */
const SAMPLE = 250

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const { values } = given({
  runs: { type: 'string' },
  seed: { type: 'string' },
  workers: { type: 'string' },
  cost: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  'many-machines': { type: 'boolean', default: false },
  copies: { type: 'boolean', default: false },
  budgets: { type: 'boolean', default: false },
  mutants: { type: 'boolean', default: false },
  compare: { type: 'boolean', default: false },
  record: { type: 'string' },
  footprint: { type: 'boolean', default: false },
  against: { type: 'boolean', default: false },
  at: { type: 'string' },
  rotate: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
})

const seed = values.rotate ? rotatedSeed(wholeNumber('runs', values.runs, 1)) : wholeNumber('seed', values.seed, 1)
const many = values['many-machines']
const { copies, budgets } = values
const wanted: Wanted = { ...(many ? { many } : {}), ...(copies ? { copies } : {}), ...(budgets ? { budgets } : {}) }
const isOne = values.runs === '1' || (values.runs === undefined && (values.seed !== undefined || values.rotate))
if (values.help) process.stdout.write(USAGE)
else if (values.mutants) for (const row of await mutantTable(wholeNumber('runs', values.runs, 100))) say(row)
else if (values.compare) await compare(wholeNumber('runs', values.runs, RECORDED_SEEDS))
else if (values.record !== undefined) await record(values.record)
else if (values.footprint) await showFootprint()
else if (values.against) await showAgainst()
else if (isOne) showHistory(await runSeed(seed, { traced: true, fixed: wanted }))
else
  await simulate(wholeNumber('runs', values.runs, 1000), wholeNumber('workers', values.workers, availableParallelism()))
// Who was killed in a history never returns, and what it listened for in real time would keep this process.
process.exit()

/** The options of this command line; what is none of them ends it. */
function given<T extends NonNullable<ParseArgsConfig['options']>>(options: T) {
  try {
    return parseArgs({ options })
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  process.stderr.write(`--${name} wants a whole number, not \`${text}\`\n${USAGE}`)
  process.exit(2)
}

/** Says which of the first histories are not what was recorded. */
async function compare(runs: number): Promise<void> {
  const found = await differences(1, runs)
  showDifferences(found, runs)
}

function showDifferences(found: readonly Difference[], compared: number): void {
  for (const part of PARTS) {
    const seeds = found.filter(({ parts }) => parts.includes(part)).map((one) => one.seed)
    say(`${part}: ${seeds.length} of ${compared} differ${seeds.length === 0 ? '' : `: seeds ${seeds.join(' ')}`}`)
  }
  if (found.length > 0) process.exitCode = 1
}

async function showFootprint(): Promise<void> {
  say(footprintText(await footprintOf(seed)))
}

async function showAgainst(): Promise<void> {
  const commit = values.at ?? recordingCommit()
  const found = firstDifferences(footprintAt(commit, seed), await footprintOf(seed))
  for (const part of PARTS) say([`== ${part}`, ...(found[part] ?? [`as at ${commit.slice(0, 8)}`])].join('\n'))
  if (Object.keys(found).length > 0) process.exitCode = 1
}

function showHistory({ trace, violation, outcomes, digest }: SeedResult): void {
  for (const line of trace) say(line)
  say(`\nended: ${outcomes.map((outcome) => outcome ?? 'not at all').join(', ')}   trace ${digest}`)
  if (violation === undefined) return
  say(`\n${violation.message}`)
  process.exitCode = 1
}

async function simulate(runs: number, workers: number): Promise<void> {
  const checked = await inProcesses(
    { from: seed, count: runs, compared: !many && !copies && !budgets, wanted },
    workers,
  )
  say(`${checked.histories} histories, seeds ${seed} to ${seed + runs - 1}: ${perSecond(checked)} a second`)
  if (values.cost) await showCost(Math.min(runs, SAMPLE))
  say(`ended: ${countsOf(checked.outcomes)}`)
  say(`of all histories: ${sharesOf(checked)}`)
  const missing = many ? MET_BY_MACHINES.filter((what) => checked.met[what] === undefined) : missingIn(checked)
  if (many)
    say(`met by many machines: ${MET_BY_MACHINES.map((what) => `${what} ${checked.met[what] ?? 0}`).join(', ')}`)
  const kills = CRASH_POINTS.filter((point) => checked.met[`kill at ${point}`] !== undefined)
  say(`killed at ${kills.length} of ${CRASH_POINTS.length} points; faults: ${countsOf(faultsIn(checked))}`)
  if (values.verbose)
    say(
      Object.entries(checked.met)
        .sort()
        .map(([what, times]) => `  ${what}: ${times}`)
        .join('\n'),
    )
  if (runs >= (many ? ENOUGH_OF_MANY : ENOUGH) && missing.length > 0) {
    say(`never met: ${missing.join(', ')}`)
    process.exitCode = 1
  }
  if (checked.compared > 0) showDifferences(checked.differences, checked.compared)
  await showViolations(checked)
}

async function showCost(count: number): Promise<void> {
  const { checked, unchecked } = await costOfChecking({ from: seed, count })
  say(
    `one after the other: ${Math.round(1000 / checked)} a second, without the checker ${Math.round(1000 / unchecked)}: ${(unchecked / checked).toFixed(2)} x`,
  )
}

/** How many of a hundred histories hold each of what a history may hold. */
function sharesOf({ histories, shares }: Tally): string {
  return Object.keys(SHARES)
    .map((share) => `${share} ${((100 * (shares[share] ?? 0)) / Math.max(1, histories)).toFixed(1)} %`)
    .join(', ')
}

function perSecond({ histories, milliseconds }: Tally): number {
  return Math.round((histories / milliseconds) * 1000)
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ')
}

/** Everything that befalls a history, but for the single moments of kills. */
function faultsIn({ met }: Tally): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(met).filter(([what]) => !what.startsWith('kill at ')))
}

function missingIn({ met, shares }: Tally): readonly string[] {
  const wanted = [
    ...DISTURBANCES,
    ...FATES.map((fate) => `request ${fate}`),
    ...APPROVALS.map((approving) => `approval ${approving}`),
    ...['eapi', 'ssh'].map((transport) => `over ${transport}`),
    ...['alone', 'together'].map((commits) => `commits ${commits}`),
    ...CRASH_POINTS.map((point) => `kill at ${point}`),
  ]
  return [
    ...wanted.filter((what) => met[what] === undefined),
    ...Object.keys(SHARES).filter((share) => shares[share] === undefined),
  ]
}

/** The broken invariants, and the history with the shortest trace of each. */
async function showViolations({ violations }: Tally): Promise<void> {
  if (violations.length === 0) {
    say('no invariant was broken')
    return
  }
  process.exitCode = 1
  for (const invariant of new Set(violations.map((one) => one.invariant))) {
    const broken = violations.filter((one) => one.invariant === invariant)
    say(
      `\n${invariant}, broken by ${broken.length}: seeds ${broken
        .slice(0, 20)
        .map((one) => one.seed)
        .join(' ')}`,
    )
    const traced = await Promise.all(
      broken.slice(0, 20).map((one) => runSeed(one.seed, { traced: true, fixed: wanted })),
    )
    const [shortest] = traced.toSorted((a, b) => a.trace.length - b.trace.length)
    if (shortest !== undefined)
      say(`shortest, of seed ${shortest.seed}:\n${shortest.trace.join('\n')}\n${shortest.violation?.message}`)
  }
}

/** Each process takes every n-th seed. */
async function inProcesses(range: SeedRange, workers: number): Promise<Tally> {
  const tally = noTally()
  const parts = Array.from({ length: workers }, (_, index) => ({
    ...range,
    from: range.from + index,
    step: workers,
    count: Math.ceil((range.count - index) / workers),
  }))
  if (workers === 1) return runSeeds(range)
  for (const part of await Promise.all(parts.filter(({ count }) => count > 0).map(inProcess))) addTally(tally, part)
  return tally
}

function inProcess(range: SeedRange): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = fork(new URL('./worker.ts', import.meta.url), {
      // Histories make much that lives for a moment.
      execArgv: ['--import', 'tsx', '--max-semi-space-size=64'],
    })
    worker.once('message', (tally) => resolve(tally as Tally))
    worker.once('error', reject)
    worker.once('exit', (code) => {
      if (code !== 0) reject(new Error(`a worker has ended with ${code}`))
    })
    worker.send(range)
  })
}
