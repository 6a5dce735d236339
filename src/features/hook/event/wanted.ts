import { isJsonObject } from '../../../model/json.ts'
import type { NamedPerson } from '../../../model/principal.ts'
import type { HookSettings } from '../../../project/files/settings/event-settings.ts'
import { type HookEvent, memberOf } from './hook-event.ts'

/** Why an event makes nothing: the first member that has none of the values which `on:` names. Undefined where it is wanted. */
export function unwanted({ on }: Pick<HookSettings, 'on'>, event: HookEvent): string | undefined {
  for (const [path, values] of Object.entries(on)) {
    const found = memberOf(event, path)
    if (found === undefined) return `it has no ${path}`
    if (!values.some((value) => value === found)) return `${path} is another one`
  }
  return undefined
}

/**
 * Why an event would go round in a ring: it tells of this installation, or another one tells by it what an event has begun there. What that made
 * here would be told there again, without end. Undefined where it does not.
 */
export function inRing({ source, type, data }: HookEvent, own: string): string | undefined {
  if (source === own) return 'it is a notification of this installation'
  if (type?.startsWith('eosflow.') !== true || !isJsonObject(data)) return undefined
  const { byEvent, facts } = data
  // One that does not say it in a member yet says who has begun it.
  const by = isJsonObject(facts) ? facts.by : undefined
  const isOfEvent = byEvent === true || (typeof by === 'string' && by.startsWith('hook:'))
  return isOfEvent ? 'it tells what an event has begun at another installation' : undefined
}

/** The people whom an event names. */
export type NamedPeople =
  | { readonly ok: true; readonly people: readonly NamedPerson[] }
  | { readonly ok: false; readonly reason: string }

/** The longest name of a person that is taken. */
const LONGEST = 200

/**
 * The people whom an event names as those who have asked for it. A name is both the subject of somebody and what the issuer says of a person,
 * so that whoever it is does not count for `notRequester`. An event that does not name one whom the settings ask for is refused.
 */
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
