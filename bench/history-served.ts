import { readFileSync } from 'node:fs'
import { OPEN } from '../test/doors/cli/running.ts'
import { startBuilt } from '../test/lab/process.ts'
import { builtOut } from './built.ts'
import { isAbove, type Measured } from './history-limit.ts'
import type { HistoryProject } from './history-projects.ts'
import { askerAt, ROUTES, type RouteParts, type RouteRow } from './history-routes.ts'
import { median, rounded } from './median.ts'

/** How the routes are measured. */
export interface RoutesMeasured {
  /** Only those whose names have this. */
  readonly only: RegExp
  /** Each so many times, in turns. */
  readonly times: number
}

/** Every route of the servers of two projects, in turns. */
export async function routesOf(
  short: HistoryProject,
  long: HistoryProject,
  { only, times }: RoutesMeasured,
): Promise<readonly Measured[]> {
  const servers = [await serving(short), await serving(long)] as const
  const measured: Measured[] = []
  try {
    for (const row of Object.entries(ROUTES).flatMap(([name, rows]) => (only.test(name) ? rows : [])))
      measured.push(
        await routeOf(row, servers, times).catch((error: unknown) => ({
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

/** The first time that a route is asked for, and the next: the median by the clock, and the mean of the CPU. */
async function routeOf(row: RouteRow, [one, other]: readonly [Serving, Serving], rounds: number): Promise<Measured> {
  const asked = async ({ asker, parts }: Serving): Promise<number> => asker.timed(row, parts)
  const [firstShort, first] = [await asked(one), await asked(other)]
  const [cpuBefore, cpuBeforeShort] = [other.cpu(), one.cpu()]
  const times: (readonly [short: number, long: number])[] = []
  for (let round = 0; round < rounds; round += 1) times.push([await asked(one), await asked(other)])
  const [cpu, cpuShort] = [(other.cpu() - cpuBefore) / rounds, (one.cpu() - cpuBeforeShort) / rounds]
  const [wallShort, wall] = [median(times.map(([own]) => own)), median(times.map(([, own]) => own))]
  const isBounded = row.readsAll !== true
  return {
    what: `GET ${row.path(other.parts)}`,
    wall: rounded(wall),
    wallShort: rounded(wallShort),
    ratio: rounded(wall / wallShort),
    first: rounded(first),
    firstShort: rounded(firstShort),
    cpu: rounded(cpu),
    cpuShort: rounded(cpuShort),
    // What a server does in the background, as verifying its record, is in its CPU too.
    exceeds: isBounded && isAbove({ long: wall, short: wallShort }),
    ...(isBounded ? {} : { readsAll: true }),
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
  const ofProcess = (file: string): string => readFileSync(`/proc/${running.child.pid}/${file}`, 'utf8')
  const memory = (): number => {
    const [, most] = /^VmHWM:\s+(\d+) kB$/m.exec(ofProcess('status')) ?? []
    return Math.round(Number(most) / 1024)
  }
  /** Milliseconds of CPU until now. */
  const cpu = (): number => {
    // Behind the name in brackets the third field comes first (proc(5)); the 14th and the 15th are hundredths of a second.
    const fields = ofProcess('stat')
      .replace(/^.*\) /s, '')
      .split(' ')
    return 10 * (Number(fields[11]) + Number(fields[12]))
  }
  const end = async (): Promise<void> => {
    asker.close()
    running.kill('SIGTERM')
    await running.ended
  }
  return { asker, parts, memory, cpu, end }
}
