import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appendPast, bodiesOf, type PastExecution } from '../../bench/bulk-history.ts'
import type { EventBody, JournalEvent } from '../../src/journal/event.ts'
import { openStore } from '../../src/journal/sqlite/open-store.ts'
import { readInstallKey } from '../../src/system/install-key.ts'
import { type FleetProject, fleetProject } from '../soak/fleet-project.ts'

/** How large a project is made. */
export interface LargeSize {
  /** Simulated switches that answer. */
  readonly answering: number
  /** Switches of the inventory that are asked for nothing, besides. */
  readonly others: number
  /** Executions that are on record before the last ones. */
  readonly executions: number
}

/** A project of many switches with a long history, whose last change failed in its first wave. */
export interface LargeProject {
  readonly dir: string
  /** The execution whose first wave failed as a whole. */
  readonly failed: string
  readonly eosflow: FleetProject['eosflow']
  close(): void
}

const workflow = (
  name: string,
  vlan: number,
  targets: string,
  checked: number,
  wave: string,
  stable = '1s',
): string => `name: ${name}
description: Adds a VLAN to every switch that carries it
params:
  vlan: { type: integer, minimum: 2, maximum: 4094, default: ${vlan}, description: the number of the VLAN }
targets: '${targets}'
change: { mode: merge, lines: ['vlan {{ vlan }}', '   name MEASURED'] }
rollout: { waves: [${wave}], concurrency: 100, atomic: change }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 2h }
  - verify: { within: ${stable === '1s' ? '60s' : '25m'}, stableFor: ${stable}, every: 5s, checks: [reachable, { vlans-present: { vlans: [${checked}] } }] }
  - confirm
`

const THIRDS = `'33%', '66%', '100%'`

/** Makes such a project. The simulated switches end with it. */
export async function largeProject({ answering, others, executions }: LargeSize): Promise<LargeProject> {
  const fleet = await fleetProject(answering)
  mkdirSync(join(fleet.dir, 'workflows'))
  fleet.write('workflows/one-switch.yaml', workflow('one-switch', 998, 'pod1-leaf3', 998, `'100%'`))
  fleet.write(
    'workflows/one-bad.yaml',
    workflow('one-bad', 996, 'pod1-leaf4', 997, `'100%'`).replace('within: 60s', 'within: 1s'),
  )
  fleet.write('workflows/add-vlan.yaml', workflow('add-vlan', 140, 'last:yes or last:no', 140, THIRDS))
  fleet.write('workflows/soak-vlan.yaml', workflow('soak-vlan', 150, 'last:yes or last:no', 150, THIRDS, '20m'))
  fleet.write(
    'workflows/wrong-vlan.yaml',
    workflow('wrong-vlan', 160, 'last:yes or last:no', 161, THIRDS)
      .replace('within: 60s', 'within: 20s')
      .replace('every: 5s', 'every: 1s'),
  )
  const good = await made(fleet, 'one-switch', 0)
  const bad = await made(fleet, 'one-bad', 6)
  const [g, b] = [await recordsOf(fleet.dir, good), await recordsOf(fleet.dir, bad)]
  await fill(fleet.dir, [g, b], executions)
  const failed = await made(fleet, 'wrong-vlan', 6)
  withOthers(fleet.dir, others)
  return { dir: fleet.dir, failed, eosflow: fleet.eosflow, close: () => fleet.close() }
}

async function made(fleet: FleetProject, name: string, exit: number): Promise<string> {
  const plan = await fleet.eosflow('plan', `workflows/${name}.yaml`, '-o', `${name}.plan`)
  if (plan.code !== 0) throw new Error(readFileSync(join(fleet.dir, 'stderr.log'), 'utf8').slice(-3000))
  const { digest } = JSON.parse(readFileSync(join(fleet.dir, `${name}.plan`), 'utf8')) as { readonly digest: string }
  const approved = await fleet.eosflow('approve', `${name}.plan`, '--digest', digest)
  const { code, out } = await fleet.eosflow('run', `${name}.plan`)
  if (plan.code + approved.code !== 0 || code !== exit)
    throw new Error(`${name}: exit ${plan.code}, ${approved.code} and ${code}\n${out.slice(-1000)}`)
  const store = await open(fleet.dir)
  const [id = ''] = await store.executionIds()
  await store.close()
  return id
}

/** Switches that nobody asks anything, with roles and sites, after those that answer. */
function withOthers(dir: string, others: number): void {
  const path = join(dir, 'inventory.yaml')
  const inventory = JSON.parse(readFileSync(path, 'utf8')) as {
    devices: Record<string, object>
    credentials: Record<string, object>
  }
  inventory.credentials.network = { username: 'netops', password: '${env:LARGE_PASSWORD}' }
  const roles = ['spine', 'leaf', 'leaf', 'leaf', 'leaf', 'leaf', 'leaf', 'border']
  for (let index = 0; index < others; index += 1) {
    const role = roles[index % roles.length] ?? 'leaf'
    const site = `dc${2 + (index % 6)}`
    inventory.devices[`${site}-${role}${String(Math.floor(index / 6) + 1).padStart(3, '0')}`] = {
      protocol: 'https',
      credentials: 'network',
      host: `10.${20 + (index % 6)}.${Math.floor(index / 250)}.${(index % 250) + 1}`,
      tags: { role, site, last: 'none' },
    }
  }
  writeFileSync(path, JSON.stringify(inventory))
}

function open(dir: string) {
  const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
  const installKey = readInstallKey(join(dir, '.eosflow'), {})
  return openStore({ path: join(dir, '.eosflow', 'store.db'), installKey, clock, checkpointKey: () => undefined })
}

async function recordsOf(dir: string, id: string): Promise<readonly JournalEvent[]> {
  const store = await open(dir)
  const events = await store.read(id)
  await store.close()
  return events
}

/** What of an execution is kept in its copies: what a list shows of it. */
const KEPT: ReadonlySet<string> = new Set(['ExecutionStarted', 'PlanMade', 'ExecutionEnded'])
/** One in so many went back. */
const ONE_BACK = 97
const MONTH = 30 * 86_400_000

/** Fills a store with shortened copies of executions that really ran, spread over the month before now. */
async function fill(dir: string, sources: readonly (readonly JournalEvent[])[], count: number): Promise<void> {
  const installKey = readInstallKey(join(dir, '.eosflow'), {})
  await appendPast(join(dir, '.eosflow', 'store.db'), installKey, copiesOf(sources, count))
}

function* copiesOf(sources: readonly (readonly JournalEvent[])[], count: number): Generator<PastExecution> {
  const now = Date.now()
  for (let index = 0; index < count; index += 1) {
    const source = sources[index % ONE_BACK === ONE_BACK - 1 ? 1 : 0] ?? []
    yield copyOf(source, now - MONTH + Math.floor(((index + 1) * (MONTH - 120_000)) / count), index)
  }
}

function copyOf(events: readonly JournalEvent[], at: number, index: number): PastExecution {
  const stamp = new Date(at).toISOString().replaceAll(/[-:]/g, '')
  const own = index.toString(16).padStart(8, '0')
  const kept = JSON.stringify(bodiesOf(events.filter(({ type }) => KEPT.has(type))))
  const renamed = kept.replaceAll(/sha256:[0-9a-f]{56}/g, (digest) => `${digest.slice(0, 55)}${own}`)
  return {
    id: `${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-${own}`,
    events: JSON.parse(renamed) as readonly EventBody[],
    actor: events[0]?.actor ?? '',
    at,
  }
}
