import { z } from 'zod'
import { canonicalJson } from '../../../model/digest.ts'
import type { Json } from '../../../model/json.ts'
import {
  count,
  event,
  jsonObject,
  object,
  oneOf,
  onlyTrue,
  optionalCount,
  optionalText,
  positive,
  principal,
  text,
  time,
} from './record-schema.ts'

const statement = object({
  v: z.literal(3, 'this eosflow reads statements of version 3: have it decided again'),
  kind: z.literal('eosflow.approval'),
  plan: text.describe('The digest of the plan.'),
  store: text.describe('The store that counts its uses: `terms.store` of the plan.'),
  decision: oneOf('approve', 'reject'),
  approver: principal.describe(
    'Who decides. By an SSH key: issuer `ssh`, kind `person`, auth `ssh`, and as id a name that `trust/allowed_signers` gives the key.',
  ),
  notBefore: time,
  expires: time.describe('It holds no longer than `terms.seconds` of the plan, whatever this says.'),
  maxRuns: z.int().min(1).max(100).describe('How many executions may use it.'),
  nonce: text.describe('16 random bytes, as 32 lower-case hex digits.'),
  comment: text,
  policy: text.nullable().describe('`terms.policy` of the plan.'),
})

const proof = object({
  issuer: text,
  claims: jsonObject,
  thumbprint: text,
})

const review = object({
  issuer: text,
  pull: object({ number: count, head: text }),
  base: object({ branch: text, commit: text }),
  reviewers: text,
  account: object({ id: count, login: text }),
  review: object({ id: text, at: time }),
  comment: object({ id: count, account: count, at: time, text }),
}).describe('What an installation has read of a review on a forge, and of what makes it count.')

const signature = z.discriminatedUnion('kind', [
  object({
    kind: z.literal('ssh'),
    armored: text.describe(
      'What `ssh-keygen -Y sign -n approval@eosflow` makes of the statement as canonical JSON (RFC 8785: members sorted, no blanks, no line end).',
    ),
  }),
  object({ kind: z.literal('server'), key: text, signature: text, proof: proof.exactOptional() }),
  object({ kind: z.literal('seal'), seal: text }),
  object({
    kind: z.literal('webauthn'),
    credential: text,
    key: text,
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
  }),
  object({ kind: z.literal('review'), key: text, signature: text, review }),
])

const condition = oneOf('signature', 'digest', 'time', 'authority', 'rejection', 'uses', 'definition', 'drift', 'diff')

/** The schemas of the events that decisions about plans leave behind. */
export const approvalEventTypes = [
  event('ApprovalRequested', 'EF302I', {
    plan: text,
    decided: optionalCount,
    reason: optionalText,
    principal: principal.exactOptional(),
  }),
  event(
    'ApprovalDecided',
    { of: ({ statement }) => statement.decision, codes: { approve: 'EF303I', reject: 'EF304E' } },
    {
      statement,
      seal: text,
      // What vouches for it beyond the seal; absent for the decision of the local user.
      signature: signature.exactOptional(),
      // The plan that this one takes back, by its digest, and this one as a text; absent for a decision about any other plan.
      undoes: optionalText,
      undo: optionalText,
    },
  ),
  event('ApprovalUsed', 'EF305I', {
    nonce: text,
    plan: text,
    use: optionalCount,
    anyStore: onlyTrue,
  }),
  /** A condition under which a plan may be sent does not hold (docs/approvals.md#what-is-judged): nothing was committed on its account. */
  event('ApprovalInvalidated', 'EF307E', { plan: text, condition, reason: text, device: optionalText }),
] as const

/** What of an `ApprovalDecided` is verified wherever the record is. */
export const recordedDecisionSchema = z.object({
  type: z.literal('ApprovalDecided'),
  seq: positive,
  statement,
  signature: signature.exactOptional(),
})

/** An approval file: what takes a signed decision from one machine to another. */
export const approvalFileSchema = object({
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
