import { isDeepStrictEqual } from 'node:util'
import { askForge, type ForgeRequest } from '../../eos/transport/service/forge-request.ts'
import { COMMIT_ID } from '../../model/commit-id.ts'
import { EosflowError } from '../../model/error.ts'
import type { ForgeAccount } from '../../model/forge.ts'
import { type HttpAnswer, type HttpMethod, isSafeMethod } from '../../model/http-port.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { readMachineJson } from '../../text/source/json.ts'

export interface ForgeAddress extends Pick<ForgeRequest, 'ca' | 'milliseconds' | 'resolveName'> {
  /** The base of its API: `https://api.github.com`, `https://gitlab.example/api/v4`. */
  readonly api: string
  readonly headers: Readonly<Record<string, string>>
  readonly scrub: (text: string) => string
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>
}

interface ForgeCall {
  readonly method?: HttpMethod
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Json
}

export interface ForgeClient {
  /** The JSON that is answered; undefined for 404. Throws as {@link Forge} says. */
  ask(call: ForgeCall): Promise<Json | undefined>
  must(call: ForgeCall): Promise<Json>
  /** The bytes that are answered as text; undefined for 404. */
  text(call: ForgeCall): Promise<string | undefined>
  /** Throws `protocol` where a page is missing or leads elsewhere. */
  all(call: ForgeCall): Promise<readonly Json[]>
}

// GitHub and GitLab give at most a hundred entries on a page (docs/unproven.md).
const PER_PAGE = 100
const MOST_PAGES = 50
const TRIES = 3
const PASSING: readonly number[] = [429, 500, 502, 503, 504]
const LONGEST_WAIT = 30_000

export function forgeClient(address: ForgeAddress): ForgeClient {
  const asked = async (call: ForgeCall) => {
    const answer = await answerTo(address, call)
    if (answer.status === 404 && (call.method ?? 'GET') === 'GET') return undefined
    if (answer.status < 200 || answer.status > 299) throw unwanted(address, call, answer)
    return answer
  }
  const ask = async (call: ForgeCall) => {
    const answer = await asked(call)
    return answer === undefined ? undefined : jsonIn(address, call, answer)
  }
  return {
    ask,
    must: async (call) => {
      const found = await ask(call)
      if (found !== undefined) return found
      throw new EosflowError('refused', `${nameOf(address, call)}: there is no such thing, or the token may not see it`)
    },
    text: async (call) => {
      const answer = await asked(call)
      return answer === undefined ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(answer.body)
    },
    all: (call) => wholeList(address, call),
  }
}

const READINGS = 4

async function wholeList(address: ForgeAddress, call: ForgeCall): Promise<readonly Json[]> {
  let before = await everyPage(address, call)
  if (before.length < PER_PAGE) return before
  for (let reading = 1; reading < READINGS; reading += 1) {
    const list = await everyPage(address, call)
    if (isDeepStrictEqual(list, before)) return list
    before = list
  }
  throw new EosflowError('protocol', `${nameOf(address, call)}: it was changed each time while it was read`, {
    retryable: true,
  })
}

// The pages are counted here and not taken from what an answer says: a full page without a next one is followed by a question for the next
// one, and what a `Link` header says (RFC 8288) may only agree.
async function everyPage(address: ForgeAddress, call: ForgeCall): Promise<readonly Json[]> {
  const entries: Json[] = []
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const query = { ...call.query, per_page: String(PER_PAGE), page: String(page) }
    const asked = { ...call, query }
    const answer = await answerTo(address, asked)
    if (answer.status !== 200) throw unwanted(address, asked, answer)
    const list = jsonIn(address, asked, answer)
    if (!Array.isArray(list)) throw notAsDocumented(nameOf(address, asked), 'it is no list')
    entries.push(...(list as readonly Json[]))
    const links = linksIn(address, asked, answer.headers.link ?? '')
    const isMore = links.next !== undefined || list.length >= PER_PAGE || (links.last ?? 0) > page
    if (links.next !== undefined && links.next !== page + 1)
      throw notAsDocumented(nameOf(address, asked), `page ${page} is followed by page ${links.next}`)
    if (!isMore) return entries
    if (list.length === 0) throw notAsDocumented(nameOf(address, asked), `page ${page} is empty, and not the last one`)
  }
  throw new EosflowError(
    'protocol',
    `${nameOf(address, call)}: it has more than ${MOST_PAGES} pages, which is too much`,
  )
}

function linksIn(address: ForgeAddress, call: ForgeCall, header: string): { next?: number; last?: number } {
  const here = new URL(urlOf(address, call))
  const found: { next?: number; last?: number } = {}
  for (const [, target = '', rel = ''] of header.matchAll(/<([^>]*)>[^,]*?rel="?(next|last)"?/g)) {
    const url = URL.canParse(target) ? new URL(target) : undefined
    const page = Number(url?.searchParams.get('page'))
    const isSame = url !== undefined && url.origin === here.origin && samePlace(url.pathname, here.pathname)
    if (!isSame || !Number.isInteger(page) || page < 1)
      throw notAsDocumented(nameOf(address, call), 'its next page is at another address, which is not followed')
    found[rel as 'next' | 'last'] = page
  }
  return found
}

function samePlace(found: string, asked: string) {
  const rest = (path: string) => path.replace(/\/(?:repos\/[^/]+\/[^/]+|repositories\/\d+|projects\/[^/]+)/, '')
  return rest(found) === rest(asked)
}

async function answerTo(address: ForgeAddress, call: ForgeCall) {
  const { method = 'GET', body } = call
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(address, call, method, body)
    const isLast = !isSafeMethod(method) || attempt === TRIES
    if (outcome instanceof EosflowError) {
      if (isLast) throw outcome
      await address.sleep(1000)
    } else {
      const wait = Number(outcome.headers['retry-after'] ?? 1) * 1000
      if (isLast || !PASSING.includes(outcome.status) || !(wait <= LONGEST_WAIT)) return outcome
      await address.sleep(wait)
    }
  }
}

async function once(address: ForgeAddress, call: ForgeCall, method: HttpMethod, body: Json | undefined) {
  const { headers, ca, milliseconds, resolveName } = address
  try {
    return await askForge({
      name: nameOf(address, call),
      method,
      url: urlOf(address, call),
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      milliseconds,
      ...definedMembers({ ca, resolveName }),
    })
  } catch (error) {
    if (error instanceof EosflowError && (error.kind === 'unreachable' || error.kind === 'lost-answer')) return error
    throw error
  }
}

function urlOf({ api }: ForgeAddress, { path, query = {} }: ForgeCall) {
  const search = new URLSearchParams(query).toString()
  return `${api}${path}${search === '' ? '' : `?${search}`}`
}

function nameOf({ api }: ForgeAddress, { method = 'GET', path }: ForgeCall) {
  return `${method} ${api}${path}`
}

function unwanted(address: ForgeAddress, call: ForgeCall, { status, headers, body }: HttpAnswer) {
  const name = nameOf(address, call)
  if (status >= 300 && status <= 399)
    return new EosflowError('refused', `${name}: it leads to another address (${status}), which is not followed`, {
      hint: 'Nothing was sent there. Name the repository, the branch and the API as they are called now.',
    })
  // Scrubbed before it is cut: a part of a secret is not known as one.
  const text = address.scrub(new TextDecoder().decode(body.subarray(0, 65_536)))
  const isText = /json|text\/plain/.test(headers['content-type'] ?? '')
  const said = isText ? text.replaceAll(/\s+/g, ' ').trim().slice(0, 200) : ''
  const message = address.scrub(`${name}: it answers ${status}${said === '' ? '' : `: ${said}`}`)
  if (status === 401 || status === 403)
    return new EosflowError('unauthenticated', message, { hint: 'Check the token, its end and its rights there.' })
  if (status >= 500 && !isSafeMethod(call.method ?? 'GET')) return new EosflowError('lost-answer', message)
  return new EosflowError('refused', message, { retryable: status >= 500 || status === 429 })
}

function jsonIn(address: ForgeAddress, call: ForgeCall, { headers, body }: HttpAnswer) {
  const type = headers['content-type'] ?? ''
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(type)
  const read = isJson ? readMachineJson(body, 'answer') : undefined
  if (read?.ok === true) return read.value
  throw notAsDocumented(nameOf(address, call), read?.problems[0]?.message ?? `it is ${type || 'of no type'}`)
}

export function notAsDocumented(name: string, why: string): EosflowError {
  return new EosflowError('protocol', `${name}: the answer is not of the form that the forge documents: ${why}`, {
    hint: 'Check that the address is that of the API, not of a login page before it.',
  })
}

/** What is not there in the form that is asked for throws `protocol`. */
export class Fields {
  private readonly object: JsonObject
  private readonly name: string

  constructor(value: Json | undefined, name: string) {
    this.name = name
    if (!isJsonObject(value)) throw notAsDocumented(name, 'it is no object')
    this.object = value
  }

  text(key: string): string {
    const value = this.object[key]
    if (typeof value === 'string') return value
    throw notAsDocumented(this.name, `\`${key}\` is no text`)
  }

  words(key: string): string {
    return this.isThere(key) ? this.text(key) : ''
  }

  count(key: string): number {
    const value = this.object[key]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw notAsDocumented(this.name, `\`${key}\` is no number`)
  }

  flag(key: string): boolean {
    const value = this.object[key]
    if (typeof value === 'boolean') return value
    throw notAsDocumented(this.name, `\`${key}\` is neither true nor false`)
  }

  of(key: string): Fields {
    return new Fields(this.object[key], `${this.name} ${key}`)
  }

  list(key: string): readonly Json[] {
    const value = this.object[key]
    if (Array.isArray(value)) return value as readonly Json[]
    throw notAsDocumented(this.name, `\`${key}\` is no list`)
  }

  isThere(key: string): boolean {
    return this.object[key] !== undefined && this.object[key] !== null
  }

  account(key: string, login: string): { readonly [key: string]: ForgeAccount } {
    if (!this.isThere(key)) return {}
    const user = this.of(key)
    return { [key]: { id: user.count('id'), login: user.text(login) } }
  }

  /** A time in UTC that can be compared. */
  time(key: string): string {
    const value = this.text(key)
    const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)
    if (isTime && !Number.isNaN(Date.parse(value))) return new Date(value).toISOString()
    throw notAsDocumented(this.name, `\`${key}\` is no time`)
  }

  commit(key: string): string {
    const value = this.text(key)
    if (COMMIT_ID.test(value)) return value
    throw notAsDocumented(this.name, `\`${key}\` is no commit`)
  }
}
