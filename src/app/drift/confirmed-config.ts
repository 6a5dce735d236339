import type { DeviceIdentity } from '../../device/device.ts'
import { foldAll } from '../../engine/fold.ts'
import type { SwitchEnding } from '../../journal/noted-ends.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { plannedOf } from '../../plan/settled.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import type { ConfirmedSource } from '../../report/drift/drift.ts'
import type { ProjectStore } from '../project/project-store.ts'
import type { SnapshotDocument } from '../snapshot/snapshot-document.ts'
import { baselinesOf } from './baseline.ts'

/** The last configuration of a switch that is on record as confirmed, or as its baseline. */
export interface ConfirmedConfig {
  readonly source: ConfirmedSource
  /** ISO 8601 in UTC. */
  readonly since: string
  readonly identity: DeviceIdentity
  readonly running: string
}

type Named = readonly [name: string, confirmed: ConfirmedConfig]

/** The last confirmed configuration of each of these switches, by name; a switch that has none is not there. */
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

/** Switches that one execution, or one snapshot, tells of: it is read once. */
interface Sharing<T> {
  readonly source: T
  readonly names: string[]
}

function share<T>(all: Map<string, Sharing<T>>, key: string, source: T, name: string): void {
  const known = all.get(key) ?? { source, names: [] }
  known.names.push(name)
  all.set(key, known)
}

/** What an execution had confirmed when it ended: what it had staged, and the switch had shown, when it was approved. That of a site is on record there. */
async function confirmedBy(
  app: Pick<ProjectStore, 'store'>,
  { execution: id, at: since, seq }: SwitchEnding,
  names: readonly string[],
): Promise<readonly Named[]> {
  const source: ConfirmedSource = { kind: 'execution', id }
  const found: Named[] = []
  for (const [name, { identity, running }] of await stagedBy(app, id, seq, names))
    found.push([name, { source, since, identity, running }])
  return found
}

type Staged = readonly [name: string, staged: Pick<ConfirmedConfig, 'identity' | 'running'>]

/** What an execution had staged up to a record, and each site of it. */
async function stagedBy(
  app: Pick<ProjectStore, 'store'>,
  id: string,
  until: number,
  names: readonly string[],
): Promise<readonly Staged[]> {
  const { store } = app
  const records = (await store.read(id)).filter(({ seq }) => seq <= until)
  const { plan: settled, devices, sites } = foldAll(id, records)
  const isOwn = (name: string): boolean => settled !== undefined && devices.get(name)?.target !== undefined
  const staged: Staged[] = []
  const others = names.filter((name) => !isOwn(name))
  for (const { execution } of others.length === 0 ? [] : sites.sites)
    if (execution !== id) staged.push(...(await stagedBy(app, execution, until, others)))
  if (settled === undefined || others.length === names.length) return staged
  const plan = readRecordedPlan(await storedPlanText(store, settled.ref))
  for (const name of names) {
    const target = devices.get(name)?.target
    if (target === undefined) continue
    const { identity } = plannedOf(plan, name)
    staged.push([name, { identity, running: await store.get(target) }])
  }
  return staged
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
