import { isJsonObject, type Json } from '../../model/json.ts'
import type { Scrubber } from '../../secret/scrubber.ts'

/** A value without the secrets that this process knows, in whichever text of it one is. Most values hold none, which one look shows. */
export function withoutSecrets(value: Json, scrubber: Pick<Scrubber, 'scrub'>): Json {
  const text = JSON.stringify(value)
  return scrubber.scrub(text) === text ? value : scrubbed(value, scrubber)
}

function scrubbed(value: Json, scrubber: Pick<Scrubber, 'scrub'>): Json {
  if (typeof value === 'string') return scrubber.scrub(value)
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => scrubbed(one, scrubber))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [scrubber.scrub(key), scrubbed(one, scrubber)]))
}
