import { z } from 'zod'
import { DEVICE_ENDS } from '../../../model/act.ts'
import { ERROR_KINDS } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import { OUTCOMES } from './outcome.ts'

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
