import { z } from 'zod'
import { DEVICE_ENDS } from '../../../model/act.ts'
import { ERROR_KINDS } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import { OUTCOMES } from './outcome.ts'

export const text = z.string()

export const texts = z.array(text).readonly()

export const count = z.int().nonnegative()
/** The rules that allow something, and the digest of their policy; absent without a policy. */
export const allowing = { rules: texts.exactOptional(), policy: text.exactOptional() }

export const json = z.custom<Json>((value) => value !== undefined)

export const jsonObject = z.custom<JsonObject>((value) => isJsonObject(value as Json))

export const principal = z.strictObject({
  issuer: text,
  id: text,
  kind: z.enum(['person', 'service', 'agent']),
  auth: z.enum(['os', 'ssh', 'oidc', 'passkey', 'review']),
  userNamespace: z.literal(true).exactOptional(),
  display: text.exactOptional(),
  groups: texts.exactOptional(),
  person: text.exactOptional(),
  authenticatedAt: z.iso.datetime().exactOptional(),
  onBehalfOf: z
    .strictObject({
      issuer: text,
      id: text,
      groups: texts.exactOptional(),
      person: text.exactOptional(),
    })
    .exactOptional(),
  named: z
    .array(
      z.strictObject({
        issuer: text,
        id: text,
        person: text.exactOptional(),
        unknown: z.literal(true).exactOptional(),
      }),
    )
    .min(1)
    .readonly()
    .exactOptional(),
})

export const error = z.strictObject({
  kind: z.enum(ERROR_KINDS),
  message: text,
  device: text.exactOptional(),
  command: text.exactOptional(),
  hint: text.exactOptional(),
  name: text.nullable().exactOptional(),
  cause: text.nullable().exactOptional(),
})

export const deviceEnd = z.enum(DEVICE_ENDS)

export const outcome = z.enum(OUTCOMES)

const envelope = {
  v: z.literal(1),
  seq: z.int().positive(),
  // ISO 8601 in UTC, by the controller's clock.
  at: z.iso.datetime(),
  actor: text,
  execution: text.exactOptional(),
}

const anEnvelope = z.strictObject(envelope)

export type Envelope = Readonly<z.output<typeof anEnvelope>>

/** Kept for ever, never used twice. */
export type EventCode = `EF${number}${'I' | 'W' | 'E'}`

export interface CodesByOutcome<E, K extends string> {
  of(event: E): K
  readonly codes: Readonly<Record<K, EventCode>>
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
  body: () => B,
) {
  const schema = once(() => z.strictObject({ ...envelope, type: z.literal(type), ...body() }))
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

export const changeTerms = z.strictObject({
  file: text,
  digest,
  ticket: text.exactOptional(),
  notBefore: z.iso.datetime().exactOptional(),
  notAfter: z.iso.datetime().exactOptional(),
  after: z
    .array(z.strictObject({ file: text, digest }))
    .min(1)
    .readonly()
    .exactOptional(),
})
