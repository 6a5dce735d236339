import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import { Violation } from '../violation.ts'
import type { OfExecution } from './record.ts'

/** The decisions about plans, and what has used them, as they stand on record. */
export interface Decisions {
  readonly statements: ApprovalStatement[]
  /** Which execution has used an approval. */
  readonly uses: Map<string, string>
  /** The highest wall time that was ever seen, milliseconds since the epoch. */
  highestWall: number
}

/** Somebody has decided about a plan. */
export function decide(decisions: Decisions, { statement, at }: JournalEvent & { type: 'ApprovalDecided' }): void {
  if (!decisions.statements.includes(statement)) decisions.statements.push(statement)
  decisions.highestWall = Math.max(decisions.highestWall, Date.parse(at))
}

/** The decisions of a history, by the store in which they are on record. */
export class DecisionsByStore {
  readonly #decisions = new Map<object, Decisions>()

  /** Those of a store; none yet where nothing was asked of it before. */
  of(store: object): Decisions {
    const known = this.#decisions.get(store)
    if (known !== undefined) return known
    const decisions: Decisions = { statements: [], uses: new Map(), highestWall: 0 }
    this.#decisions.set(store, decisions)
    return decisions
  }
}

/** I5 and I17: a timed commit is intended only under an approval of this plan that holds now. */
export function requireApproved(execution: OfExecution, decisions: Decisions, wall: number, waited = 0): void {
  const { id, digest } = execution.whole ?? execution
  const about = decisions.statements.filter(({ plan }) => plan === digest)
  if (about.some(({ decision }) => decision === 'reject')) throw new Violation('I17', 'the plan was rejected')
  const now = Math.max(wall, decisions.highestWall)
  const live = about.filter(
    ({ notBefore, expires, nonce }) =>
      now >= Date.parse(notBefore) && now - waited < Date.parse(expires) && (decisions.uses.get(nonce) ?? id) === id,
  )
  if (live.length === 0) throw new Violation('I5', 'no approval of this plan holds when the commit is intended')
}

/** I3: an approval is used by one execution. */
export function useApproval({ uses }: Decisions, nonce: string, { id }: OfExecution): void {
  if ((uses.get(nonce) ?? id) !== id) throw new Violation('I3', 'an approval is used by a second execution')
  uses.set(nonce, id)
}
