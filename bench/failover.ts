import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { prepare } from '../src/change/plan/prepare.ts'
import { beginChange } from '../src/project/execution/begin/begin-change.ts'
import { handOver } from '../src/project/execution/run/carry-out.ts'
import { loadWorkflow } from '../src/project/files/load-workflow.ts'
import { orProblems } from '../src/project/system/process/input-error.ts'
import { setup } from '../test/build.ts'
import { pause, startTeam, type Team, TTL, type WorkerProcess } from '../test/project/worker/team.ts'
import { vlanWorkflow } from '../test/project/worker/vlan-workflow.ts'
import { CALLER } from './caller.ts'
import type { Print } from './main.ts'
import { percentile } from './percentile.ts'

const WORKERS = 3
const KILLS = 30
/** So many executions are under way at once. */
const AT_ONCE = 6
/** After its fifth death in a row an execution is left to a person. */
const DEATHS = 4
/** Longer than this nobody waits for a failover, in milliseconds. */
const LONGEST = 30_000
/** The demand: what the p99 is below, in milliseconds. */
const MOST = TTL + 1000

/** A change that is verified for as long as the measurement needs it. */
const WORKFLOW = vlanWorkflow({ name: 'long', confirmWithin: '60m', verify: 'within: 50m, stableFor: 45m, every: 1s' })

/**
 * How long nobody drives an execution whose worker is killed: from the kill to the record of the worker that goes on, at a TTL of 2 s and a sign of life
 * each second. Exits 1 where the p99 is a second more than the TTL, or more.
 */
export async function failover(print: Print): Promise<void> {
  setup()
  const team = await startTeam(48)
  try {
    writeFileSync(join(team.dir, 'long.yaml'), WORKFLOW)
    const switches = Object.keys(team.fabric.ports)
    const measured: Measured = { times: [], lost: [] }
    let crew: readonly WorkerProcess[] = await Promise.all(Array.from({ length: WORKERS }, () => team.worker()))
    for (let kills = 0; kills < KILLS; ) {
      const under = await Promise.all(begin(team, switches))
      // Each of them dies with its worker as often as one may, or so many times were measured.
      const deaths = new Map(under.map((id) => [id, 0]))
      while (Math.max(...deaths.values()) < DEATHS && kills < KILLS) {
        crew = await killOne(team, crew, deaths, kills, measured)
        kills += 1
      }
      await Promise.all(under.map((id) => team.eosflow(`stop ${id} --reason measured`)))
    }
    const { times, lost } = measured
    const [p50, p99] = [percentile(times, 50), percentile(times, 99)]
    const row = {
      bench: 'failover',
      workers: WORKERS,
      ttl: TTL,
      kills: KILLS,
      executions: times.length,
      lost: lost.length,
    }
    print({ ...row, p50, p99, longest: Math.max(...times), most: MOST, load: loadavg()[0] })
    if (p99 >= MOST || lost.length > 0) process.exitCode = 1
  } finally {
    await team.close()
  }
}

/** What was measured: how long executions were driven by nobody, in milliseconds; and those that nobody has taken over. */
interface Measured {
  readonly times: number[]
  readonly lost: string[]
}

/** Kills the worker that drives most, and waits until others go on with all of it. Gives the workers that are there then. */
async function killOne(
  team: Team,
  crew: readonly WorkerProcess[],
  deaths: Map<string, number>,
  kills: number,
  { times, lost }: Measured,
): Promise<readonly WorkerProcess[]> {
  const rows = (await team.app.shared?.workers.list()) ?? []
  const drivenBy = ({ id }: WorkerProcess): readonly string[] =>
    (rows.find((row) => row.id === id)?.driven ?? []).flatMap(({ execution }) =>
      deaths.has(execution) ? [execution] : [],
    )
  const [victim] = crew.toSorted((one, other) => drivenBy(other).length - drivenBy(one).length)
  if (victim === undefined || drivenBy(victim).length === 0) throw new Error('nobody drives anything')
  // Not always at the same moment of its beat.
  await pause((kills * 137) % 1000)
  const at = Date.now()
  victim.process.kill('SIGKILL')
  await Promise.all(
    drivenBy(victim).map(async (id) => {
      const time = await resumedAfter(team, id, at)
      if (time === undefined) lost.push(id)
      else times.push(time)
      deaths.set(id, (deaths.get(id) ?? 0) + 1)
    }),
  )
  return [...crew.filter((worker) => worker !== victim), await team.worker()]
}

/** Begins changes, and waits until they are live on their switches. */
function begin(team: Team, switches: string[]): readonly Promise<string>[] {
  const { app } = team
  return Array.from({ length: AT_ONCE }, async (_, index) => {
    const device = switches.shift() ?? ''
    switches.push(device)
    const prepared = orProblems(
      prepare({
        workflow: loadWorkflow(app.project, 'long.yaml'),
        given: { vlan: String(200 + index) },
        inventory: app.project.inventory(),
        only: device,
        files: app.project.files,
      }),
    )
    const made = await beginChange(app, CALLER, { prepared, request: { key: randomUUID(), of: randomUUID() } })
    if (made.kind !== 'begun' || app.dispatch === undefined) throw new Error('it was not begun')
    const { id } = made.state
    await handOver(app, app.dispatch, made.state)
    await until(team, id, 'TaskWaiting')
    await team.approve(id)
    await until(team, id, 'ActFinished')
    await pause(2000)
    return id
  })
}

async function until(team: Team, id: string, type: string): Promise<void> {
  const end = performance.now() + LONGEST
  while (!(await team.app.store.read(id)).some((event) => event.type === type)) {
    if (performance.now() > end) throw new Error(`${id} has no ${type}`)
    await pause(100)
  }
}

/** So many milliseconds after a kill the next worker has put on record that it goes on. */
async function resumedAfter(team: Team, id: string, at: number): Promise<number | undefined> {
  for (const end = performance.now() + LONGEST; performance.now() < end; await pause(50)) {
    const last = (await team.app.store.read(id)).findLast(({ type }) => type === 'ExecutionResumed')
    const time = last === undefined ? -1 : Date.parse(last.at) - at
    if (time > 0) return time
  }
  return undefined
}
