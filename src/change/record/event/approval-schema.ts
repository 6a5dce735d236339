import { z } from 'zod'
import { canonicalJson } from '../../../model/digest.ts'
import type { Json } from '../../../model/json.ts'
import { count, event, jsonObject, principal, text } from './record-schema.ts'

const statement = z.strictObject({
  v: z.literal(3, 'this eosflow reads statements of version 3: have it decided again'),
  kind: z.literal('eosflow.approval'),
  plan: text.describe('The digest of the plan.'),
  store: text.describe('The store that counts its uses: `terms.store` of the plan.'),
  decision: z.enum(['approve', 'reject']),
  approver: principal.describe(
    'Who decides. By an SSH key: issuer `ssh`, kind `person`, auth `ssh`, and as id a name that `trust/allowed_signers` gives the key.',
  ),
  notBefore: z.iso.datetime(),
  expires: z.iso.datetime().describe('It holds no longer than `terms.seconds` of the plan, whatever this says.'),
  maxRuns: z.int().min(1).max(100).describe('How many executions may use it.'),
  nonce: text.describe('16 random bytes, as 32 lower-case hex digits.'),
  comment: text,
  policy: text.nullable().describe('`terms.policy` of the plan.'),
})

const proof = z.strictObject({
  issuer: text,
  claims: jsonObject,
  thumbprint: text,
})

const review = z
  .strictObject({
    issuer: text,
    pull: z.strictObject({ number: count, head: text }),
    base: z.strictObject({ branch: text, commit: text }),
    reviewers: text,
    account: z.strictObject({ id: count, login: text }),
    review: z.strictObject({ id: text, at: z.iso.datetime() }),
    comment: z.strictObject({ id: count, account: count, at: z.iso.datetime(), text }),
  })
  .describe('What an installation has read of a review on a forge, and of what makes it count.')

const signature = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ssh'),
    armored: text.describe(
      'What `ssh-keygen -Y sign -n approval@eosflow` makes of the statement as canonical JSON (RFC 8785: members sorted, no blanks, no line end).',
    ),
  }),
  z.strictObject({ kind: z.literal('server'), key: text, signature: text, proof: proof.exactOptional() }),
  z.strictObject({ kind: z.literal('seal'), seal: text }),
  z.strictObject({
    kind: z.literal('webauthn'),
    credential: text,
    key: text,
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
  }),
  z.strictObject({ kind: z.literal('review'), key: text, signature: text, review }),
])

const condition = z.enum([
  'signature',
  'digest',
  'time',
  'authority',
  'rejection',
  'uses',
  'definition',
  'drift',
  'diff',
])

/** The schemas of the events that decisions about plans leave behind. */
export const approvalEventTypes = [
  event('ApprovalRequested', 'EF302I', () => ({
    plan: text,
    decided: count.exactOptional(),
    reason: text.exactOptional(),
    principal: principal.exactOptional(),
  })),
  event(
    'ApprovalDecided',
    { of: ({ statement }) => statement.decision, codes: { approve: 'EF303I', reject: 'EF304E' } },
    () => ({
      statement,
      seal: text,
      // What vouches for it beyond the seal; absent for the decision of the local user.
      signature: signature.exactOptional(),
      // The plan that this one takes back, by its digest, and this one as a text; absent for a decision about any other plan.
      undoes: text.exactOptional(),
      undo: text.exactOptional(),
    }),
  ),
  event('ApprovalUsed', 'EF305I', () => ({
    nonce: text,
    plan: text,
    use: count.exactOptional(),
    anyStore: z.literal(true).exactOptional(),
  })),
  /** A condition under which a plan may be sent does not hold (docs/approvals.md#what-is-judged): nothing was committed on its account. */
  event('ApprovalInvalidated', 'EF307E', () => ({ plan: text, condition, reason: text, device: text.exactOptional() })),
] as const

/** What of an `ApprovalDecided` is verified wherever the record is. */
export const recordedDecisionSchema = z.object({
  type: z.literal('ApprovalDecided'),
  seq: z.int().positive(),
  statement,
  signature: signature.exactOptional(),
})

/** An approval file: what takes a signed decision from one machine to another. */
export const approvalFileSchema = z
  .strictObject({
    version: z.literal(1, 'this eosflow reads approval files of version 1'),
    kind: z.literal('eosflow.approval-file'),
    statement,
    signature,
  })
  .refine(isCanonical, 'it holds a number or a text that no signature can be over')
  .describe('A decision about one plan digest, signed, for another machine.')

function isCanonical(file: object) {
  try {
    canonicalJson(file as Json)
    return true
  } catch {
    return false
  }
}
