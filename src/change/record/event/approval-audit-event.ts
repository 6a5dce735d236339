import { z } from 'zod'
import { count, event, principal, text, texts } from './record-schema.ts'

/** The schemas of the events about decisions that belong to no execution: what was not taken, and what became of what was. */
export const approvalAuditTypes = [
  /** A decision about a plan was handed in and not taken: its signature, its time, its digest or its signer is not good. */
  event('ApprovalRefused', 'EF306E', () => ({
    plan: text,
    reason: text,
    /** Who the statement says it is from, which need not be true. */
    claimed: text.exactOptional(),
    nonce: text.exactOptional(),
  })),
  /** The approvals of a plan carry to one that was made again of it: they are none for the first any more (docs/approvals.md#an-approval-that-carries). */
  event('ApprovalCarried', 'EF312I', () => ({
    /** The plan that people approved, and the plan that was made again of it, by their digests. */
    plan: text,
    to: text,
    /** The first of them as a text. */
    approved: text,
    /** Counts the plans to which its approvals have carried. */
    nth: count,
    /** The approvals, by their nonces, and the rules of the policy, as `policy`, that let them carry. */
    nonces: texts,
    rules: texts,
    policy: text,
    /** Every line by which the bases differ, redacted, with its sign, its kind and the commands above it, as `block`. */
    differences: z
      .array(z.strictObject({ device: text, block: text, lines: texts, kind: text.exactOptional() }))
      .readonly(),
    /** How many lines more differ than are listed. Absent: none, as always since every line is. */
    more: count.exactOptional(),
    principal,
  })),
] as const
