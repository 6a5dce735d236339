import type { SwitchEnding } from '../../../change/record/noted-ends.ts'
import { textsOf } from '../../../change/record/texts-of.ts'
import type { DeviceIdentity } from '../../../eos/device/device.ts'
import type { ConfirmedSource } from '../../../report/drift/drift.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { baselinesOf } from '../../history/executions/baseline.ts'
import { stagedChanges } from '../../history/plans/staged-change.ts'
import type { SnapshotDocument } from '../snapshot/snapshot-document.ts'

export interface ConfirmedConfig {
  readonly source: ConfirmedSource
  /** ISO 8601 in UTC. */
  readonly since: string
  readonly identity: DeviceIdentity
  readonly running: string
}

type Named = readonly [name: string, confirmed: ConfirmedConfig]

export async function confirmedConfigs(
  app: Pick<ProjectStore, 'store' | 'clock'>,
  names: readonly string[],
): Promise<Readonly<Record<string, ConfirmedConfig>>> {
  const executed = new Map<string, Sharing<SwitchEnding>>()
  const kept = new Map<string, Sharing<string>>()
  for (const [name, baseline] of await baselinesOf(app, names)) {
    if ('ending' in baseline)
      share(executed, `${baseline.ending.execution} ${baseline.ending.seq}`, baseline.ending, name)
    else share(kept, baseline.snapshot.snapshot, baseline.snapshot.snapshot, name)
  }
  const found: Named[] = []
  for (const { source, names } of executed.values()) found.push(...(await confirmedBy(app, source, names)))
  for (const { source, names } of kept.values()) found.push(...(await keptIn(app, source, names)))
  return Object.fromEntries(found)
}

interface Sharing<T> {
  readonly source: T
  readonly names: string[]
}

function share<T>(all: Map<string, Sharing<T>>, key: string, source: T, name: string) {
  const known = all.get(key) ?? { source, names: [] }
  known.names.push(name)
  all.set(key, known)
}

async function confirmedBy(
  app: Pick<ProjectStore, 'store'>,
  ending: SwitchEnding,
  names: readonly string[],
): Promise<readonly Named[]> {
  const { execution: id, at: since } = ending
  const source: ConfirmedSource = { kind: 'execution', id }
  const staged = await stagedChanges(app, ending, names)
  const found: Named[] = []
  const texts = textsOf(
    app.store,
    staged.map((one) => [one, one.target]),
  )
  for await (const [{ name, planned }, running] of texts)
    found.push([name, { source, since, identity: planned.identity, running }])
  return found
}

async function keptIn(
  { store }: Pick<ProjectStore, 'store'>,
  ref: string,
  names: readonly string[],
): Promise<readonly Named[]> {
  const { name: snapshot, takenAt, devices } = JSON.parse(await store.get(ref)) as SnapshotDocument
  const source: ConfirmedSource = { kind: 'snapshot', name: snapshot }
  return names.flatMap((name): readonly Named[] => {
    const device = devices[name]
    if (device === undefined) return []
    const { identity, running } = device
    return [[name, { source, since: takenAt, identity, running }]]
  })
}
