import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { TicketSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import { type HttpAnswer, type HttpMethod, type HttpPort, isSafeMethod } from '../../../model/http-port.ts'
import type { Json } from '../../../model/json.ts'
import { OUTCOME_WORDS } from '../../../report/phrases/outcome-words.ts'
import { spokenSwitches } from '../../../report/phrases/spoken.ts'
import { readMachineJson } from '../../../text/source/machine-json.ts'

// How long an answer may take, in milliseconds.
const LONGEST = 10_000
// So much is read of a refusal, in bytes, and so much of it is shown.
const READ_OF_REFUSAL = 65_536
const SHOWN_OF_REFUSAL = 200

export interface ServiceCall {
  readonly method: HttpMethod
  /** Behind the address of the service, with what is in it encoded. */
  readonly path: string
  readonly query?: readonly (readonly [name: string, value: string])[]
  readonly body?: Json
  readonly mayBeGone?: true
}

/** Throws EosflowError: what the port throws, `unauthenticated`, `refused` for what it does not take, `lost-answer` where a write may have been done, `protocol` where the answer is no JSON. */
export type AskService = (call: ServiceCall) => Promise<Json>

export function askService(
  http: HttpPort,
  { url }: { readonly url: string },
  headers: Readonly<Record<string, string>>,
): AskService {
  const base = url.replace(/\/+$/, '')
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return async ({ method, path, query = [], body, mayBeGone }) => {
    const name = `${method} ${base}${path}`
    const search =
      query.length === 0 ? '' : `?${new URLSearchParams(query.map(([one, value]): [string, string] => [one, value]))}`
    const answer = await http.send(
      {
        name,
        method,
        url: `${base}${path}${search}`,
        headers: { ...own, accept: 'application/json', ...(body === undefined ? {} : JSON_BODY) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        milliseconds: LONGEST,
      },
      new AbortController().signal,
    )
    if (answer.status === 404 && mayBeGone === true) return null
    if (answer.status < 200 || answer.status > 299) throw unwanted(name, method, answer, http)
    return documentOf(name, answer)
  }
}

const JSON_BODY = { 'content-type': 'application/json' }

function unwanted(name: string, method: HttpMethod, answer: HttpAnswer, http: HttpPort) {
  const { status, headers } = answer
  if (status >= 300 && status <= 399)
    return new EosflowError('refused', `${name}: it leads to another address (${status}), which is not followed`)
  // Scrubbed before it is cut: a part of a secret is not known as one.
  const scrubbed = http.scrub(new TextDecoder().decode(answer.body.subarray(0, READ_OF_REFUSAL)))
  const text = scrubbed.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN_OF_REFUSAL)
  const isText = /json|text\/plain/.test(headers['content-type'] ?? '')
  const said = http.scrub(`${name}: it answers ${status}${isText && text !== '' ? `: ${text}` : ''}`)
  if (status === 401 || status === 403) return new EosflowError('unauthenticated', said)
  if (status >= 500 && !isSafeMethod(method))
    return new EosflowError('lost-answer', `${said}; whether it was done is unknown`, { retryable: true })
  return new EosflowError('refused', said, { retryable: status >= 500 || status === 429 })
}

function documentOf(name: string, { headers, body }: HttpAnswer) {
  if (body.length === 0) return null
  const type = headers['content-type'] ?? ''
  // A body without a type is what some proxies make of an empty document.
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(type)
  const read = isJson ? readMachineJson(body, 'answer') : undefined
  if (read?.ok === true) return read.value
  const cause = new SyntaxError(read?.problems[0]?.message ?? `it is ${type || 'of no type'}`)
  throw new EosflowError('protocol', `${name}: the answer is no JSON that can be relied on`, { cause })
}

export function notAsPublished(what: string): EosflowError {
  return new EosflowError('protocol', `${what} is not of the form that this service publishes`)
}

export function judgedTicket(
  { must }: Pick<TicketSpec, 'must'>,
  fields: Readonly<Record<string, string | undefined>>,
): { readonly allows: boolean; readonly said: string } {
  const unmet = Object.entries(must).filter(([field, allowed]) => !allowed.includes(fields[field] ?? ''))
  const shown = (field: string) => JSON.stringify(fields[field] ?? null)
  if (unmet.length === 0)
    return {
      allows: true,
      said: Object.keys(must)
        .map((field) => `${field} is ${shown(field)}`)
        .join(', '),
    }
  const said = unmet.map(([field, allowed]) => {
    const wanted = allowed.map((one) => JSON.stringify(one)).join(' or ')
    return `its ${field} is ${shown(field)}, and must be ${wanted}`
  })
  return { allows: false, said: said.join('; ') }
}

export function markText({ key }: AroundMark): string {
  return `[eosflow ${key}]`
}

export function changedSwitches({ plan, targets }: Pick<ExecutionState, 'plan' | 'targets'>): readonly string[] {
  return plan?.waves.flat() ?? targets
}

/** Throws `bug` before it has. */
export function outcomeOf({ around }: Pick<ExecutionState, 'around'>) {
  if (around?.outcome === undefined) throw new EosflowError('bug', 'the change has not ended')
  return around.outcome
}

export function endText(execution: ExecutionState, mark: AroundMark): string {
  const { id, workflow } = execution
  const outcome = OUTCOME_WORDS[outcomeOf(execution)]
  return `${workflow} on ${spokenSwitches(changedSwitches(execution))}: ${outcome}. eosflow execution ${id} ${markText(mark)}`
}
