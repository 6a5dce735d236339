import { isJsonObject } from '../../../model/json.ts'
import type { NamedPerson } from '../../../model/principal.ts'
import type { HookSettings } from '../../../project/files/settings/event-settings.ts'
import { type HookEvent, memberOf } from './hook-event.ts'

/** Why an event makes nothing: the first member that has none of the values which `on:` names. */
export function unwanted({ on }: Pick<HookSettings, 'on'>, event: HookEvent): string | undefined {
  for (const [path, values] of Object.entries(on)) {
    const found = memberOf(event, path)
    if (found === undefined) return `it has no ${path}`
    if (!values.some((value) => value === found)) return `${path} is another one`
  }
  return undefined
}

export function inRing({ source, type, data }: HookEvent, own: string): string | undefined {
  if (source === own) return 'it is a notification of this installation'
  if (type?.startsWith('eosflow.') !== true || !isJsonObject(data)) return undefined
  const { byEvent, facts } = data
  // One that does not say it in a member yet says who has begun it.
  const by = isJsonObject(facts) ? facts.by : undefined
  const isOfEvent = byEvent === true || (typeof by === 'string' && by.startsWith('hook:'))
  return isOfEvent ? 'it tells what an event has begun at another installation' : undefined
}

export type NamedPeople =
  | { readonly ok: true; readonly people: readonly NamedPerson[] }
  | { readonly ok: false; readonly reason: string }

const LONGEST = 200

/** A name is both the subject of somebody and what the issuer says of a person, so that whoever it is does not count for `notRequester`. */
export function namedBy({ requesters }: Pick<HookSettings, 'requesters'>, event: HookEvent): NamedPeople {
  if (requesters === undefined) return { ok: true, people: [] }
  const { issuer, members } = requesters
  const people: NamedPerson[] = []
  for (const member of members) {
    const found = memberOf(event, member)
    if (typeof found !== 'string' || found === '' || found.length > LONGEST)
      return { ok: false, reason: `it names nobody in ${member}` }
    people.push({ issuer, id: found, person: found })
  }
  return { ok: true, people }
}
