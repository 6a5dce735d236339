import type { DeviceIdentity } from '../../device/device.ts'
import { foldAll } from '../../engine/fold.ts'
import { byPlace } from '../../journal/cursor.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { plannedOf } from '../../plan/settled.ts'
import { storedPlanText } from '../../plan/stored-plan.ts'
import type { ConfirmedSource } from '../../report/drift/drift.ts'
import { allExecutions } from '../all-executions.ts'
import type { ProjectStore } from '../project-store.ts'
import type { SnapshotDocument } from '../snapshot-document.ts'

/** The last configuration of a switch that eosflow stands for. */
export interface Confirmed {
  readonly source: ConfirmedSource
  /** ISO 8601 in UTC. */
  readonly since: string
  readonly identity: DeviceIdentity
  readonly running: string
}

type ByName = Readonly<Record<string, Confirmed>>

/** The last confirmed configuration of each of these switches, by name; a switch that has none is not there. */
export async function confirmedConfigs(app: ProjectStore, names: readonly string[]): Promise<ByName> {
  // One that was redriven, or that waited, may have been confirmed after one that was begun later.
  const endedLast = (await allExecutions(app)).toSorted((a, b) => byPlace(b.last, a.last))
  const executed = await newestOf(endedLast, names, ({ id, last }) => {
    const isKept = (name: string): boolean => last.type === 'ExecutionEnded' && last.devices[name] === 'changed'
    return { isKept, read: (kept) => confirmedBy(app, id, last.at, kept) }
  })
  const others = names.filter((name) => executed[name] === undefined)
  const kept = await newestOf(await app.store.snapshots(), others, ({ snapshot, devices }) => {
    return { isKept: (name) => devices.includes(name), read: (held) => keptIn(app, snapshot, held) }
  })
  return { ...executed, ...kept }
}

/** What one execution or one snapshot can tell. */
interface Witness {
  isKept(name: string): boolean
  read(names: readonly string[]): Promise<ByName>
}

/** Asks one witness after the other, the newest first, about the switches of which nothing is known yet. */
async function newestOf<T>(
  newestFirst: readonly T[],
  names: readonly string[],
  witnessOf: (one: T) => Witness,
): Promise<ByName> {
  let known: ByName = {}
  for (const one of newestFirst) {
    const { isKept, read } = witnessOf(one)
    const asked = names.filter((name) => known[name] === undefined && isKept(name))
    if (asked.length > 0) known = { ...known, ...(await read(asked)) }
  }
  return known
}

/** What an execution has confirmed: what it had staged, and the switch had shown, when it was approved. */
async function confirmedBy(
  { store }: ProjectStore,
  id: string,
  since: string,
  names: readonly string[],
): Promise<ByName> {
  const { plan: settled, devices } = foldAll(id, await store.read(id))
  if (settled === undefined) return {}
  const plan = readRecordedPlan(await storedPlanText(store, settled.ref))
  const confirmed: Record<string, Confirmed> = {}
  for (const name of names) {
    const target = devices.get(name)?.target
    if (target === undefined) continue
    const { identity } = plannedOf(plan, name)
    confirmed[name] = { source: { kind: 'execution', id }, since, identity, running: await store.get(target) }
  }
  return confirmed
}

async function keptIn({ store }: ProjectStore, ref: string, names: readonly string[]): Promise<ByName> {
  const { name: snapshot, takenAt, devices } = JSON.parse(await store.get(ref)) as SnapshotDocument
  const source: ConfirmedSource = { kind: 'snapshot', name: snapshot }
  return Object.fromEntries(
    names.flatMap((name) => {
      const device = devices[name]
      if (device === undefined) return []
      const { identity, running } = device
      return [[name, { source, since: takenAt, identity, running }]]
    }),
  )
}
