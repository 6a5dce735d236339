import { EosflowError } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import { planDigest, requireIntact } from './make-plan.ts'
import type { Plan, PlanContent, PlannedDevice, PlannedInventory, PlanWarning } from './plan.ts'

/** A plan of the second form: it does not say what was read of the inventory. */
type SecondPlan = Omit<Plan, 'version' | 'content'> & {
  readonly content: Omit<PlanContent, 'v' | 'inventory'> & { readonly v: 2 }
}

/** A plan of the first form. */
interface FirstPlan {
  readonly digest: string
  readonly content: Omit<PlanContent, 'v' | 'requesters' | 'warnings' | 'devices' | 'inventory'> & {
    readonly v: 1
    readonly devices: readonly (Omit<PlannedDevice, 'inventory'> & { readonly target: PlannedInventory['address'] })[]
  }
  readonly evidence: Omit<Plan['evidence'], 'store'> & {
    readonly requester: Principal
    readonly warnings: readonly PlanWarning[]
  }
}

/**
 * Reads a plan on record, to show it or to find what it has changed. One of an earlier version is given in the present form, under the
 * digest that it was approved by. Throws `stale` when it does not match its digest.
 */
export function readRecordedPlan(text: string): Plan {
  const plan = JSON.parse(text) as Plan | SecondPlan | FirstPlan
  // What the digest covers is the form in which it was written.
  requireIntact(plan as unknown as Plan)
  if (plan.content.v === 3) return plan as Plan
  return plan.content.v === 2 ? fromSecond(plan as SecondPlan) : fromSecond(fromFirst(plan as FirstPlan))
}

/** As {@link readRecordedPlan}, for whoever does what it says. Throws `stale` for one of an earlier version too: it binds less than is demanded now. */
export function requireRecordedPlan(text: string): Plan {
  const { v } = (JSON.parse(text) as { readonly content: { readonly v: Json } }).content
  if (v === 3) return readRecordedPlan(text)
  throw new EosflowError(
    'stale',
    'the plan on record was made by an earlier eosflow, and binds less than this one demands',
    {
      hint: 'End the execution with `eosflow stop`, which puts back what it has changed, and plan again.',
    },
  )
}

/** The digest of what a plan on record says, in the form in which it was written: what its approvals must be about. */
export function recordedDigest(text: string): string {
  return planDigest((JSON.parse(text) as Plan).content)
}

/** Nothing that it read is known, so nothing of it can have moved. */
function fromSecond({ content, ...plan }: SecondPlan): Plan {
  return { ...plan, version: 3, content: { ...content, v: 3, inventory: { read: {}, exact: true } } }
}

function fromFirst({ digest, content, evidence }: FirstPlan): SecondPlan {
  const { requester, warnings, ...rest } = evidence
  const devices = content.devices.map(
    ({ target, ...device }): PlannedDevice => ({ ...device, inventory: { address: target, credential: '' } }),
  )
  return {
    digest,
    content: { ...content, v: 2, devices, requesters: [requester], warnings },
    evidence: rest,
  }
}
