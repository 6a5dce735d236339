import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

export interface DeviceService {
  readonly name: string
  readonly product: string
  /** Whether a `next` that names another host is ignored: pages are then asked for by their offset alone. */
  readonly byOffset: boolean
}

/** Throws `inventory-source` and what the way there throws; nothing but 200 with JSON is an answer. */
export type AskPage = (page: URL, number: number) => Promise<Json>

const MOST_RECORDS = 200_000

interface Page {
  readonly count: number
  readonly next: string | null
  readonly records: readonly JsonObject[]
}

class Moved extends Error {}

/** All records of a list with `limit` and `offset`, each once. `first` is the address of its first page, without an offset. */
export async function readPages(ask: AskPage, first: URL, service: DeviceService): Promise<readonly JsonObject[]> {
  try {
    return await readOnce(ask, first, service)
  } catch (error) {
    if (!(error instanceof Moved)) throw error
  }
  try {
    return await readOnce(ask, first, service)
  } catch (error) {
    if (!(error instanceof Moved)) throw error
    throw new EosflowError('inventory-count', `${service.name}: ${error.message}`, {
      hint: 'It was read twice. If devices are being imported there, wait for the end of it; nothing of what was read is used.',
    })
  }
}

async function readOnce(ask: AskPage, first: URL, service: DeviceService) {
  const records = new Map<string, JsonObject>()
  let count: number | undefined
  let last: string | undefined
  for (let number = 1; ; number += 1) {
    const offset = Math.max(0, records.size - 1)
    const page = pageOf(await ask(pageAt(first, offset), number), service, number)
    count ??= page.count
    requireSaneCount(count, service)
    if (page.count !== count) {
      throw new Moved(`page 1 counts ${count} devices and page ${number} ${page.count}: ${MOVES}`)
    }
    const before = records.size
    last = addPage(records, page, last, service, number)
    if (page.next === null) break
    if (records.size === before) throw noProgress(page, service, number)
    if (records.size >= count) throw new Moved(`count ${count}, read ${records.size}, and another page follows`)
    requireOwnNext(page.next, first, offset + page.records.length, service, number)
  }
  if (records.size !== count) throw new Moved(`count ${count}, read ${records.size}: paging was cut`)
  return [...records.values()]
}

const MOVES = 'the list changes while it is read'

function addPage(
  records: Map<string, JsonObject>,
  page: Page,
  last: string | undefined,
  service: DeviceService,
  number: number,
) {
  const ids = page.records.map((record) => idOf(record, service, number))
  if (last !== undefined && ids.length > 0 && ids[0] !== last) {
    throw new Moved(`page ${number} begins with device ${ids[0]}, and not with ${last}, the last one before: ${MOVES}`)
  }
  for (const [index, record] of page.records.entries()) {
    const id = ids[index] ?? ''
    if (index === 0 && last !== undefined) continue
    if (records.has(id)) throw new Moved(`device ${id} is there twice: ${MOVES}`)
    records.set(id, record)
  }
  return ids.at(-1) ?? last
}

function idOf({ id }: JsonObject, service: DeviceService, number: number) {
  if (typeof id === 'number' || (typeof id === 'string' && id !== '')) return String(id)
  throw bad(service, `a device on page ${number} has no id`)
}

function noProgress({ records }: Page, service: DeviceService, number: number) {
  if (records.length === 0) return bad(service, `page ${number} holds no device and says that another page follows`)
  return bad(
    service,
    `page ${number} holds one device, and no page can be read behind it`,
    'Let it give two or more at once (MAX_PAGE_SIZE).',
  )
}

function pageAt(first: URL, offset: number) {
  const url = new URL(first)
  if (offset > 0) url.searchParams.set('offset', String(offset))
  return url
}

function pageOf(answer: Json, service: DeviceService, number: number): Page {
  if (!isJsonObject(answer)) throw notAList(service, number)
  const { count, next, results } = answer
  const isNext = next === null || typeof next === 'string'
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0 || !isNext || !Array.isArray(results)) {
    throw notAList(service, number)
  }
  const records = (results as readonly Json[]).filter(isJsonObject)
  if (records.length < results.length) throw notAList(service, number)
  return { count, next, records }
}

function requireSaneCount(count: number, service: DeviceService) {
  if (count > MOST_RECORDS)
    throw bad(service, `it counts ${count} devices, more than the ${MOST_RECORDS} that are read`)
}

function requireOwnNext(next: string, first: URL, behind: number, service: DeviceService, number: number) {
  if (!URL.canParse(next, first.href)) throw bad(service, 'the address of its next page is none')
  const url = new URL(next, first)
  const isOwn = url.hostname === first.hostname && url.pathname === first.pathname
  if (!isOwn && !service.byOffset) {
    throw bad(
      service,
      `its next page would be at ${url.origin}${url.pathname}, which is not asked: it would be given the token`,
      `Behind a proxy ${service.product} has to know its name (X-Forwarded-Host). With \`paging: offset\` pages are asked for at ${first.origin} whatever it says.`,
    )
  }
  const offset = url.searchParams.get('offset')
  if (offset === String(behind)) return
  throw new Moved(`behind page ${number} the next one begins at ${offset ?? 'no offset'}, and not at ${behind}`)
}

function notAList(service: DeviceService, number: number) {
  return bad(
    service,
    `page ${number} is no list of devices: it needs count, next and results`,
    `Check the url: it is that of ${service.product} itself, without /api.`,
  )
}

function bad({ name }: DeviceService, message: string, hint?: string) {
  return new EosflowError('inventory-source', `${name}: ${message}`, hint === undefined ? {} : { hint })
}
