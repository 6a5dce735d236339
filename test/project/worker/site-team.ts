import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readState } from '../../../src/change/engine/fold.ts'
import type { ExecutionState } from '../../../src/change/engine/state.ts'
import { makeStore } from '../../../src/change/record/postgres/layout.ts'
import { KeyRing } from '../../../src/change/record/seal/store-keys.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { beginChange } from '../../../src/project/execution/begin/begin-change.ts'
import { handOver } from '../../../src/project/execution/run/carry-out.ts'
import { settledPlan } from '../../../src/project/history/plans/settled-plan.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import { readOrMakeInstallKey } from '../../../src/project/system/machine/key-files.ts'
import { type App, openAppIn, personNamed, preparedIn, soon, startBuilt } from '../../lab/lab.ts'
import { type Cluster, startCluster } from '../../postgres/cluster.ts'
import { type FabricBeside, fabricBeside } from './fabric.ts'
import { vlanWorkflow } from './vlan-workflow.ts'
import { Way } from './way.ts'

/** The sites of the switches here. */
export const SITES = ['north', 'south'] as const
type Site = (typeof SITES)[number]

/** The workflow that a change is made by, and the same with commit timers that are soon over. */
const WORKFLOWS = {
  'vlan.yaml': vlanWorkflow({ rollout: 'sites: together' }),
  'short.yaml': vlanWorkflow({
    rollout: 'sites: together',
    confirmWithin: '80s',
    verify: 'within: 10s, stableFor: 1s, every: 1s',
  }),
} as const

/** A worker of the built command for one site. */
export interface SiteWorker {
  readonly site: Site
  readonly process: ChildProcess
  /** Its id in the store. */
  readonly id: string
  readonly said: () => string
}

/** Two sites of one switch each, with a project folder for each and one for whoever asks: in each only the own switches have a true address. */
export interface SiteTeam {
  readonly app: App
  readonly fabric: FabricBeside
  /** The switch of each site. */
  readonly switches: Readonly<Record<Site, string>>
  readonly workers: readonly SiteWorker[]
  /** The way of the workers of a site to its switch. */
  readonly ways: Readonly<Record<Site, Way>>
  /** Whoever asks for something here. */
  readonly caller: Caller
  readonly cluster: Cluster
  /** Begins one. `limit`: so many executions of its site at once; default: that of the command. */
  worker(site: Site, limit?: number): Promise<SiteWorker>
  begin(vlan: number, file?: keyof typeof WORKFLOWS): Promise<string>
  /** Gives the sites other names in the inventory of every place. */
  rename(names: Readonly<Record<Site, string>>): void
  approve(id: string): Promise<void>
  /** Waits until something holds; asks again where the database is away. */
  until(holds: () => Promise<boolean>, what: string): Promise<void>
  /** The worker that drives an execution; undefined where nobody does. */
  ownerOf(execution: string): Promise<SiteWorker | undefined>
  state(id: string): Promise<ExecutionState>
  /** Kills the worker that drives an execution. False where nobody does. */
  killOwner(execution: string): Promise<boolean>
  close(): Promise<void>
}

/** Starts all of it but the workers. */
export async function startSiteTeam(): Promise<SiteTeam> {
  const cluster = await startCluster()
  const fabric = await fabricBeside(4)
  // Two leaves that are no pair.
  const [, , north = '', , ...rest] = Object.keys(fabric.ports)
  const south = rest[0] ?? Object.keys(fabric.ports)[0] ?? ''
  const switches = { north, south }
  const ways = { north: await Way.to(fabric.ports[north] ?? 0), south: await Way.to(fabric.ports[south] ?? 0) }
  const root = mkdtempSync(join(tmpdir(), 'eosflow-sites-'))
  const folders = Object.fromEntries(
    ([...SITES, 'office'] as const).map((place) => {
      const dir = join(root, place)
      cpSync(fileURLToPath(new URL('../../../package.json', import.meta.url)), join(dir, 'package.json'))
      writeFileSync(
        join(dir, 'eosflow.yaml'),
        `version: 1\nstore: ${cluster.url('postgres')}\nworkers: { dispatch: dbos, ttl: 2s, beat: 1s, durability: single, quarantine: 10s, idleTimeout: 0s }\n`,
      )
      for (const [file, workflow] of Object.entries(WORKFLOWS)) writeFileSync(join(dir, file), workflow)
      writeFileSync(join(dir, 'inventory.yaml'), inventoryAt(place, switches, ways))
      return [place, dir]
    }),
  )
  const office = folders.office ?? root
  const key = readOrMakeInstallKey(join(office, '.eosflow'), {})
  await makeStore({ host: '127.0.0.1', port: cluster.port, database: 'postgres', user: 'postgres' }, new KeyRing(key))
  const caller: Caller = personNamed('tester')
  const { app, close } = await openAppIn(office, caller.principal)
  // The keys of the installation are on each of its machines.
  for (const site of SITES)
    cpSync(join(office, '.eosflow'), join(folders[site] ?? root, '.eosflow'), { recursive: true })
  const workers: SiteWorker[] = []
  const state = (id: string) => readState(app.store, id)
  const ownerOf = async (execution: string) => {
    const rows = (await app.shared?.workers.list()) ?? []
    const row = rows.find(({ driven }) => driven.some((one) => one.execution === execution))
    return workers.find(({ id, process: child }) => id === row?.id && child.exitCode === null && !child.killed)
  }
  return {
    app,
    fabric,
    switches,
    workers,
    ways,
    caller,
    cluster,
    state,
    worker: async (site, limit) => {
      const argv = ['worker', '--json', '--site', site, '--name', `${site}-${workers.length}`]
      if (limit !== undefined) argv.push('--limit', String(limit))
      const { child, text, said } = startBuilt(folders[site] ?? root, argv)
      await said(/\n/, 'out')
      const { worker } = JSON.parse(text.out) as { readonly worker: string }
      const made: SiteWorker = { site, process: child, id: worker, said: () => text.err }
      workers.push(made)
      return made
    },
    rename: (names) => {
      for (const place of [...SITES, 'office'] as const)
        writeFileSync(join(folders[place] ?? root, 'inventory.yaml'), inventoryAt(place, switches, ways, names))
    },
    begin: async (vlan, file = 'vlan.yaml') => {
      const prepared = preparedIn(app, file, { given: { vlan: String(vlan) } })
      const made = await beginChange(app, caller, { prepared })
      if (made.kind !== 'begun' || app.dispatch === undefined) throw new Error('it was not begun')
      await handOver(app, app.dispatch, made.state)
      return made.state.id
    },
    approve: async (id) => {
      const plan = await settledPlan(app, await state(id), false)
      if (plan === undefined) throw new Error(`${id} has no plan`)
      await decideAs(app, caller, plan, { decision: 'approve', comment: '' })
    },
    until: (holds, what) =>
      soon(
        () => holds().catch(() => false),
        240_000,
        () => `${what}\n${workers.map(({ said }) => said()).join('\n')}`,
      ),
    ownerOf,
    killOwner: async (execution) => (await ownerOf(execution))?.process.kill('SIGKILL') === true,
    close: async () => {
      for (const { process: child } of workers) child.kill('SIGKILL')
      await Promise.all(workers.map(({ process: child }) => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
      await close().catch(() => undefined)
      for (const way of Object.values(ways)) way.close()
      fabric.close()
      await cluster.end()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Nothing listens at the address of a switch that is of another place. */
function inventoryAt(
  place: string,
  switches: Readonly<Record<Site, string>>,
  ways: Readonly<Record<Site, Way>>,
  names: Readonly<Record<Site, string>> = { north: 'north', south: 'south' },
) {
  const devices = SITES.map((site, index) => {
    const name = switches[site]
    return [
      name,
      { host: '127.0.0.1', port: site === place ? ways[site].port : index + 1, tags: { site: names[site] } },
    ]
  })
  return JSON.stringify({
    defaults: { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username: 'admin', password: 'admin', simulated: true } },
    devices: Object.fromEntries(devices),
  })
}
