import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commands } from '../src/doors/cli/usage/commands.ts'
import { routes } from '../src/doors/http/http-app.ts'
import { setup } from '../test/build.ts'
import { type BuiltUse, built } from './built.ts'
import { COMMANDS, type CommandRow } from './history-commands.ts'
import { databaseStores } from './history-databases.ts'
import { limitOf, type Measured } from './history-limit.ts'
import {
  doOwn,
  type HistoryProject,
  pastOf,
  sourcesOf,
  takeInstallKey,
  writeHistoryProject,
} from './history-projects.ts'
import { ROUTES } from './history-routes.ts'
import { routesOf } from './history-served.ts'
import { fileStores, type HistoryStores } from './history-stores.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'
import { type SimulatedDevice, startSimulator } from './simulator.ts'

/** How long the history is; its length and how much of it waits by the environment, for a run of a minute or two. */
const RECORDS = numberIn('EOSFLOW_HISTORY_RECORDS', 1_000_000)
const EXECUTIONS = numberIn('EOSFLOW_HISTORY_EXECUTIONS', RECORDS / 50)
const WAITS = numberIn('EOSFLOW_HISTORY_WAITS', RECORDS / 1_000)
const ROUNDS = numberIn('EOSFLOW_HISTORY_ROUNDS', 5)
/** What the stores are: each a file (`sqlite`), or a database (`postgres`). */
const STORE = process.env.EOSFLOW_HISTORY_STORE ?? 'sqlite'
/** Only the commands and routes whose names have this. */
const ONLY = new RegExp(process.env.EOSFLOW_HISTORY_ONLY ?? '.')
/** Whether all of it stays behind the measurement until it is interrupted, for who looks for a cause. */
const KEEP = process.env.EOSFLOW_HISTORY_KEEP === '1'
/** What the history is a tenth of, for what reads all of it. */
const TENTH = 10

/** What reads ten times as much takes at most so many times as long, and at most so much more memory (MiB). */
const [MOST_LINEAR, MOST_MEMORY] = [13, 128]

/**
 * Every command and every GET route on a store with a long history beside one with none but its own last executions, in turns, medians. What reads all of the
 * history is measured once with a tenth of it and once with all of it. A command or a route that the tables here do not have fails the run. Exits 1 where one
 * takes longer than it may.
 */
export async function history(print: Print): Promise<void> {
  setup()
  requireAll()
  const stores = await storesNamed(STORE)
  const simulator = await startSimulator()
  const root = mkdtempSync(join(tmpdir(), 'eosflow-history-'))
  const exceeding: string[] = []
  const show = (row: Pick<Measured, 'what'> & Partial<Measured>): void => {
    print({ bench: 'history', store: stores.kind, ...row })
    if (row.exceeds === true) exceeding.push(row.what)
  }
  try {
    const of = { root, stores, devices: simulator.devices }
    const short = await projectWith(of)
    const tenth = await projectWith(of, { from: short, share: TENTH })
    const long = await projectWith(of, { from: short, share: 1 })
    const { records, executions, waits } = long
    show({ what: 'the long history', records, executions, waits })
    for (const [name, all] of Object.entries(COMMANDS).filter(([name]) => ONLY.test(name))) {
      const rows = all.filter(({ only = stores.kind }) => only === stores.kind)
      if (rows.length === 0) show({ what: name, skipped: 'not done with such a store' })
      for (const row of rows) {
        const measured =
          row.readsAll === true ? linear(stores, name, row, tenth, long) : bounded(stores, name, row, short, long)
        // One that does not do what its row says is named with the others that exceed, and keeps none of them from being measured.
        show(await measured.catch((error: unknown) => ({ what: name, fault: String(error), exceeds: true })))
      }
    }
    for (const row of await routesOf(short, long, { only: ONLY, times: 2 * ROUNDS })) show(row)
    show({ what: 'exceeding', names: exceeding })
    if (exceeding.length > 0) process.exitCode = 1
    if (KEEP) await kept(root, print)
  } finally {
    simulator.stop()
    await stores.end()
    rmSync(root, { recursive: true, force: true })
  }
}

/** Says where the projects are, and waits until it is interrupted. */
async function kept(root: string, print: Print): Promise<void> {
  print({ bench: 'history', kept: root })
  // What waits for a signal keeps no process alive.
  const alive = setInterval(() => undefined, 60_000)
  await once(process, 'SIGINT')
  clearInterval(alive)
}

async function storesNamed(kind: string): Promise<HistoryStores> {
  if (kind === 'sqlite') return fileStores
  if (kind === 'postgres') return databaseStores()
  throw new Error(`EOSFLOW_HISTORY_STORE is sqlite or postgres, not ${kind}`)
}

function numberIn(name: string, otherwise: number): number {
  const given = process.env[name]
  return given === undefined ? Math.round(otherwise) : Number(given)
}

/** Throws where a command of the program or a GET route of the server is in no table, or a table has one that there is not. */
function requireAll(): void {
  const named = commands.map(({ usage }) => usage.replace(/ [<[].*$/, ''))
  const paths = routes.filter(({ method }) => method === 'GET').map(({ path }) => path)
  const faults = [
    ...differing('command', named, Object.keys(COMMANDS)),
    ...differing('route', paths, Object.keys(ROUTES)),
  ]
  if (faults.length > 0) throw new Error(faults.join('\n'))
}

function differing(what: string, there: readonly string[], listed: readonly string[]): readonly string[] {
  return [
    ...there.filter((one) => !listed.includes(one)).map((one) => `${what} ${one} is not measured: add it to the table`),
    ...listed.filter((one) => !there.includes(one)).map((one) => `there is no ${what} ${one} any more`),
  ]
}

let projects = 0

/** Where the projects are, and over which switches. */
interface ProjectsOf {
  readonly root: string
  readonly stores: HistoryStores
  readonly devices: readonly SimulatedDevice[]
}

/** A project; with the history of another one, a share of it, before its own executions. */
async function projectWith(
  { root, stores, devices }: ProjectsOf,
  past?: { readonly from: HistoryProject; readonly share: number },
): Promise<HistoryProject> {
  const dir = join(root, past === undefined ? 'short' : `long-${past.share}`)
  projects += 1
  await writeHistoryProject(dir, stores, devices, 998 - 10 * projects)
  const share = past?.share ?? Number.POSITIVE_INFINITY
  const size = {
    records: RECORDS / share,
    executions: Math.round(EXECUTIONS / share),
    waits: Math.round(WAITS / share),
  }
  if (past !== undefined) takeInstallKey(dir, past.from.dir)
  await stores.make(dir)
  if (past !== undefined) {
    const sources = await sourcesOf(stores, past.from)
    await stores.fill(dir, { texts: sources.texts, executions: pastOf(sources, size) })
  }
  return { dir, ...size, ...(await doOwn(dir)) }
}

async function bounded(
  stores: HistoryStores,
  name: string,
  row: CommandRow,
  short: HistoryProject,
  long: HistoryProject,
): Promise<Measured> {
  const measured = await inTurns(stores, name, row, short, long, row.rounds ?? ROUNDS)
  // A machine that others use is slow at times: what exceeds is measured once more.
  if (!measured.exceeds || row.rounds !== undefined) return measured
  return inTurns(stores, name, row, short, long, 2 * ROUNDS)
}

async function inTurns(
  stores: HistoryStores,
  name: string,
  row: CommandRow,
  short: HistoryProject,
  long: HistoryProject,
  rounds: number,
): Promise<Measured> {
  const uses: { readonly one: BuiltUse; readonly other: BuiltUse }[] = []
  for (let round = 0; round < rounds; round += 1)
    uses.push({ one: await used(stores, name, row, short), other: await used(stores, name, row, long) })
  const middle = (of: (use: (typeof uses)[number]) => number): number => rounded(median(uses.map(of)))
  const [cpu, cpuShort] = [middle(({ other }) => other.cpu), middle(({ one }) => one.cpu)]
  const [wall, wallShort] = [middle(({ other }) => other.wall), middle(({ one }) => one.wall)]
  return {
    what: [name, ...(row.argv?.(short, 'NEW') ?? [])].join(' '),
    cpu,
    cpuShort,
    wall,
    wallShort,
    ratio: rounded(cpu / cpuShort),
    memory: Math.round(middle(({ other }) => other.memory)),
    memoryShort: Math.round(middle(({ one }) => one.memory)),
    ...limitOf(stores.kind, { long: cpu, short: cpuShort }, { long: wall, short: wallShort }),
  }
}

async function linear(
  stores: HistoryStores,
  name: string,
  row: CommandRow,
  tenth: HistoryProject,
  long: HistoryProject,
): Promise<Measured> {
  const [some, all] = [await used(stores, name, row, tenth), await used(stores, name, row, long)]
  return {
    what: [name, ...(row.argv?.(long, 'NEW') ?? [])].join(' '),
    readsAll: true,
    cpu: rounded(all.cpu),
    cpuTenth: rounded(some.cpu),
    wall: rounded(all.wall),
    wallTenth: rounded(some.wall),
    times: rounded(all.cpu / some.cpu),
    memory: Math.round(all.memory),
    memoryTenth: Math.round(some.memory),
    exceeds: all.cpu / some.cpu > MOST_LINEAR || all.memory > some.memory + MOST_MEMORY,
  }
}

let made = 0

/** One call, in the project or in a copy of it. */
function used(stores: HistoryStores, name: string, row: CommandRow, given: HistoryProject): Promise<BuiltUse> {
  if (row.onCopy !== true) return usedIn(name, row, given)
  return stores.onCopy(given.dir, (dir) => usedIn(name, row, { ...given, dir }))
}

/** Throws where its exit code is another one. */
async function usedIn(name: string, row: CommandRow, project: HistoryProject): Promise<BuiltUse> {
  made += 1
  const before = (await row.before?.(project, made)) ?? ''
  const argv = [...name.split(' '), ...(row.argv?.(project, before) ?? [])]
  const { stdin, until, exits = [0] } = row
  const ended = await built(project.dir, {
    argv,
    ...(stdin === undefined ? {} : { stdin }),
    ...(until === undefined ? {} : { until }),
  })
  if (until === undefined && !exits.includes(ended.code ?? -1))
    throw new Error(
      `eosflow ${argv.join(' ')} in ${project.dir}: exit ${ended.code}, not ${exits.join(' or ')}\n${ended.out.slice(-2000)}${ended.err.slice(-2000)}`,
    )
  await row.after?.(project)
  return ended
}
