import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { prepare } from '../src/change/plan/prepare.ts'
import { Session } from '../src/change/record/postgres/database.ts'
import { beginChange } from '../src/project/execution/begin/begin-change.ts'
import { handOver } from '../src/project/execution/run/carry-out.ts'
import { loadWorkflow } from '../src/project/files/load-workflow.ts'
import { orProblems } from '../src/project/system/process/input-error.ts'
import { setup } from '../test/build.ts'
import { pause, startTeam, type Team } from '../test/project/worker/team.ts'
import { vlanWorkflow } from '../test/project/worker/vlan-workflow.ts'
import { CALLER } from './caller.ts'
import type { Print } from './main.ts'

/** How many executions a worker drives at once where its memory is measured; each has a switch of its own. */
const EXECUTIONS = 100
/** So many are begun at once. */
const AT_ONCE = 10
/** The changes whose records are counted, by how many switches they are of. */
const CHANGES = [1, 4, 48] as const
/** Longer than this nothing is waited for, in milliseconds. */
const LONGEST = 300_000

/** The change whose records are counted. */
const COUNTED = vlanWorkflow({ name: 'counted', confirmWithin: '20m', verify: 'within: 3m, stableFor: 1s, every: 1s' })

/** A change that is live on its switch, and verified, for as long as it is looked at. */
const LIVE = vlanWorkflow({ name: 'long', confirmWithin: '60m', verify: 'within: 50m, stableFor: 45m, every: 10s' })

/**
 * What docs/operation.md plans a machine by: how many records and bytes a change leaves in a store in PostgreSQL, by its switches; the memory of a
 * worker that has nothing to do, and of one that drives 100 changes which are live on their switches. On a busy machine: EOSFLOW_TTL=10.
 */
export async function capacity(print: Print): Promise<void> {
  setup()
  const team = await startTeam(EXECUTIONS)
  try {
    const worker = await team.worker({ limit: EXECUTIONS + 20 })
    await pause(5000)
    print({ bench: 'capacity', what: 'a worker that is idle', ...memoryOf(worker.process.pid), load: loadavg()[0] })
    writeFileSync(join(team.dir, 'counted.yaml'), COUNTED)
    writeFileSync(join(team.dir, 'long.yaml'), LIVE)
    const switches = Object.keys(team.fabric.ports)
    const session = new Session(
      { host: '127.0.0.1', port: team.database.primary.port, database: 'postgres', user: 'postgres' },
      { name: 'bench' },
    )
    await session.open()
    for (const many of CHANGES) print(await recordsOf(team, session, switches.slice(0, many)))
    const began = performance.now()
    const waiting = [...switches]
    const begin = async (): Promise<void> => {
      for (let device = waiting.pop(); device !== undefined; device = waiting.pop())
        await until(team, await begun(team, 'long.yaml', [device], 300), 'ActFinished')
    }
    await Promise.all(Array.from({ length: AT_ONCE }, begin))
    const seconds = (performance.now() - began) / 1000
    await pause(15_000)
    const what = `a worker that drives ${EXECUTIONS} changes`
    print({
      bench: 'capacity',
      what,
      ...memoryOf(worker.process.pid),
      begunIn: Math.round(seconds),
      load: loadavg()[0],
    })
    await session.close()
  } finally {
    await team.close()
  }
}

/** Resident memory now and at most, in MiB. */
function memoryOf(pid: number | undefined): { readonly rss: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024)
  return { rss: mebibytes('VmRSS'), most: mebibytes('VmHWM') }
}

/** Makes a change of these switches to its end, and counts what it has left in the store. */
async function recordsOf(team: Team, session: Session, switches: readonly string[]): Promise<object> {
  const kept = async (): Promise<Readonly<Record<string, number>>> => {
    const { rows } =
      await session.send(`SELECT (SELECT count(*) FROM event) AS records, (SELECT count(*) FROM register) AS register,
      (SELECT count(*) FROM blob) AS texts, (SELECT coalesce(sum(octet_length(bytes)), 0)::bigint FROM blob) AS "textBytes"`)
    return rows[0] as Readonly<Record<string, number>>
  }
  const before = await kept()
  const id = await begun(team, 'counted.yaml', switches)
  await until(team, id, 'ExecutionEnded')
  const after = await kept()
  const outcome = (await team.app.store.read(id)).findLast((event) => event.type === 'ExecutionEnded')?.outcome
  const added = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]))
  return { bench: 'capacity', what: 'a change', switches: switches.length, outcome, ...added }
}

/** Begins a change of some switches, hands it to the workers, and approves it. */
async function begun(
  team: Team,
  workflow: string,
  switches: readonly string[],
  vlan = 200 + switches.length,
): Promise<string> {
  const { app } = team
  const prepared = orProblems(
    prepare({
      workflow: loadWorkflow(app.project, workflow),
      given: { vlan: String(vlan) },
      inventory: app.project.inventory(),
      only: switches.join(','),
      files: app.project.files,
    }),
  )
  const made = await beginChange(app, CALLER, { prepared, request: { key: randomUUID(), of: randomUUID() } })
  if (made.kind !== 'begun' || app.dispatch === undefined) throw new Error('it was not begun')
  await handOver(app, app.dispatch, made.state)
  await until(team, made.state.id, 'TaskWaiting')
  await team.approve(made.state.id)
  return made.state.id
}

async function until(team: Team, id: string, type: string): Promise<void> {
  const end = performance.now() + LONGEST
  for (;;) {
    const events = await team.app.store.read(id)
    if (events.some((event) => event.type === type)) return
    const last = events.at(-1)
    if (performance.now() > end || last?.type === 'ExecutionEnded')
      throw new Error(`${id} has no ${type}: ${JSON.stringify(last)}`)
    await pause(200)
  }
}
