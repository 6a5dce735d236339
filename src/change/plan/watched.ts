import { digestOf } from '../../model/digest.ts'
import type { Json } from '../../model/json.ts'
import type { NeighborEvidence, WatchedNeighbor } from '../task/act/context.ts'
import type { Plan, PlanContent, PlannedNeighbor, PlanWarning } from './plan.ts'
import { sealRunning } from './seal.ts'

export interface PlannedNeighbors {
  readonly content: Pick<PlanContent, 'neighbors'>
  readonly state: Readonly<Record<string, Json>>
  readonly warnings: readonly PlanWarning[]
}

export function plannedNeighbors(
  found: readonly NeighborEvidence[],
  changed: readonly string[],
  key: string,
): PlannedNeighbors {
  const near = found
    .map((one) => ({ ...one, of: changed.filter((name) => one.of.includes(name)) }))
    .filter(({ of }) => of.length > 0)
  const neighbors = near.flatMap((one) => plannedNeighbor(one, key))
  const state = near.flatMap(({ device, found: reading }) =>
    typeof reading === 'string' ? [] : [[device, reading.state as Json] as const],
  )
  const warnings = near.flatMap(({ device, found: why }): PlanWarning[] =>
    typeof why === 'string' ? [{ code: 'neighbor-not-watched', device, message: `it is not watched: ${why}` }] : [],
  )
  return { content: neighbors.length === 0 ? {} : { neighbors }, state: Object.fromEntries(state), warnings }
}

function plannedNeighbor({ device, of, found }: NeighborEvidence, key: string): readonly PlannedNeighbor[] {
  if (typeof found === 'string') return []
  const { identity, state, running, good } = found
  return [
    {
      name: device,
      of,
      identity,
      state: digestOf(state),
      ...(running === undefined ? {} : { running: sealRunning(key, running) }),
      good,
    },
  ]
}

export function watchedNeighbors(
  { content: { neighbors = [] }, evidence }: Plan,
  device: string,
  key: string,
): readonly WatchedNeighbor[] {
  return neighbors
    .filter(({ of }) => of.includes(device))
    .map(({ name, identity, good, running }) => ({
      device: name,
      identity,
      baseline: (evidence.state[name] ?? {}) as WatchedNeighbor['baseline'],
      good,
      ...(running === undefined ? {} : { isUnchanged: (now: string) => sealRunning(key, now) === running }),
    }))
}
