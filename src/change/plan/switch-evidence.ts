import { streamsTo } from '../../eos/config/streams-to.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import type { DeviceEvidence } from '../task/act/context.ts'
import type { Plan } from './plan.ts'
import type { ComparedEvidence } from './seal.ts'

export function roundTripsOf(evidence: readonly DeviceEvidence[]): Pick<Plan['evidence'], 'roundTrips'> {
  const measured = evidence.flatMap(({ device, roundTrip }) =>
    roundTrip === undefined ? [] : [[device, roundTrip] as const],
  )
  return measured.length === 0 ? {} : { roundTrips: Object.fromEntries(measured) }
}

export function streamingOf(
  shown: readonly Pick<ComparedEvidence, 'device' | 'comparison'>[],
  changed: readonly string[],
): Pick<Plan['evidence'], 'cloudVision'> {
  const streaming = shown
    .filter(({ comparison }) => streamsTo(comparison.before).length > 0)
    .map(({ device }) => device)
  return named(changed.filter((name) => streaming.includes(name)))
}

export function streamingAt(plans: readonly Plan[]): Pick<Plan['evidence'], 'cloudVision'> {
  return named(plans.flatMap(({ evidence }) => evidence.cloudVision ?? []))
}

function named(names: readonly string[]): Pick<Plan['evidence'], 'cloudVision'> {
  return definedMembers({ cloudVision: unlessEmpty(names) })
}
