import { askedOnce, type DeviceIdentity } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { gathered, isJsonObject, type Json } from '../../../model/json.ts'
import type { RefusedQuestion } from '../../../model/refused-question.ts'
import { onEach, read } from './act.ts'
import type { NeighborEvidence, NeighborReading, TaskContext } from './context.ts'
import { someNames } from './some-names.ts'

export interface SnapshotOfDevice {
  readonly identity: DeviceIdentity
  readonly foreignSessions: readonly string[]
  readonly mergeOnCommit: boolean
  readonly state: Readonly<Record<string, Json>>
  readonly roundTrip?: number
  readonly refused?: readonly RefusedQuestion[]
  readonly neighbors?: readonly NeighborEvidence[]
}

/** What the snapshot before the plan has read, by switch. Throws `bug` when there is none. */
export async function snapshots(
  context: Pick<TaskContext<unknown>, 'snapshot' | 'texts'>,
): Promise<(name: string) => SnapshotOfDevice> {
  const all = await kept(context)
  return (name) => {
    const one = all[name]
    if (one === undefined) throw new EosflowError('bug', `no snapshot of ${name}`)
    return one
  }
}

export async function neighborSnapshots(
  context: Pick<TaskContext<unknown>, 'snapshot' | 'texts'>,
): Promise<readonly NeighborEvidence[]> {
  return Object.values(await kept(context)).flatMap(({ neighbors = [] }) => neighbors)
}

async function kept(
  context: Pick<TaskContext<unknown>, 'snapshot' | 'texts'>,
): Promise<Readonly<Record<string, SnapshotOfDevice>>> {
  if (context.snapshot === undefined) throw new EosflowError('bug', 'no snapshot comes before the plan')
  return JSON.parse(await context.texts.get(context.snapshot)) as Record<string, SnapshotOfDevice>
}

type State = Readonly<Record<string, Json>>

/**
 * Throws `guard` unless these state areas, which are compared with the state before the change, are known of each switch: what nobody knows cannot be
 * found unchanged. `where` gives the place that asks for it, in front of what is said.
 */
export function requireKnown(
  readings: readonly (readonly [device: string, state: State])[],
  areas: readonly string[],
  where: () => string = () => '',
): void {
  const unknown = gathered(
    readings.flatMap(([device, state]) => unknownAreas(areas, state).map((line) => [line, device] as const)),
  )
  if (unknown.size === 0) return
  const [only, ...others] = new Set([...unknown.values()].flat())
  throw new EosflowError('guard', [...unknown].map(([line, on]) => `${where()}${someNames(on)}: ${line}`).join('\n'), {
    ...(only === undefined || others.length > 0 ? {} : { device: only }),
    hint: 'Take the area out of `state` of `snapshot`, or correct what the switch reports.',
  })
}

export function unknownAreas(areas: readonly string[], baseline: State): readonly string[] {
  return areas.flatMap((area) => {
    const kept = Object.hasOwn(baseline, area) ? baseline[area] : undefined
    if (kept === undefined) return [`the state area \`${area}\` was not read before the change`]
    if (!isJsonObject(kept) || typeof kept.unreadable !== 'string') return []
    return [`the state area \`${area}\` cannot be read: ${kept.unreadable}`]
  })
}

type Snapshots = readonly (readonly [device: string, snapshot: SnapshotOfDevice])[]

/** What is read of neighbours: so many of them at most, and these state areas. */
export interface NeighborTerms {
  readonly limit: number
  readonly areas: readonly string[]
}

export async function readNeighbors(
  context: TaskContext<unknown>,
  own: Snapshots,
  { limit, areas }: NeighborTerms,
): Promise<readonly NeighborEvidence[]> {
  const snapshots = new Map(own)
  const found = [...neighborsOf(statesOf(own), context.neighbors.named)]
  const others = found.filter(([name]) => !snapshots.has(name))
  const asked = others.filter(([name]) => !context.isLeftOut(name))
  const denied = await context.neighbors.denied(asked.map(([name]) => name))
  const readable = asked.filter(([name]) => !denied.has(name))
  const read = await onEach(
    readable.slice(0, limit).map(([name]) => name),
    async (name) => [name, await readOne(context, name, areas)] as const,
  )
  const readings = new Map(read)
  return found.flatMap(([device, of]): NeighborEvidence[] => {
    const snapshot = snapshots.get(device)
    if (snapshot !== undefined) return ownNeighbor(context, { device, of }, snapshot)
    const limited = context.isLeftOut(device) ? 'it does not answer and is left out' : `the limit is ${limit}`
    const why = denied.get(device)?.message ?? limited
    return [{ device, of, found: readings.get(device) ?? why }]
  })
}

function statesOf(own: Snapshots): readonly (readonly [string, SnapshotOfDevice['state']])[] {
  return own.map(([name, { state }]) => [name, state])
}

function ownNeighbor(
  { checks }: TaskContext<unknown>,
  place: Omit<NeighborEvidence, 'found'>,
  { identity, state }: SnapshotOfDevice,
): NeighborEvidence[] {
  if (checks.compared === undefined) return []
  return [{ ...place, found: { identity, state, good: checks.compared.places } }]
}

async function readOne(
  context: TaskContext<unknown>,
  name: string,
  areas: readonly string[],
): Promise<NeighborReading> {
  const { checks } = context
  const asked = askedOnce(checks.areaCommands(areas), checks.commands)
  const { identity, replies } = await readNeighbor(context, name, (device) => device.look(asked.commands))
  const [toAreas = [], toChecks = []] = asked.repliesTo(replies)
  const state = checks.readAreas(areas, toAreas)
  requireKnown([[name, state]], checks.compared?.areas ?? [], context.questions.placeOfComparison)
  const judged = await checks.judgeBeside(toChecks, { device: name, baseline: state, now: context.clock.now() / 1000 })
  const good = judged.flatMap(({ verdict }, place) => (verdict.status === 'pass' ? [place] : []))
  if (checks.compared?.everythingElse !== true) return { identity, state, good }
  const { running } = await readNeighbor(context, name, (device) => device.readConfig())
  return { identity, state, good, running }
}

async function readNeighbor<T>(context: TaskContext<unknown>, name: string, ask: Parameters<typeof read<T>>[2]) {
  try {
    return await read(context, name, ask)
  } catch (error) {
    if (!(error instanceof EosflowError)) throw error
    throw new EosflowError(error.kind, `${name}, a neighbour that is to be watched: ${error.message}`, {
      device: name,
      cause: error,
      hint: 'Without `neighbors` of `snapshot`, or with `neighbors: 0`, only the switches that change are read.',
    })
  }
}

function neighborsOf(
  states: readonly (readonly [device: string, state: Readonly<Record<string, Json>>])[],
  named: (heard: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const [device, { lldp }] of states) {
    for (const heard of devicesIn(lldp)) {
      const neighbor = named(heard)
      if (neighbor === undefined || neighbor === device) continue
      found.set(neighbor, (found.get(neighbor) ?? new Set()).add(device))
    }
  }
  return new Map([...found].map(([neighbor, of]) => [neighbor, [...of]]))
}

function devicesIn(area: Json | undefined) {
  if (!isJsonObject(area)) return []
  return Object.values(area).flatMap((heard) =>
    (Array.isArray(heard) ? heard : []).flatMap((one) =>
      isJsonObject(one) && typeof one.device === 'string' ? [one.device] : [],
    ),
  )
}
