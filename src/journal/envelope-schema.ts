import { z } from 'zod'

/** Any text. */
export const text = z.string()

/** A list of texts. */
export const texts = z.array(text).readonly()

/** A number that counts something. */
export const count = z.int().nonnegative()

/** The schema of one event type: what every record carries, and its own members. No other key is taken. */
export function event<const T extends string, B extends z.ZodRawShape>(type: T, body: B) {
  return z.strictObject({
    v: z.literal(1),
    seq: z.int().positive(),
    at: z.iso.datetime(),
    actor: text,
    execution: text.exactOptional(),
    type: z.literal(type),
    ...body,
  })
}

/** The schema of an identity on record. */
export const principal = z.strictObject({
  issuer: text,
  id: text,
  kind: z.enum(['person', 'service', 'agent']),
  auth: z.enum(['os', 'ssh', 'oidc', 'passkey']),
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
    .array(z.strictObject({ issuer: text, id: text, person: text.exactOptional() }))
    .min(1)
    .readonly()
    .exactOptional(),
})
