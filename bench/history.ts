import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commands } from '../src/cli/commands.ts'
import { routes } from '../src/server/routes.ts'
import { setup } from '../test/build.ts'
import { OPEN } from '../test/cli/served.ts'
import { startBuilt } from '../test/lab/process.ts'
import { type BuiltUse, built, builtOut } from './built.ts'
import { COMMANDS, type CommandRow } from './history-commands.ts'
import { doOwn, fillHistory, type HistoryProject, sourcesOf, writeHistoryProject } from './history-projects.ts'
import { askerAt, ROUTES, type RouteParts, type RouteRow } from './history-routes.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'
import { startSimulator } from './simulator.ts'

/** How long the history is; its length and how much of it waits by the environment, for a run of a minute or two. */
const RECORDS = numberIn('EOSFLOW_HISTORY_RECORDS', 1_000_000)
const EXECUTIONS = numberIn('EOSFLOW_HISTORY_EXECUTIONS', RECORDS / 50)
const WAITS = numberIn('EOSFLOW_HISTORY_WAITS', RECORDS / 1_000)
const ROUNDS = numberIn('EOSFLOW_HISTORY_ROUNDS', 5)
/** Only the commands and routes whose names have this. */
const ONLY = new RegExp(process.env.EOSFLOW_HISTORY_ONLY ?? '.')
/** What the history is a tenth of, for what reads all of it. */
const TENTH = 10

/** At most so much longer than with an empty store may take what gives no more for a longer history. */
const [MOST_TIMES, MOST_MORE] = [1.2, 50]
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
  const simulator = await startSimulator()
  const root = mkdtempSync(join(tmpdir(), 'eosflow-history-'))
  const exceeding: string[] = []
  const show = (row: Measured): void => {
    print({ bench: 'history', store: 'sqlite', ...row })
    if (row.exceeds) exceeding.push(row.what)
  }
  try {
    const short = await projectWith(root, simulator.devices)
    const tenth = await projectWith(root, simulator.devices, { from: short, share: TENTH })
    const long = await projectWith(root, simulator.devices, { from: short, share: 1 })
    const { records, executions, waits } = long
    print({ bench: 'history', store: 'sqlite', what: 'the long history', records, executions, waits })
    for (const [name, rows] of Object.entries(COMMANDS)) {
      if (!ONLY.test(name)) continue
      for (const row of rows.filter(({ only }) => only !== 'postgres')) {
        const all = row.readsAll === true
        const measured = all ? linear(name, row, tenth, long) : bounded(name, row, short, long)
        // One that does not do what its row says is named with the others that exceed, and keeps none of them from being measured.
        show(await measured.catch((error: unknown) => ({ what: name, fault: String(error), exceeds: true })))
      }
    }
    for (const row of await routesOf(short, long)) show(row)
    print({ bench: 'history', store: 'sqlite', what: 'exceeding', names: exceeding })
    if (exceeding.length > 0) process.exitCode = 1
  } finally {
    simulator.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

/** What was measured: milliseconds of the clock and of CPU, and MiB, with the long history and beside it. */
interface Measured {
  readonly what: string
  readonly exceeds: boolean
  readonly [more: string]: unknown
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

/** A project over these switches; with the history of another one, a share of it, before its own executions. */
async function projectWith(
  root: string,
  devices: Parameters<typeof writeHistoryProject>[1],
  past?: { readonly from: HistoryProject; readonly share: number },
): Promise<HistoryProject> {
  const dir = join(root, past === undefined ? 'short' : `long-${past.share}`)
  projects += 1
  await writeHistoryProject(dir, devices, 998 - 10 * projects)
  const share = past?.share ?? Number.POSITIVE_INFINITY
  const size = {
    records: RECORDS / share,
    executions: Math.round(EXECUTIONS / share),
    waits: Math.round(WAITS / share),
  }
  if (past !== undefined) await fillHistory(dir, past.from.dir, await sourcesOf(past.from), size)
  return { dir, ...size, ...(await doOwn(dir)) }
}

async function bounded(name: string, row: CommandRow, short: HistoryProject, long: HistoryProject): Promise<Measured> {
  const measured = await inTurns(name, row, short, long, row.rounds ?? ROUNDS)
  // A machine that others use is slow at times: what exceeds is measured once more.
  if (!measured.exceeds || row.rounds !== undefined) return measured
  return inTurns(name, row, short, long, 2 * ROUNDS)
}

async function inTurns(
  name: string,
  row: CommandRow,
  short: HistoryProject,
  long: HistoryProject,
  rounds: number,
): Promise<Measured> {
  const uses: { readonly one: BuiltUse; readonly other: BuiltUse }[] = []
  for (let round = 0; round < rounds; round += 1)
    uses.push({ one: await used(name, row, short), other: await used(name, row, long) })
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
    // By the processor: a clock also counts what others do on this machine.
    exceeds: cpu > MOST_TIMES * cpuShort + MOST_MORE,
  }
}

async function linear(name: string, row: CommandRow, tenth: HistoryProject, long: HistoryProject): Promise<Measured> {
  const [some, all] = [await used(name, row, tenth), await used(name, row, long)]
  return {
    what: [name, ...(row.argv?.(long, 'NEW') ?? [])].join(' '),
    readsAll: true,
    cpu: rounded(all.cpu),
    cpuTenth: rounded(some.cpu),
    wall: rounded(all.wall),
    times: rounded(all.cpu / some.cpu),
    memory: Math.round(all.memory),
    memoryTenth: Math.round(some.memory),
    exceeds: all.cpu / some.cpu > MOST_LINEAR || all.memory > some.memory + MOST_MEMORY,
  }
}

let made = 0

/** One call, in the project or in a copy of it. Throws where its exit code is another one. */
async function used(name: string, row: CommandRow, given: HistoryProject): Promise<BuiltUse> {
  made += 1
  const copy = row.onCopy === true ? `${given.dir}-copy-${made}` : undefined
  if (copy !== undefined) cpSync(given.dir, copy, { recursive: true })
  const project = copy === undefined ? given : { ...given, dir: copy }
  try {
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
  } finally {
    if (copy !== undefined) rmSync(copy, { recursive: true, force: true })
  }
}

/** Every route of both servers, in turns. */
async function routesOf(short: HistoryProject, long: HistoryProject): Promise<readonly Measured[]> {
  const servers = [await serving(short), await serving(long)] as const
  const measured: Measured[] = []
  try {
    for (const row of Object.entries(ROUTES).flatMap(([name, rows]) => (ONLY.test(name) ? rows : [])))
      measured.push(
        await routeOf(row, servers).catch((error: unknown) => ({
          what: row.path(servers[1].parts),
          fault: String(error),
          exceeds: true,
        })),
      )
    const [memoryShort, memory] = servers.map(({ memory: most }) => most())
    return [...measured, { what: 'serve, most memory of both', memory, memoryShort, exceeds: false }]
  } finally {
    for (const { end } of servers) await end()
  }
}

/** The first time that a route is asked for, and the median of the next. */
async function routeOf(row: RouteRow, [one, other]: readonly [Serving, Serving]): Promise<Measured> {
  const asked = async ({ asker, parts }: Serving): Promise<number> => asker.timed(row, parts)
  const [firstShort, first] = [await asked(one), await asked(other)]
  const times: (readonly [short: number, long: number])[] = []
  for (let round = 0; round < 2 * ROUNDS; round += 1) times.push([await asked(one), await asked(other)])
  const [wallShort, wall] = [median(times.map(([own]) => own)), median(times.map(([, own]) => own))]
  const isBounded = row.readsAll !== true
  return {
    what: `GET ${row.path(other.parts)}`,
    wall: rounded(wall),
    wallShort: rounded(wallShort),
    ratio: rounded(wall / wallShort),
    first: rounded(first),
    firstShort: rounded(firstShort),
    ...(isBounded ? {} : { readsAll: true }),
    exceeds: isBounded && wall > MOST_TIMES * wallShort + MOST_MORE,
  }
}

type Serving = Awaited<ReturnType<typeof serving>>

async function serving(project: HistoryProject) {
  const shown = JSON.parse(await builtOut(project.dir, ['show', project.ran, '--json'])) as {
    readonly plan: string
  }
  const running = startBuilt(project.dir, ['serve'])
  const [, origin = '', link = ''] = await running.said(OPEN)
  const asker = await askerAt(origin, link)
  const parts: RouteParts = { ...project, plan: shown.plan }
  const memory = (): number => {
    const [, most] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${running.child.pid}/status`, 'utf8')) ?? []
    return Math.round(Number(most) / 1024)
  }
  const end = async (): Promise<void> => {
    asker.close()
    running.kill('SIGTERM')
    await running.ended
  }
  return { asker, parts, memory, end }
}
