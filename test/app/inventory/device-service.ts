import type { IncomingMessage, ServerResponse } from 'node:http'
import { type HeardFault, SPOILT } from '../../around/services/loopback-service.ts'
import { type Service, startService } from '../../transport/http-service.ts'

/** What a page of the service does instead of answering well. `page` counts from 1, `tries` how often this page was asked for. */
export type Misbehave = (asked: AskedPage, answer: Answer) => Answer | undefined

/** One request for a page. A page begins with the last record of the one before. */
export interface AskedPage {
  readonly page: number
  /** Of this page, from 1. */
  readonly tries: number
  readonly url: URL
  readonly response: ServerResponse
}

/** What the service is about to say. */
export interface Answer {
  readonly count: number
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly object[]
}

/** A service that keeps devices, as NetBox and Nautobot do. */
export interface DeviceServiceOptions {
  readonly records: readonly object[]
  /** The branches of a NetBox, in the shape of NetBox Branching. Absent: it is not installed. */
  readonly branches?: () => readonly { readonly name: string; readonly schema_id: string }[]
  /** The devices that are seen under the header of a branch, by its schema. */
  readonly onBranch?: (schema: string) => readonly object[]
  /** The header that it wants. */
  readonly authorization: string
  /** `MAX_PAGE_SIZE` there. */
  readonly maxPageSize?: number
  /** What a token that may not see all sees. */
  readonly seen?: (record: object) => boolean
  /** What becomes of the nth request of all, counted from 1; undefined: it is answered. */
  readonly spoil?: (nth: number, path: string) => HeardFault | undefined
  /** Undefined: it has answered itself. */
  readonly misbehave?: Misbehave
  /** The filters that it takes: a record fits where it has one of the values. */
  readonly filters?: Readonly<Record<string, (record: never) => string | undefined>>
  /** Whether an unknown filter is refused, as Nautobot does, or passed over, as NetBox does. */
  readonly isStrict?: boolean
  /** How it is reached, where its own idea of that differs: what a proxy before it changes. */
  readonly calledOrigin?: string
  /** Whether `config_context` is in the records of an answer. */
  readonly withContext: (url: URL) => boolean
}

const PAGING: readonly string[] = ['limit', 'offset', 'ordering', 'sort', 'exclude', 'omit', 'include', 'depth']

/** Starts such a service on loopback, with the paging of both products (netbox/api/pagination.py). Ends with the test. */
export async function startDeviceService(options: DeviceServiceOptions): Promise<Service> {
  const tries = new Map<string, number>()
  const service: Service = await startService((request, response) => {
    const url = new URL(request.url ?? '', service.origin)
    if (request.headers.authorization !== options.authorization) return forbidden(response)
    if (isSpoilt(url, { request, response, nth: service.seen.length }, options)) return
    if (url.pathname !== '/api/dcim/devices/') return void elsewhere(url, response, options)
    const unknown = unknownFilter(url, options)
    if (unknown !== undefined && options.isStrict === true)
      return json(response, 400, { [unknown]: ['Unknown filter field'] })
    const answer = answerOf(url, request, options)
    const asked = (tries.get(url.href) ?? 0) + 1
    tries.set(url.href, asked)
    const page = Math.floor(Number(url.searchParams.get('offset') ?? 0) / (pageSize(url, options) - 1)) + 1
    const { misbehave = (_: AskedPage, good: Answer): Answer | undefined => good } = options
    const given = misbehave({ page, tries: asked, url, response }, answer)
    if (given !== undefined) json(response, 200, given)
  })
  return service
}

function unknownFilter({ searchParams }: URL, { filters }: DeviceServiceOptions): string | undefined {
  return [...searchParams.keys()].find((name) => !PAGING.includes(name) && filters?.[name] === undefined)
}

interface Heard {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly nth: number
}

function isSpoilt(url: URL, { request, response, nth }: Heard, options: DeviceServiceOptions): boolean {
  const fault = options.spoil?.(nth, url.pathname)
  if (fault === undefined) return false
  const body = url.pathname === '/api/dcim/devices/' ? answerOf(url, request, options) : branchesOf(url, options)
  const carryOut = () => ({ status: 200, body: body as never })
  // Nobody listens where it leads to.
  SPOILT[fault]({ request, response, elsewhere: 'http://127.0.0.1:9', carryOut })
  return true
}

function elsewhere(url: URL, response: ServerResponse, options: DeviceServiceOptions): void {
  if (url.pathname !== '/api/plugins/branching/branches/' || options.branches === undefined) {
    json(response, 404, { detail: 'Not found.' })
    return
  }
  json(response, 200, branchesOf(url, options))
}

function branchesOf(url: URL, { branches = () => [] }: DeviceServiceOptions): object {
  const results = branches().filter(({ name }) => name === url.searchParams.get('name'))
  return { count: results.length, next: null, previous: null, results }
}

function pageSize(url: URL, { maxPageSize = 1000 }: DeviceServiceOptions): number {
  const limit = Number(url.searchParams.get('limit') ?? 50)
  return limit === 0 ? maxPageSize : Math.min(limit, maxPageSize)
}

function answerOf(url: URL, request: IncomingMessage, options: DeviceServiceOptions): Answer {
  const { seen = () => true, filters = {} } = options
  const schema = request.headers['x-netbox-branch']
  const records = typeof schema === 'string' ? (options.onBranch?.(schema) ?? []) : options.records
  const fits = (record: object): boolean =>
    Object.entries(filters).every(([name, of]) => {
      const wanted = url.searchParams.getAll(name)
      return wanted.length === 0 || wanted.includes(of(record as never) ?? '')
    })
  const found = records.filter((record) => seen(record) && fits(record))
  const [offset, limit] = [Number(url.searchParams.get('offset') ?? 0), pageSize(url, options)]
  const hasContext = options.withContext(url)
  const link = (at: number): string => {
    const other = new URL(url.pathname + url.search, options.calledOrigin ?? `http://${request.headers.host}`)
    other.searchParams.set('limit', String(limit))
    if (at > 0) other.searchParams.set('offset', String(at))
    else other.searchParams.delete('offset')
    return other.href
  }
  return {
    count: found.length,
    next: offset + limit < found.length ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    results: found.slice(offset, offset + limit).map((record) => {
      const { config_context, ...rest } = record as { readonly config_context?: object }
      return hasContext ? { ...rest, config_context: config_context ?? {} } : rest
    }),
  }
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

const forbidden = (response: ServerResponse): void => json(response, 403, { detail: 'Invalid token' })
