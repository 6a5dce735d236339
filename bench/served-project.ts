import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { positionIn } from '../src/change/record/event/cursor.ts'
import type { JournalEvent } from '../src/change/record/event/event.ts'
import { openStore } from '../src/change/record/sqlite/open-store.ts'
import { readInstallKey } from '../src/project/system/machine/install-key.ts'
import { type FleetProject, fleetProject } from '../test/soak/fleet.ts'
import { fillStore } from './bulk-history.ts'

/** A project of many switches with a long history. */
export interface ServedProject {
  readonly dir: string
  /** The execution of every switch. */
  readonly large: string
  readonly largeRecords: number
  /** An execution of one switch. */
  readonly one: string
  readonly records: number
  close(): void
}

const workflow = (name: string, vlan: number, targets: string, verify: string): string => `name: ${name}
targets: '${targets}'
change: { mode: merge, lines: ['vlan ${vlan}', '   name MEASURED'] }
rollout: { waves: ['100%'], concurrency: 100, atomic: change }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 1h }
  - verify: ${verify}
  - confirm
`

const GOOD = '{ within: 60s, stableFor: 1s, every: 1s, checks: [reachable, { vlans-present: { vlans: [998] } }] }'
/** It is not good: every switch that has the change is put back, and the execution can be redriven. */
const BAD = '{ within: 2s, stableFor: 0s, every: 1s, checks: [reachable, { vlans-present: { vlans: [997] } }] }'

/**
 * Makes a project of so many switches: one execution of all of them, redriven until it has `largeRecords`, and copies of one of a single switch
 * until there are `records`.
 */
export async function servedProject(switches: number, records: number, largeRecords: number): Promise<ServedProject> {
  const fleet = await fleetProject(switches)
  fleet.write('one.yaml', workflow('one-switch', 998, 'pod1-leaf3', GOOD))
  fleet.write(
    'some.yaml',
    workflow('some-switches', 996, 'pod1-leaf3 or pod1-leaf4 or pod1-leaf5 or pod1-leaf6', GOOD.replace('998', '996')),
  )
  fleet.write('all.yaml', workflow('all-switches', 998, '*', BAD))
  // The oldest record of all: whoever looks for snapshots has all of the record behind it.
  await fleet.eosflow('snapshot take -t pod1-leaf3')
  await made(fleet, 'one', 0)
  const [one = ''] = await idsOf(fleet.dir)
  await made(fleet, 'all', 6)
  const [large = ''] = await idsOf(fleet.dir)
  const readNow = async (id: string): Promise<readonly JournalEvent[]> => {
    const store = await open(fleet.dir)
    const events = await store.read(id)
    await store.close()
    return events
  }
  const ended = await readNow(one)
  let all = await readNow(large)
  while (all.length < largeRecords) {
    const { code } = await fleet.eosflow('redrive', large)
    const before = all.length
    all = await readNow(large)
    if (code !== 6 || all.length === before) throw new Error(`redrive: exit ${code}, ${all.length} records`)
  }
  const key = readInstallKey(join(fleet.dir, '.eosflow'), {})
  await fillStore(storeOf(fleet.dir), key, { ended, open: [], openCopies: 0, records })
  // The first opening counts what the copies are.
  await fleet.eosflow('executions -n 1')
  const again = await open(fleet.dir)
  const { cursor } = await again.tail()
  await again.close()
  return {
    dir: fleet.dir,
    large,
    largeRecords: all.length,
    one,
    records: positionIn(cursor),
    close: () => fleet.close(),
  }
}

async function made(fleet: FleetProject, name: string, exit: number): Promise<void> {
  const plan = await fleet.eosflow(`plan ${name}.yaml -o ${name}.plan --json`)
  const { plan: made } = JSON.parse(plan.out) as { readonly plan: { readonly digest: string } }
  const approved = await fleet.eosflow(`approve ${name}.plan --digest`, made.digest)
  const { code, out } = await fleet.eosflow(`run ${name}.plan`)
  if (approved.code !== 0 || code !== exit)
    throw new Error(`${name}: exit ${approved.code} and ${code}\n${out.slice(-1000)}`)
  writeFileSync(join(fleet.dir, `${name}.txt`), out)
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
