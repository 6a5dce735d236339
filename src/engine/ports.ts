import type { Fleet } from '../device/transport.ts'
import type { Artefacts, Journal } from '../journal/journal.ts'
import type { Clock } from '../model/clock.ts'
import type { Random } from '../model/random.ts'
import type { Plan } from '../plan/plan.ts'
import type { CheckPort, DeviceEvidence, RenderedChange } from '../task/context.ts'

/** The change as the project's files give it, now. */
export interface Planning {
  /** Renders the change of one switch. Throws `stale` when the workflow's files are not those the execution began with. */
  render(device: string): Promise<RenderedChange>
  /** Settles the plan. Throws `guard` when the change may not be made at all. */
  make(evidence: readonly DeviceEvidence[]): Plan
  /** The key of every digest over raw switch text. */
  readonly key: string
}

/** How an approval stands. */
export type ApprovalStanding =
  | { readonly status: 'approved'; readonly nonce: string }
  | { readonly status: 'missing' | 'rejected' | 'expired' | 'used' | 'tampered'; readonly reason: string }

/** Decisions about plan digests. */
export interface Approvals {
  /** Judges what is on record for a digest, as of now. */
  judge(digest: string, execution: string): Promise<ApprovalStanding>
  /** Asks whoever is there and puts the answer on record. `why`: why none of the decisions on record will do. */
  ask(plan: Plan, why: string): Promise<'decided' | 'nobody'>
}

/** Everything the engine reaches the world through. */
export interface EnginePorts {
  readonly journal: Journal
  readonly texts: Artefacts
  readonly clock: Clock
  readonly random: Random
  readonly fleet: Fleet
  readonly planning: Planning
  readonly checks: CheckPort
  readonly approvals: Approvals
}
