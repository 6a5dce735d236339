import { definedMembers } from '../../../model/defined-members.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { NamedPerson } from '../../../model/principal.ts'
import { isExpression } from '../../../project/files/settings/event-expression.ts'
import type { HookSettings } from '../../../project/files/settings/event-settings.ts'
import { compile } from '../../../text/query/compile.ts'
import { evaluate } from '../../../text/query/evaluate.ts'
import type { EvaluationClock } from '../../../text/query/meter.ts'

export interface HookEvent {
  /** Its name among the events of its sender: 1 to 150 printable characters without blanks. */
  readonly id: string
  /** The context attributes of a CloudEvent (CloudEvents 1.0.2, section "Context attributes"); of GitHub and GitLab the kind of the event. */
  readonly type?: string
  readonly source?: string
  readonly subject?: string
  readonly time?: string
  readonly data: Json
}

function documentOf({ id, type, source, subject, time, data }: HookEvent): JsonObject {
  return {
    id,
    ...definedMembers({ type, source, subject, time }),
    data,
  }
}

/** A member of the data by the names that lead to it, or of the event itself behind `$event.`; undefined where there is none. */
export function memberOf(event: HookEvent, path: string): Json | undefined {
  const steps = path.split('.')
  const [first] = steps
  let found: Json | undefined = first === '$event' ? documentOf(event) : event.data
  for (const step of first === '$event' ? steps.slice(1) : steps) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    if (Array.isArray(found) && !/^\d+$/.test(step)) return undefined
    found = (found as JsonObject)[step]
  }
  return found
}

export interface HookRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The SHA-256 of the certificate that the sender has shown in the handshake of TLS, in hex; absent where it has shown none. */
  readonly certificate?: string
}

/** A header field of a request; undefined where it has none. */
export function headerOf({ headers }: Pick<HookRequest, 'headers'>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}

export type Verification = { readonly ok: true; readonly id?: string } | { readonly ok: false; readonly reason: string }

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

type NamedPeople =
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

type EventParams = { readonly ok: true; readonly params: JsonObject } | { readonly ok: false; readonly reason: string }

/** Computes the parameters of a workflow from an event: every text `{% … %}` of the template is an expression that reads `$event`. */
export async function eventParams(template: Json, event: HookEvent, moment: EvaluationClock): Promise<EventParams> {
  const document = documentOf(event)
  try {
    const params = await filled(template, { event: document }, moment)
    if (isJsonObject(params)) return { ok: true, params }
    return { ok: false, reason: 'its parameters are no mapping' }
  } catch (error) {
    if (error instanceof NoValue) return { ok: false, reason: error.message }
    throw error
  }
}

class NoValue extends Error {}

async function filled(template: Json, variables: JsonObject, moment: EvaluationClock): Promise<Json> {
  if (isExpression(template)) return computed(template, variables, moment)
  if (Array.isArray(template)) return Promise.all(template.map((one: Json) => filled(one, variables, moment)))
  if (!isJsonObject(template)) return template
  const entries = Object.entries(template).map(
    async ([key, one]) => [key, await filled(one, variables, moment)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function computed(expression: string, variables: JsonObject, moment: EvaluationClock) {
  const made = await compile(expression.slice(2, -2))
  if (!made.ok) throw new NoValue(`the expression ${expression}: ${made.message}`)
  const outcome = await evaluate(made.compiled, { variables, moment })
  if (!outcome.ok) throw new NoValue(`the expression ${expression} threw an error during evaluation${outcome.reason}`)
  if (outcome.value === undefined) throw new NoValue(`the expression ${expression} leads to nothing in this event`)
  return outcome.value
}
