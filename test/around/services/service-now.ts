import { z } from 'zod'
import type { Json } from '../../../src/model/json.ts'
import { type Answer, type AskedService, Unpublished } from './loopback-service.ts'
import { published, requireQuery } from './published.ts'

/** A change request as it is kept. */
export interface ChangeRequest {
  state: string
  approval: string
  work_notes: string
  close_code: string
}

/** The parameters of the Table API for a record and for a list of them (ServiceNow, API reference, Table API). */
const QUERY = [
  'sysparm_query',
  'sysparm_display_value',
  'sysparm_exclude_reference_link',
  'sysparm_suppress_pagination_header',
  'sysparm_fields',
  'sysparm_limit',
  'sysparm_offset',
  'sysparm_view',
  'sysparm_query_category',
  'sysparm_query_no_domain',
  'sysparm_no_count',
  'sysparm_input_display_value',
]
const TABLE = '/api/now/table/change_request'
const SYS_ID = 'c83c5e5347c12200e0ef563dbb9a7190'
/** Fields of a table are set by their names; all of these are texts. */
const fields = z.strictObject({
  state: z.string().optional(),
  approval: z.string().optional(),
  close_code: z.string().optional(),
  close_notes: z.string().optional(),
  work_notes: z.string().min(1).optional(),
})

/** Answers as the Table API of ServiceNow does to a token. */
export function serviceNow(change: ChangeRequest, token: string): (asked: AskedService) => Answer {
  const failure = (status: number, message: string): Answer => ({
    status,
    body: { error: { message, detail: null }, status: 'failure' },
  })
  return (asked) => {
    if (asked.authorization !== `Bearer ${token}`) return failure(401, 'User Not Authenticated')
    requireQuery(asked, QUERY)
    if (asked.what === `GET ${TABLE}`) {
      const isFound = asked.query.get('sysparm_query') === 'number=CHG0030001'
      return { status: 200, body: { result: isFound ? [shown(change, asked)] : [] } }
    }
    const [, method, id] = /^(GET|PATCH) \/api\/now\/table\/change_request\/(\w+)$/.exec(asked.what) ?? []
    if (method === undefined) throw new Unpublished('no such operation')
    if (id !== SYS_ID) return failure(404, 'No Record found')
    if (method === 'PATCH') set(change, published(fields, asked))
    return { status: 200, body: { result: shown(change, asked) } }
  }
}

function set(change: ChangeRequest, { work_notes: note, ...given }: z.output<typeof fields>): void {
  Object.assign(change, given)
  if (note !== undefined) change.work_notes = `${note}\n${change.work_notes}`
}

/** A record. A journal field is text where display values are asked for, and empty where values are (`work_notes`). */
function shown(change: ChangeRequest, { query }: AskedService): Json {
  const all: Readonly<Record<string, string>> = {
    sys_id: SYS_ID,
    number: 'CHG0030001',
    ...change,
    work_notes: query.get('sysparm_display_value') === 'true' ? change.work_notes : '',
  }
  const wanted = query.get('sysparm_fields')?.split(',') ?? Object.keys(all)
  return Object.fromEntries(wanted.flatMap((name) => (name in all ? [[name, all[name] ?? '']] : [])))
}
