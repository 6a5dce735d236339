import { join } from 'node:path'
import { positionIn } from '../src/change/record/event/cursor.ts'
import { openStore } from '../src/change/record/sqlite/open-store.ts'
import { readInstallKey } from '../src/project/system/machine/key-files.ts'
import { type FleetProject, fleetProject } from '../test/soak/fleet.ts'
import { fillStore } from './bulk-history.ts'

/** A project of many switches with a long history. */
export interface ServedProject {
  readonly dir: string
  /** An execution of one switch. */
  readonly one: string
  readonly records: number
  close(): void
}

const WORKFLOW = `name: one-switch
targets: pod1-leaf3
change: { mode: merge, lines: ['vlan 998', '   name MEASURED'] }
rollout: { waves: ['100%'], concurrency: 100, atomic: change }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 1h }
  - verify: { within: 60s, stableFor: 1s, every: 1s, checks: [reachable, { vlans-present: { vlans: [998] } }] }
  - confirm
`

/** Makes a project of so many switches: an execution of one of them, and copies of it until there are `records`. */
export async function servedProject(switches: number, records: number): Promise<ServedProject> {
  const fleet = await fleetProject(switches)
  fleet.write('one.yaml', WORKFLOW)
  // The oldest record of all: whoever looks for snapshots has all of the record behind it.
  await fleet.eosflow('snapshot take -t pod1-leaf3')
  await made(fleet)
  const [one = ''] = await idsOf(fleet.dir)
  const store = await open(fleet.dir)
  const ended = await store.read(one)
  await store.close()
  const key = readInstallKey(join(fleet.dir, '.eosflow'), {})
  await fillStore(storeOf(fleet.dir), key, { ended, open: [], openCopies: 0, records })
  // The first opening counts what the copies are.
  await fleet.eosflow('executions -n 1')
  const again = await open(fleet.dir)
  const { cursor } = await again.tail()
  await again.close()
  return {
    dir: fleet.dir,
    one,
    records: positionIn(cursor),
    close: () => fleet.close(),
  }
}

async function made(fleet: FleetProject): Promise<void> {
  const plan = await fleet.eosflow('plan one.yaml -o one.plan --json')
  const { plan: made } = JSON.parse(plan.out) as { readonly plan: { readonly digest: string } }
  const approved = await fleet.eosflow('approve one.plan --digest', made.digest)
  const { code, out } = await fleet.eosflow('run one.plan')
  if (approved.code !== 0 || code !== 0) throw new Error(`exit ${approved.code} and ${code}\n${out.slice(-1000)}`)
}

const storeOf = (dir: string): string => join(dir, '.eosflow', 'store.db')

async function idsOf(dir: string): Promise<readonly string[]> {
  const store = await open(dir)
  const ids = await store.executionIds()
  await store.close()
  return ids
}

function open(dir: string) {
  const clock = { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() }
  const installKey = readInstallKey(join(dir, '.eosflow'), {})
  return openStore({ path: storeOf(dir), installKey, clock, checkpointKey: () => undefined })
}
