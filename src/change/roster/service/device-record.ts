import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

/** A value inside a record, by its path with dots: `role.slug`, `custom_fields.mgmt`. */
export function valueAt(record: JsonObject, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>(
      (value, key) => (isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      record,
    )
}

/** What names a related object: its `slug` where it has one, else its `value` (a choice), its `name`, its `model`; a text is its own name. */
export function nameIn(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (!isJsonObject(value)) return undefined
  const named = [value.slug, value.value, value.name, value.model].find(
    (one) => one !== undefined && one !== null && one !== '',
  )
  return typeof named === 'string' || typeof named === 'number' ? String(named) : undefined
}

export function addressIn(value: Json | undefined): string | undefined {
  const text = isJsonObject(value) ? (value.address ?? value.host ?? value.display) : value
  return typeof text === 'string' && text !== '' ? text.replace(/\/\d{1,3}$/, '') : undefined
}

const NOISE = /^(?:url|display_url|notes_url|natural_slug|created|last_updated|_depth)$|_count$/

export function dataOf(
  record: JsonObject,
  kept: readonly string[] = ['custom_fields', 'config_context', 'local_context_data'],
): JsonObject {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => !NOISE.test(key))
      .map(([key, value]) => [key, kept.includes(key) ? value : quiet(value)]),
  )
}

function quiet(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(quiet)
  return isJsonObject(value) ? dataOf(value, []) : value
}

/** A text as Django writes it in an address: lower case, letters, digits, `_` and `-`; `Test VM With Spaces` is `test-vm-with-spaces`. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/[-\s]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
}
