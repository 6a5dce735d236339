import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import type { Principal } from '../../model/principal.ts'
import { visibleLine } from '../text/text.ts'

export interface VerifiedDecision {
  readonly statement: ApprovalStatement
  readonly signature: ApprovalSignature['kind']
  readonly by: Principal
}

/** A decision as one document, version 1. */
export function decisionJson({ statement, signature, by }: VerifiedDecision): string {
  const { plan, decision, notBefore, expires, maxRuns, comment } = statement
  const approver = { issuer: by.issuer, id: by.id, kind: by.kind }
  return JSON.stringify({ version: 1, decision, plan, signature, approver, notBefore, expires, maxRuns, comment })
}

export function decisionText({ statement, signature, by }: VerifiedDecision): string {
  const { plan, decision, notBefore, expires, maxRuns, comment } = statement
  const uses = maxRuns === 1 ? 'one execution' : `${maxRuns} executions`
  const past = decision === 'approve' ? `approved, for ${uses}, until ${expires}` : 'rejected'
  const made = signature === 'webauthn' ? 'passkey' : signature
  const who = `${visibleLine(by.id)} (${by.kind} of ${visibleLine(by.issuer)}, ${made} signature)`
  const why = comment === '' ? '' : `\ncomment: ${visibleLine(comment)}`
  return `${plan}\n${past}\nby ${who}, at ${notBefore}${why}`
}

export const DECIDED = { approve: 'approved', reject: 'rejected' } as const

/** How a decision on record was proved, behind its approver; nothing where the seal alone vouches for it. */
export function provedWords(signature: ApprovalSignature | undefined): string {
  if (signature?.kind === 'webauthn') return ' with a passkey'
  return signature?.kind === 'review' ? ' by a review' : ''
}
