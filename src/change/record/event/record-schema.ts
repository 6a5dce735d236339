import { z } from 'zod'
import { DEVICE_ENDS } from '../../../model/act.ts'
import { canonicalJson } from '../../../model/digest.ts'
import { ERROR_KINDS } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'

/** `tolerated`: done, with failures that the workflow tolerates; the switches that failed were put back. `unknown` wins over everything: a person is needed. */
export const OUTCOMES = [
  'planned',
  'nothing-to-do',
  'succeeded',
  'tolerated',
  'refused',
  'rolled-back',
  'cancelled',
  'failed',
  'unknown',
] as const

export type Outcome = (typeof OUTCOMES)[number]

export const text = z.string()

export const texts = z.array(text).readonly()

export const count = z.int().nonnegative()

export const positive = z.int().positive()

export const time = z.iso.datetime()

export const onlyTrue = z.literal(true).exactOptional()

export const object = z.strictObject

export function list<T extends z.ZodType>(of: T) {
  return z.array(of).readonly()
}

export function objects<B extends z.ZodRawShape>(of: B) {
  return list(object(of))
}

export function oneOf<const W extends readonly string[]>(...words: W) {
  return z.enum(words)
}

export const optionalText = text.exactOptional()

export const optionalTexts = texts.exactOptional()

export const optionalCount = count.exactOptional()

/** The rules that allow something, and the digest of their policy; absent without a policy. */
export const allowing = { rules: optionalTexts, policy: optionalText }

export const json = z.custom<Json>((value) => value !== undefined)

export const jsonObject = z.custom<JsonObject>((value) => isJsonObject(value as Json))

export const principal = object({
  issuer: text,
  id: text,
  kind: oneOf('person', 'service', 'agent'),
  auth: oneOf('os', 'ssh', 'oidc', 'passkey', 'review'),
  userNamespace: onlyTrue,
  display: optionalText,
  groups: optionalTexts,
  person: optionalText,
  authenticatedAt: time.exactOptional(),
  onBehalfOf: object({
    issuer: text,
    id: text,
    groups: optionalTexts,
    person: optionalText,
  }).exactOptional(),
  named: z
    .array(
      object({
        issuer: text,
        id: text,
        person: optionalText,
        unknown: onlyTrue,
      }),
    )
    .min(1)
    .readonly()
    .exactOptional(),
})

export const error = object({
  kind: z.enum(ERROR_KINDS),
  message: text,
  device: optionalText,
  command: optionalText,
  hint: optionalText,
  name: text.nullable().exactOptional(),
  cause: text.nullable().exactOptional(),
})

export const deviceEnd = z.enum(DEVICE_ENDS)

export const outcome = z.enum(OUTCOMES)

const envelope = {
  v: z.literal(1),
  seq: positive,
  // ISO 8601 in UTC, by the controller's clock.
  at: time,
  actor: text,
  execution: optionalText,
}

const anEnvelope = object(envelope)

export type Envelope = Readonly<z.output<typeof anEnvelope>>

/** Kept for ever, never used twice. */
export type EventCode = `EF${number}${'I' | 'W' | 'E'}`

export interface CodesByOutcome<E, K extends string> {
  readonly of: (event: E) => K
  readonly codes: Readonly<Record<K, EventCode>>
}

/** The code of a record by the word in one of its members. */
export function by<const M extends string, const K extends string>(
  member: M,
  codes: Readonly<Record<K, EventCode>>,
): CodesByOutcome<Readonly<Record<M, K>>, K> {
  return { of: (event) => event[member], codes }
}

export interface EventType<S extends z.ZodType = z.ZodType> {
  readonly type: string
  readonly code: EventCode | CodesByOutcome<never, string>
  readonly schema: S
}

/** One type of record: its code (1 executions, 2 states and tasks, 3 plans and approvals, 4 switches, 5 identities and policy, 6 secrets and trust, 7 workers, 9 the record itself), and its schema, which is what every record carries and its own members. No other key is taken. */
export function event<const T extends string, B extends z.ZodRawShape, const K extends string = never>(
  type: T,
  code: EventCode | CodesByOutcome<z.output<z.ZodObject<B>>, K>,
  body: B,
) {
  const schema = once(() => object({ ...envelope, type: z.literal(type), ...body }))
  return {
    type,
    code,
    get schema() {
      return schema()
    },
  }
}

export type BodyOf<R extends readonly EventType[]> = WithoutEnvelope<z.output<R[number]['schema']>>
type WithoutEnvelope<E> = E extends unknown ? Readonly<Omit<E, keyof Envelope>> : never

/** The SHA-256 of a text. */
export const digest = text.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hex digits')

export const changeTerms = object({
  file: text,
  digest,
  ticket: optionalText,
  notBefore: time.exactOptional(),
  notAfter: time.exactOptional(),
  after: z
    .array(object({ file: text, digest }))
    .min(1)
    .readonly()
    .exactOptional(),
})

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

/** Where the children of a change over several sites wait for each other: before anything is pushed, confirmed, saved. */
export const BARRIERS = ['push', 'confirm', 'save'] as const

export type Barrier = (typeof BARRIERS)[number]

export interface SitePart {
  readonly site: string
  readonly execution: string
  readonly targets: readonly string[]
}

const barrier = z.enum(BARRIERS)

/** The schemas of what goes on record of a change over several sites (docs/adr/0081-a-change-over-several-sites.md). */
export const sitesEventTypes = [
  event('SitesDivided', 'EF120I', {
    sites: objects({ site: text, execution: text, targets: texts }),
  }),
  event('BarrierReached', 'EF121I', {
    barrier,
    plan: text,
    // Until when a release is of use to it, ISO 8601 in UTC; absent where it waits as long as it takes.
    until: optionalText,
  }),
  event('BarrierLeft', 'EF122W', { barrier, reason: text }),
  event('BarrierDecided', by('decision', { released: 'EF123I', refused: 'EF124W' }), {
    barrier,
    decision: oneOf('released', 'refused'),
    reason: optionalText,
  }),
  event('SiteEnded', 'EF125I', {
    site: text,
    child: text,
    outcome,
    devices: z.record(text, deviceEnd).readonly(),
  }),
] as const

export type SitesEventBody = BodyOf<typeof sitesEventTypes>

export type ArtefactRef = string
