import type { EventBody } from './event.ts'

export type Scrub = (text: string) => string

/** An event with every text in it scrubbed: what a switch, a service or a person wrote may repeat a secret. */
export function withoutSecrets(event: EventBody, scrub: Scrub): EventBody {
  const { type, ...members } = event
  const scrubbed = Object.entries(members).map(([name, value]) => [name, valueWithoutSecrets(value, scrub)])
  // Texts become texts: the event keeps its type, which `fromEntries` cannot say.
  return { type, ...Object.fromEntries(scrubbed) } as EventBody
}

/** A value of a record with every text and number in it scrubbed, as {@link withoutSecrets} puts it on record. */
export function valueWithoutSecrets(value: unknown, scrub: Scrub): unknown {
  if (typeof value === 'string') return scrub(value)
  if (typeof value === 'number') return scrub(String(value)) === String(value) ? value : scrub(String(value))
  if (Array.isArray(value)) return value.map((item) => valueWithoutSecrets(item, scrub))
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [scrub(name), valueWithoutSecrets(member, scrub)]),
  )
}

function isPlain(value: object) {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
