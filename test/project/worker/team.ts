import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readState } from '../../../src/change/engine/fold.ts'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { makeStore } from '../../../src/change/record/postgres/layout.ts'
import { KeyRing } from '../../../src/change/record/seal/store-keys.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { beginChange } from '../../../src/project/execution/begin/begin-change.ts'
import { handOver } from '../../../src/project/execution/run/carry-out.ts'
import { takeUpOpen } from '../../../src/project/execution/run/run.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import { readOrMakeInstallKey } from '../../../src/project/system/machine/key-files.ts'
import { type App, BUILT, openAppIn, personNamed, preparedIn, startProcess, wordsOf } from '../../lab/lab.ts'
import { type Database, type DatabaseOptions, startDatabase } from './database.ts'
import { type FabricBeside, fabricBeside, inventoryOf } from './fabric.ts'
import { Machine } from './machine.ts'
import { BACK_WORKFLOW, vlanWorkflow } from './vlan-workflow.ts'

const WAYS = fileURLToPath(new URL('./ways.mjs', import.meta.url))
const CLOCK = fileURLToPath(new URL('./clock.mjs', import.meta.url))
const FREEZE = fileURLToPath(new URL('./freeze.mjs', import.meta.url))

/** So long without a sign of life is death here, in milliseconds. A machine that is busy with other things needs more: EOSFLOW_TTL, in seconds. */
export const TTL = 1000 * Number(process.env.EOSFLOW_TTL ?? 2)

const SETTINGS = (port: number, isReplicated: boolean) => `version: 1
store: postgres://postgres@127.0.0.1:${port}/postgres
workers: { dispatch: dbos, ttl: ${TTL / 1000}s, beat: ${TTL / 2000}s, durability: ${isReplicated ? 'replicated' : 'single'}, quarantine: 10s, idleTimeout: 0s }
`

const WORKFLOW = vlanWorkflow()

/** A worker of the built command, as a process of its own. */
export interface WorkerProcess {
  readonly process: ChildProcess
  /** Its id in the store. */
  readonly id: string
  /** Who it is on its records. */
  readonly name: string
  /** What it has said. */
  readonly said: () => string
  /** Resolves with its exit code, or its signal. */
  readonly ended: Promise<number | string>
}

/** How a worker is begun. */
export interface WorkerOptions {
  /** The machine whose ways it goes by; absent: it reaches all without any. */
  readonly machine?: Machine
  /** So many executions at once. */
  readonly limit?: number
  /** Another command than the one that is shipped. */
  readonly command?: string
  /** The act at which it stops as `freeze.mjs` does. */
  readonly freezeAt?: string
  /** By how many milliseconds its clock is off: when it begins, and from SIGUSR2 on. */
  readonly clockOff?: { readonly first: number; readonly later?: number }
  /** Hears each line of its log. */
  readonly hears?: (line: string) => void
}

/** A project whose store is on a PostgreSQL server of its own, with simulated switches beside it. */
export interface Team {
  readonly dir: string
  readonly database: Database
  readonly fabric: FabricBeside
  readonly app: App
  /** A machine with ways of its own, for workers. */
  machine(name: string): Promise<Machine>
  worker(options?: WorkerOptions): Promise<WorkerProcess>
  /** Runs a command of the built program. */
  eosflow(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** Puts a change of the switches that a selector selects on record and hands it to the workers. Asked for again under the same key it is the same one. */
  begin(switches: string, vlan: number, key?: string, file?: 'vlan.yaml' | 'back.yaml' | 'pair.yaml'): Promise<string>
  /** Approves what an execution waits for. */
  approve(execution: string): Promise<void>
  /** Goes on with an execution that is left to a person, as one who has the workers drive it. */
  goOn(execution: string): Promise<void>
  /** Calls `seen` with every record until the signal is aborted. */
  follow(seen: (event: JournalEvent) => void, stop: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Starts all of it but the workers. */
export async function startTeam(switches: number, options: DatabaseOptions = {}): Promise<Team> {
  const database = await startDatabase(options)
  const fabric = await fabricBeside(switches)
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-team-'))
  const write = (file: string, text: string) => writeFileSync(join(dir, file), text)
  write('eosflow.yaml', SETTINGS(database.port, options.isReplicated === true))
  write('inventory.yaml', inventoryOf(fabric.ports))
  write('vlan.yaml', WORKFLOW)
  write('back.yaml', BACK_WORKFLOW)
  write('pair.yaml', vlanWorkflow({ rollout: 'pairs: together', state: 'interfaces, mlag' }))
  const key = readOrMakeInstallKey(join(dir, '.eosflow'), {})
  const address = { host: '127.0.0.1', port: database.primary.port, database: 'postgres', user: 'postgres' }
  await makeStore(address, new KeyRing(key))
  const caller: Caller = personNamed('tester')
  const { app, close } = await openAppIn(dir, caller.principal)
  const children = new Set<ChildProcess>()
  const machines: Machine[] = []
  const begun = (argv: readonly string[], { machine, command = BUILT, freezeAt, clockOff }: WorkerOptions = {}) => {
    const ways = machine === undefined ? {} : { EOSFLOW_TEST_WAYS: machine.ways }
    const freeze = freezeAt === undefined ? {} : { EOSFLOW_TEST_FREEZE: freezeAt }
    const off = { EOSFLOW_TEST_CLOCK_OFF: `${clockOff?.first}`, EOSFLOW_TEST_CLOCK_LATER: `${clockOff?.later}` }
    const env = { ...process.env, CI: '1', ...ways, ...freeze, ...(clockOff === undefined ? {} : off) }
    const loaded = [WAYS, ...(freezeAt === undefined ? [] : [FREEZE]), ...(clockOff === undefined ? [] : [CLOCK])]
    const before = loaded.flatMap((file) => ['--import', file])
    const running = startProcess(dir, [process.execPath, ...before, command, ...argv], { env })
    children.add(running.child)
    running.child.once('exit', () => children.delete(running.child))
    return running
  }
  let hired = 0
  const dispatch = () => {
    if (app.dispatch === undefined) throw new Error('nobody hands executions to workers')
    return app.dispatch
  }
  return {
    dir,
    database,
    fabric,
    app,
    machine: async (name) => {
      const store = { known: database.port, real: database.primary.port }
      const machine = await Machine.at({ name, store, switches: fabric.ports, ttl: TTL })
      database.follow(machine.store)
      machines.push(machine)
      return machine
    },
    worker: async (given = {}) => {
      const { machine, limit = 20 } = given
      hired += 1
      const name = `${machine?.name ?? 'w'}-${hired}`
      if (machine !== undefined) machine.worker = `worker:${name}`
      const { child, text, said, ended } = begun(['worker', '--json', '--name', name, '--limit', String(limit)], given)
      const { hears } = given
      if (hears !== undefined && child.stderr !== null) createInterface({ input: child.stderr }).on('line', hears)
      await said(/\n/, 'out')
      const { worker } = JSON.parse(text.out) as { readonly worker: string }
      const over = ended.then(({ code, signal }) => code ?? signal ?? -1)
      return { process: child, id: worker, name: `worker:${name}`, said: () => text.err, ended: over }
    },
    eosflow: async (...argv) => {
      const { code, out, err } = await begun(wordsOf(argv)).ended
      return { code: code ?? -1, out, err }
    },
    begin: async (device, vlan, key = randomUUID(), file = 'vlan.yaml') => {
      const prepared = preparedIn(app, file, { given: { vlan: String(vlan) }, only: device })
      const made = await beginChange(app, caller, { prepared, request: { key, of: key } })
      if (made.kind === 'begun') await handOver(app, dispatch(), made.state)
      else await handOver(app, dispatch(), await readState(app.store, made.id))
      return made.kind === 'begun' ? made.state.id : made.id
    },
    goOn: async (execution) => {
      const taken = await takeUpOpen(app, caller, execution, {})
      if (taken.status !== 'ended') await handOver(app, dispatch(), taken)
    },
    approve: async (execution) => {
      const made = (await app.store.read(execution)).findLast((event) => event.type === 'PlanMade')
      if (made === undefined) throw new Error(`${execution} has no plan`)
      const plan = await recordedPlan(app.store, made.plan)
      await decideAs(app, caller, plan, { decision: 'approve', comment: '' })
    },
    follow: async (seen, stop) => {
      let { cursor } = await app.store.tail()
      while (!stop.aborted) {
        try {
          const tail = await app.store.tail(cursor)
          cursor = tail.cursor
          for (const event of tail.events) seen(event)
        } catch {
          // The server is away for a moment.
        }
        await pause(100)
      }
    },
    close: async () => {
      for (const child of children) child.kill('SIGKILL')
      await close().catch(() => undefined)
      for (const machine of machines) machine.close()
      fabric.close()
      await database.end()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Waits so many milliseconds. */
export const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
