import { slowestRoundTrip } from '../../model/commit-time.ts'
import { once } from '../../model/once.ts'
import type { Plan } from '../plan/plan.ts'
import type { PlanEvidence } from '../plan/plan-evidence.ts'
import type { ConfirmationGroup } from '../task/act/confirmation-group.ts'
import { confirmConcurrencyOf } from '../workflow/concurrency.ts'
import { isConcerned } from './evaluate-map.ts'
import type { Ledger } from './ledger.ts'
import type { ExecutionState } from './state.ts'

/**
 * Finds what is confirmed together with a switch. Each of thousands of switches asks for it, and it may be all of them: it is found once for each unit of a
 * plan in each state of the record.
 */
export function confirmationGroups(ledger: Pick<Ledger, 'state'>): (plan: Plan, device: string) => ConfirmationGroup {
  const units = new WeakMap<Plan, (device: string) => readonly string[]>()
  const roundTrips = new WeakMap<readonly string[], number>()
  let found: { readonly state: ExecutionState; readonly groups: Map<readonly string[], ConfirmationGroup> } | undefined
  return (plan, device) => {
    const { state } = ledger
    const unitOf = units.get(plan) ?? unitsOf(plan)
    units.set(plan, unitOf)
    const unit = unitOf(device)
    if (found?.state !== state) found = { state, groups: new Map() }
    const known = found.groups.get(unit)
    if (known !== undefined) return known
    const roundTrip = roundTrips.get(unit) ?? roundTripOf(plan.evidence, unit)
    roundTrips.set(unit, roundTrip)
    const concurrency = confirmConcurrencyOf(state.machine) ?? plan.content.concurrency
    const group = groupIn(state, { planned: unit, concurrency, roundTrip })
    found.groups.set(unit, group)
    return group
  }
}

function groupIn(state: ExecutionState, group: Omit<ConfirmationGroup, 'switches' | 'open'>): ConfirmationGroup {
  const switches = once(() => group.planned.filter((one) => isConcerned(state, one)))
  const open = once(() => switches().filter((one) => isOpen(state, one)))
  return {
    ...group,
    get switches() {
      return switches()
    },
    get open() {
      return open()
    },
  }
}

/** The switches that are confirmed together with one: of more than one always the same list. */
function unitsOf({ content: { atomic, waves } }: Plan): (device: string) => readonly string[] {
  if (atomic === 'device') return (device) => [device]
  const all = waves.flat()
  if (atomic === 'change') return () => all
  const waveOf = new Map(waves.flatMap((wave) => wave.map((name) => [name, wave] as const)))
  return (device) => waveOf.get(device) ?? [device]
}

function roundTripOf({ roundTrips = {} }: PlanEvidence, switches: readonly string[]): number {
  return slowestRoundTrip(switches.flatMap((one) => roundTrips[one] ?? []))
}

/** Whether a switch runs the change under its timer. */
function isOpen({ devices }: ExecutionState, name: string): boolean {
  const phase = devices.get(name)?.phase
  return phase === 'armed' || phase === 'confirming'
}
