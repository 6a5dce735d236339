import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { App } from '../../src/app/app.ts'
import { decideAs } from '../../src/app/approval/decide.ts'
import type { Caller } from '../../src/app/caller.ts'
import { handOver } from '../../src/app/carry-out.ts'
import { orProblems } from '../../src/app/input-error.ts'
import { loadWorkflow } from '../../src/app/load-workflow.ts'
import { openApp } from '../../src/app/open-app.ts'
import { openProject } from '../../src/app/project.ts'
import { start } from '../../src/app/start.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { makeStore } from '../../src/journal/postgres/layout.ts'
import { storeKeys } from '../../src/journal/store-keys.ts'
import { prepare } from '../../src/plan/prepare.ts'
import { readRecordedPlan } from '../../src/plan/recorded-plan.ts'
import { storedPlanText } from '../../src/plan/stored-plan.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { readOrMakeInstallKey } from '../../src/system/install-key.ts'
import { type Cluster, startCluster } from '../postgres/cluster.ts'
import { type FabricBeside, fabricBeside, inventoryOf } from './fabric.ts'

const BUILT = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** So long without a sign of life is death here, in milliseconds. */
export const TTL = 2000

const SETTINGS = (url: string): string => `version: 1
store: ${url}
workers: { dispatch: dbos, ttl: 2s, beat: 1s, durability: single, quarantine: 10s }
`

const WORKFLOW = `name: vlan
targets: '*'
params:
  vlan: { type: integer }
change:
  mode: merge
  lines: ['vlan {{ vlan }}', '   name TESTED']
rollout: { waves: ['100%'], atomic: change }
steps:
  - snapshot: { state: [interfaces] }
  - plan
  - approve
  - push: { confirmWithin: 2m }
  - verify: { within: 20s, stableFor: 1s, every: 1s, checks: [reachable] }
  - confirm
`

/** A worker of the built command, as a process of its own. */
export interface WorkerProcess {
  readonly process: ChildProcess
  /** Its id in the store. */
  readonly id: string
  /** What it has said. */
  readonly said: () => string
  /** Resolves with its exit code, or its signal. */
  readonly ended: Promise<number | string>
}

/** A project whose store is on a PostgreSQL server of its own, with simulated switches beside it. */
export interface Team {
  readonly dir: string
  readonly cluster: Cluster
  readonly fabric: FabricBeside
  readonly app: App
  worker(): Promise<WorkerProcess>
  /** Runs a command of the built program. */
  eosflow(...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** Puts a change of one switch on record and hands it to the workers. */
  begin(device: string, vlan: number): Promise<string>
  /** Approves what an execution waits for. */
  approve(execution: string): Promise<void>
  /** Calls `seen` with every record until the signal is aborted. */
  follow(seen: (event: JournalEvent) => void, stop: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Starts all of it but the workers. */
export async function startTeam(switches: number): Promise<Team> {
  const cluster = await startCluster()
  const fabric = await fabricBeside(switches)
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-team-'))
  const write = (file: string, text: string): void => writeFileSync(join(dir, file), text)
  write('eosflow.yaml', SETTINGS(cluster.url('postgres')))
  write('inventory.yaml', inventoryOf(fabric.ports))
  write('vlan.yaml', WORKFLOW)
  const key = readOrMakeInstallKey(join(dir, '.eosflow'), {})
  await makeStore({ host: '127.0.0.1', port: cluster.port, database: 'postgres', user: 'postgres' }, storeKeys(key))
  const host = { env: {}, cwd: dir, scrubber: new Scrubber(), words: () => '' }
  const project = openProject(host, { project: dir })
  const caller: Caller = {
    principal: { issuer: 'local', id: 'tester', kind: 'person', auth: 'os' },
    interactive: false,
    stop: new AbortController().signal,
    tell: () => undefined,
    ask: async () => undefined,
  }
  const { app, close } = await openApp(project, host, caller, caller, { insecureTls: false })
  const children = new Set<ChildProcess>()
  const begun = (argv: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [BUILT, ...argv], { cwd: dir, env: { ...process.env, NO_COLOR: '1' } })
    children.add(child)
    child.once('exit', () => children.delete(child))
    return child
  }
  return {
    dir,
    cluster,
    fabric,
    app,
    worker: async () => {
      const child = begun(['worker', '--json', '--limit', '20'])
      const said = textOf(child)
      const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
      while (!said.out().includes('\n')) {
        if (child.exitCode !== null) throw new Error(`a worker does not start: ${said.err()}`)
        await pause(20)
      }
      const { worker } = JSON.parse(said.out()) as { readonly worker: string }
      return { process: child, id: worker, said: said.err, ended }
    },
    eosflow: async (...argv) => {
      const child = begun(argv)
      const said = textOf(child)
      const [code] = (await once(child, 'close')) as [number | null]
      return { code: code ?? -1, out: said.out(), err: said.err() }
    },
    begin: async (device, vlan) => {
      const workflow = loadWorkflow(project, 'vlan.yaml')
      const inventory = project.inventory()
      const prepared = orProblems(
        prepare({ workflow, given: { vlan: String(vlan) }, inventory, only: device, files: project.files }),
      )
      const made = await start(app, caller, { prepared, request: { key: randomUUID(), of: randomUUID() } })
      if (made.kind !== 'begun' || app.posts === undefined) throw new Error('it was not begun')
      await handOver(app, app.posts, made.state)
      return made.state.id
    },
    approve: async (execution) => {
      const made = (await app.store.read(execution)).findLast((event) => event.type === 'PlanMade')
      if (made === undefined) throw new Error(`${execution} has no plan`)
      const plan = readRecordedPlan(await storedPlanText(app.store, made.plan))
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
      fabric.close()
      await cluster.end()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Waits so many milliseconds. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

function textOf(child: ChildProcess): { readonly out: () => string; readonly err: () => string } {
  let [out, err] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-20_000)
  })
  return { out: () => out, err: () => err }
}
