import type { Store } from '../../change/record/store/store.ts'
import type { Fabric } from '../../eos/sim/fabric/fabric.ts'
import type { Principal } from '../../model/principal.ts'
import type { SnapshotDocument } from '../../project/switches/snapshot/snapshot-document.ts'

export interface AdoptedFabric {
  readonly fabric: Fabric
  /** Another text than the one that a switch runs, by its name; null: none is on record. */
  readonly intended?: Readonly<Record<string, string | null>>
  /** ISO 8601 in UTC. */
  readonly takenAt: string
}

/** Puts on record that what simulated switches run is their intended text, as `eosflow adopt` does it on real ones. */
export async function adoptFabric(store: Store, by: Principal, given: AdoptedFabric): Promise<void> {
  const { fabric, intended = {}, takenAt } = given
  const devices = fabric.devices.flatMap(({ name, serial, mac, eos, model, config }) => {
    const running = intended[name] === undefined ? config : intended[name]
    const identity = { serial, systemMac: mac, eos, model }
    return running === null ? [] : [[name, { identity, running, state: {} }] as const]
  })
  const document: SnapshotDocument = { version: 1, name: 'before', takenAt, devices: Object.fromEntries(devices) }
  const names = devices.map(([name]) => name)
  const moved = { devices: names, baseline: [], notices: [], adopted: names }
  const snapshot = await store.put(JSON.stringify(document))
  await store.as(by).append(undefined, [{ type: 'SnapshotTaken', name: document.name, snapshot, ...moved }])
}
