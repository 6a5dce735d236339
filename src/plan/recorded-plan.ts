import { EosflowError } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import { planDigest, requireIntact } from './make-plan.ts'
import type { Plan, PlanContent, PlannedDevice, PlannedInventory, PlanWarning } from './plan.ts'

/** A plan as earlier versions of eosflow have put it on record: content 1. */
interface EarlierPlan {
  readonly digest: string
  readonly content: Omit<PlanContent, 'v' | 'requesters' | 'warnings' | 'devices'> & {
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
  const plan = JSON.parse(text) as Plan | EarlierPlan
  if (plan.content.v === 2) return requireIntact(plan as Plan)
  const earlier = plan as EarlierPlan
  // What the digest covers is the form in which it was written.
  requireIntact(earlier as unknown as Plan)
  return present(earlier)
}

/** As {@link readRecordedPlan}, for whoever does what it says. Throws `stale` for one of an earlier version too: it binds less than is demanded now. */
export function requireRecordedPlan(text: string): Plan {
  const { v } = (JSON.parse(text) as { readonly content: { readonly v: Json } }).content
  if (v === 2) return readRecordedPlan(text)
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

function present({ digest, content, evidence }: EarlierPlan): Plan {
  const { requester, warnings, ...rest } = evidence
  const devices = content.devices.map(
    ({ target, ...device }): PlannedDevice => ({ ...device, inventory: { address: target, credential: '' } }),
  )
  return {
    version: 2,
    digest,
    content: { ...content, v: 2, devices, requesters: [requester], warnings },
    evidence: rest,
  }
}
