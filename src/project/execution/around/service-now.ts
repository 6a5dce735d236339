import type { AroundMark } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { TicketSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { type AskService, notAsPublished } from './ask-service.ts'
import { endText, markText, outcomeOf } from './end-text.ts'
import { judgedTicket } from './ticket-terms.ts'

/**
 * Whether a record of ServiceNow allows a change. The forms are those of its Table API (docs/around.md#tickets,
 * servicenow.com/docs, API reference, Table API).
 */
export async function askServiceNow(
  ask: AskService,
  spec: TicketSpec,
): Promise<{ readonly allows: boolean; readonly said: string }> {
  const { fields } = await recordOf(ask, spec)
  return judgedTicket(spec, fields)
}

/** Writes into the work notes how a change has ended, and sets the fields that close the record where it has succeeded. What is there already is not written again. */
export async function endServiceNow(
  ask: AskService,
  spec: TicketSpec,
  mark: AroundMark,
  execution: ExecutionState,
): Promise<string> {
  const { id, fields } = await recordOf(ask, spec)
  const path = `/api/now/table/${tableOf(spec)}/${encodeURIComponent(id)}`
  const close = outcomeOf(execution) === 'succeeded' ? (spec.close ?? {}) : {}
  const isClosed = (now: Readonly<Record<string, string | undefined>>): boolean =>
    Object.entries(close).every(([field, value]) => now[field] === value)
  const noted = await ask({
    method: 'GET',
    path,
    query: [
      ['sysparm_display_value', 'true'],
      ['sysparm_fields', 'work_notes'],
    ],
  })
  const hasNote = (fieldsIn(resultOf(noted)).work_notes ?? '').includes(markText(mark))
  if (hasNote && isClosed(fields)) return `${spec.ticket} has heard of it`
  const body = { ...close, ...(hasNote ? {} : { work_notes: endText(execution, mark) }) }
  const now = fieldsIn(resultOf(await ask({ method: 'PATCH', path, query: RAW, body })))
  if (isClosed(now))
    return `${spec.ticket} has heard of it${Object.keys(close).length === 0 ? '' : ' and set to what closes it'}`
  const said = Object.keys(close).map((field) => `${field} is ${JSON.stringify(now[field] ?? null)}`)
  throw new EosflowError(
    'refused',
    `${spec.ticket} has heard of it, and was not set to what closes it: ${said.join(', ')}`,
  )
}

/** What a record is called by: it becomes part of an address, in which `..` leads elsewhere. */
const SYS_ID = /^[A-Za-z0-9_-]{1,64}$/

/** Values as they are stored, and references as ids. */
const RAW = [
  ['sysparm_display_value', 'false'],
  ['sysparm_exclude_reference_link', 'true'],
] as const

async function recordOf(
  ask: AskService,
  spec: TicketSpec,
): Promise<{ readonly id: string; readonly fields: Readonly<Record<string, string | undefined>> }> {
  const wanted = ['sys_id', 'number', ...Object.keys(spec.must), ...Object.keys(spec.close ?? {})]
  const answer = await ask({
    method: 'GET',
    path: `/api/now/table/${tableOf(spec)}`,
    query: [
      ['sysparm_query', `number=${spec.ticket}`],
      ['sysparm_fields', [...new Set(wanted)].join(',')],
      ['sysparm_limit', '2'],
      ...RAW,
    ],
  })
  const found = resultOf(answer)
  if (!Array.isArray(found)) throw notAsPublished('the answer of the table')
  const [first, second] = found
  if (first === undefined) throw new EosflowError('refused', `there is no ${spec.ticket} in ${tableOf(spec)}`)
  const fields = fieldsIn(first)
  // An instance that does not know the query gives every record that there is.
  if (second !== undefined || fields.number !== spec.ticket || !SYS_ID.test(fields.sys_id ?? ''))
    throw notAsPublished(`the answer about ${spec.ticket}`)
  return { id: fields.sys_id ?? '', fields }
}

function tableOf({ table = 'change_request' }: TicketSpec): string {
  return table
}

function resultOf(answer: Json): Json {
  if (!isJsonObject(answer) || answer.result === undefined) throw notAsPublished('the answer of the table')
  return answer.result
}

/** The fields of a record that are texts; of a reference its value. */
function fieldsIn(record: Json): Readonly<Record<string, string | undefined>> {
  if (!isJsonObject(record)) throw notAsPublished('a record of the table')
  const textIn = (value: Json | undefined): string | undefined =>
    isJsonObject(value) ? textIn((value as JsonObject).value) : typeof value === 'string' ? value : undefined
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, textIn(value)]))
}
