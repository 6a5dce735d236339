import type { AroundMark, AroundPort } from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Outcome } from '../../../change/record/event/record-schema.ts'
import type { AnnotationSpec, AroundSpec, SecretSpec, SilenceSpec, TicketSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Secrets } from '../../secret/secrets.ts'
import { knowBoth, requireVault, switchesBehind, versionsIn } from '../../switches/inventory/rotation.ts'
import {
  type AskService,
  askSecret,
  askService,
  beginSecret,
  changedSwitches,
  endSecret,
  endText,
  judgedTicket,
  markText,
  notAsPublished,
  outcomeOf,
} from './ask-service.ts'

// The forms are those of its Table API (docs/around.md#tickets, servicenow.com/docs, API reference, Table API).
async function askServiceNow(ask: AskService, spec: TicketSpec) {
  const { fields } = await recordOf(ask, spec)
  return judgedTicket(spec, fields)
}

async function endServiceNow(ask: AskService, spec: TicketSpec, mark: AroundMark, execution: ExecutionState) {
  const { id, fields } = await recordOf(ask, spec)
  const path = `/api/now/table/${tableOf(spec)}/${encodeURIComponent(id)}`
  const close = outcomeOf(execution) === 'succeeded' ? (spec.close ?? {}) : {}
  const isClosed = (now: Readonly<Record<string, string | undefined>>) =>
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

// What a record is called by: it becomes part of an address, in which `..` leads elsewhere.
const SYS_ID = /^[A-Za-z0-9_-]{1,64}$/

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

function tableOf({ table = 'change_request' }: TicketSpec) {
  return table
}

function resultOf(answer: Json) {
  if (!isJsonObject(answer) || answer.result === undefined) throw notAsPublished('the answer of the table')
  return answer.result
}

function fieldsIn(record: Json): Readonly<Record<string, string | undefined>> {
  if (!isJsonObject(record)) throw notAsPublished('a record of the table')
  const textIn = (value: Json | undefined): string | undefined =>
    isJsonObject(value) ? textIn((value as JsonObject).value) : typeof value === 'string' ? value : undefined
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, textIn(value)]))
}

const AT_ONCE = 50

const KINDS: Readonly<Record<Outcome, string>> = {
  planned: 'info',
  'nothing-to-do': 'info',
  succeeded: 'success',
  tolerated: 'warning',
  refused: 'info',
  'rolled-back': 'warning',
  cancelled: 'warning',
  failed: 'danger',
  unknown: 'danger',
}

// The forms are those of NetBox's REST API (docs/around.md#the-journal-of-netbox, its OpenAPI document, `JournalEntryRequest`).
async function endJournal(ask: AskService, mark: AroundMark, execution: ExecutionState) {
  const names = changedSwitches(execution)
  const written = new Set(
    (await listed(ask, '/api/extras/journal-entries/', [['q', markText(mark)]])).map(
      ({ assigned_object_id: id }) => id,
    ),
  )
  const absent: string[] = []
  for (let first = 0; first < names.length; first += AT_ONCE) {
    const some = names.slice(first, first + AT_ONCE)
    const found = await listed(
      ask,
      '/api/dcim/devices/',
      some.map((name) => ['name', name] as const),
    )
    const ids = some.flatMap((name) => {
      const ours = found.filter((one) => one.name === name)
      const [one] = ours
      // The name of a device is unique within its site and tenant only.
      if (one === undefined || ours.length > 1) absent.push(name)
      return one === undefined || ours.length > 1 ? [] : [one.id]
    })
    const entries = ids
      .filter((id) => !written.has(id))
      .map((id) => ({
        assigned_object_type: 'dcim.device',
        assigned_object_id: id ?? null,
        kind: KINDS[outcomeOf(execution)],
        comments: endText(execution, mark),
      }))
    if (entries.length > 0) await ask({ method: 'POST', path: '/api/extras/journal-entries/', body: entries })
  }
  if (absent.length === 0) return `written for ${names.length} of ${names.length}`
  const some = absent.slice(0, 5).join(', ')
  throw new EosflowError(
    'guard',
    `NetBox has not exactly one device of the name ${some}${absent.length > 5 ? ', …' : ''}`,
  )
}

async function listed(ask: AskService, path: string, query: readonly (readonly [string, string])[]) {
  const answer = await ask({ method: 'GET', path, query: [...query, ['limit', '1000']] })
  if (!isJsonObject(answer) || !Array.isArray(answer.results) || answer.next !== null)
    throw notAsPublished(`the list ${path}`)
  return answer.results.map((one: Json) => {
    if (!isJsonObject(one)) throw notAsPublished(`the list ${path}`)
    return one as Readonly<Record<string, Json>>
  })
}

/** The services that are asked around a change, and hear of it; nothing where switches are only simulated. */
export function aroundPort(
  { project, clock, seams, store }: Pick<RecordApp, 'project' | 'clock' | 'seams' | 'store'>,
  http: HttpPort,
  secrets?: Pick<Secrets, 'vault' | 'resolve'>,
): { readonly around?: AroundPort } {
  if (seams?.unaskedAround === true) return {}
  // What a service is asked with is that of the settings now, where it is asked that of the plan: a token is renewed, an address is approved.
  const askOf = (spec: AroundSpec) => askService(http, spec, project.settings.around[spec.service]?.headers ?? {})
  const rotationBegun = async (spec: SecretSpec, mark: AroundMark) => {
    const id = await beginSecret(requireVault(secrets?.vault), spec, mark, store)
    const versions = versionsIn(id)
    const logsIn = switchesBehind(project.inventory(), spec).length > 0
    if (logsIn && secrets !== undefined && versions !== undefined) await knowBoth(secrets, spec, versions)
    return id
  }
  return {
    around: {
      ask: async (spec) => {
        if (spec.around === 'secret') return askSecret(requireVault(secrets?.vault), spec, project.files.rotated)
        const { allows, said } = await (spec.system === 'jira' ? askJira : askServiceNow)(askOf(spec), spec)
        return { allows, said: http.scrub(said) }
      },
      begin: (spec, mark) => {
        if (spec.around === 'silence') return beginSilence(askOf(spec), spec, mark, clock.now())
        if (spec.around === 'secret') return rotationBegun(spec, mark)
        if (spec.around === 'annotation') return beginAnnotation(askOf(spec), spec, mark, clock.now())
        throw new EosflowError('bug', `a ${spec.around} has no beginning`)
      },
      find: async (spec, mark) => {
        if (spec.around === 'silence') return (await findSilences(askOf(spec), mark))[0]
        return spec.around === 'annotation' ? (await findAnnotations(askOf(spec), mark))[0] : undefined
      },
      end: (spec, mark, execution) => {
        if (spec.around === 'secret')
          return endSecret(requireVault(secrets?.vault), spec, mark, execution, {
            behind: switchesBehind(project.inventory(), spec),
            store,
          })
        const ask = askOf(spec)
        switch (spec.around) {
          case 'silence':
            return endSilences(ask, mark)
          case 'annotation':
            return endAnnotation(ask, spec, mark, { execution, now: clock.now() })
          case 'ticket':
            return (spec.system === 'jira' ? endJira : endServiceNow)(ask, spec, mark, execution)
          case 'journal':
            return endJournal(ask, mark, execution)
        }
      },
    },
  }
}

/**
 * Begins a silence that ends by itself after the time of the plan; gives its id. The forms are those of Alertmanager's API v2
 * (docs/around.md#silences, github.com/prometheus/alertmanager api/v2/openapi.yaml).
 */
export async function beginSilence(
  ask: AskService,
  { matchers, seconds }: SilenceSpec,
  mark: AroundMark,
  now: number,
): Promise<string> {
  const body = {
    matchers: matchers.map((one) => ({ ...one })),
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + seconds * 1000).toISOString(),
    createdBy: 'eosflow',
    comment: `change by eosflow execution ${mark.execution} ${markText(mark)}`,
  }
  const answer = await ask({ method: 'POST', path: '/api/v2/silences', body })
  if (!isJsonObject(answer) || !isId(answer.silenceID)) throw notAsPublished('the id of a silence')
  return answer.silenceID
}

/** The silences with this mark that have not ended, by id. */
export async function findSilences(ask: AskService, mark: AroundMark): Promise<readonly string[]> {
  const answer = await ask({ method: 'GET', path: '/api/v2/silences' })
  if (!Array.isArray(answer)) throw notAsPublished('the list of silences')
  return answer.flatMap((one) => {
    if (!isJsonObject(one)) throw notAsPublished('the list of silences')
    const { id, comment } = one
    if (typeof comment !== 'string' || !comment.includes(markText(mark)) || stateOf(one) === 'expired') return []
    if (!isId(id)) throw notAsPublished('the id of a silence')
    return [id]
  })
}

/** Ends silences, and reads of each that it has ended. */
export async function endSilences(
  ask: AskService,
  mark: AroundMark & { readonly id?: string; readonly isInDoubt: boolean },
): Promise<string> {
  // The one whose id is known needs no list that can be read.
  if (mark.id !== undefined) await endSilence(ask, mark.id, mark)
  const found = mark.isInDoubt || mark.id === undefined ? await findSilences(ask, mark) : []
  const others = found.filter((id) => id !== mark.id)
  for (const id of others) await endSilence(ask, id, mark)
  const ids = [mark.id ?? [], others].flat()
  if (ids.length === 0) return 'there is none'
  return `${ids.join(', ')} expired`
}

async function endSilence(ask: AskService, id: string, mark: AroundMark) {
  const path = `/api/v2/silence/${encodeURIComponent(id)}`
  const isOver = async () => {
    const found = await ask({ method: 'GET', path, mayBeGone: true })
    if (found !== null) return stateOf(found) === 'expired'
    // Something between may answer 404, too: what is gone is not in the list either.
    return !(await findSilences(ask, mark)).includes(id)
  }
  // What cannot be read is expired by its id all the same, and read after that.
  if (await isOver().catch(unlessUnread)) return
  await ask({ method: 'DELETE', path, mayBeGone: true })
  if (await isOver()) return
  throw new EosflowError('protocol', `silence ${id} is still in force after it was to be expired`)
}

function unlessUnread(error: unknown): false {
  if (error instanceof EosflowError && (error.kind === 'protocol' || error.kind === 'refused')) return false
  throw error
}

function stateOf(silence: Json) {
  const status = isJsonObject(silence) ? (silence as JsonObject).status : undefined
  if (!isJsonObject(status) || typeof status.state !== 'string') throw notAsPublished('a silence')
  return status.state
}

function isId(id: Json | undefined): id is string {
  return typeof id === 'string' && /^[\w-]{1,100}$/.test(id)
}

// The forms are those of Grafana's annotations API (docs/around.md#annotations,
// grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/annotations).
async function beginAnnotation(ask: AskService, spec: AnnotationSpec, mark: AroundMark, now: number) {
  const text = `change by eosflow execution ${mark.execution} ${markText(mark)}`
  return made(ask, { time: now, tags: tagsOf(spec, mark), text })
}

async function findAnnotations(ask: AskService, mark: AroundMark) {
  const query = [
    ['tags', ownTag(mark)],
    ['limit', '10'],
  ] as const
  const answer = await ask({ method: 'GET', path: '/api/annotations', query })
  if (!Array.isArray(answer)) throw notAsPublished('the list of annotations')
  return answer.map(numberOf).toSorted((one, other) => Number(one) - Number(other))
}

// Marks where a change has ended and how; one that was never begun is made whole.
async function endAnnotation(
  ask: AskService,
  spec: AnnotationSpec,
  mark: AroundMark & { readonly id?: string; readonly isInDoubt: boolean },
  { execution, now }: { readonly execution: ExecutionState; readonly now: number },
) {
  const text = endText(execution, mark)
  const known = mark.id === undefined ? [] : [mark.id]
  const found = mark.isInDoubt || mark.id === undefined ? await findAnnotations(ask, mark) : []
  const [first, ...others] = new Set([...known, ...found])
  if (first !== undefined) {
    await ask({ method: 'PATCH', path: `/api/annotations/${first}`, body: { timeEnd: now, text } })
    await deleteOthers(ask, mark, first, others)
    return `annotation ${first} ended`
  }
  const whole = { time: execution.startedAt, timeEnd: now, tags: tagsOf(spec, mark), text }
  const only = await made(ask, whole)
  const late = (await findAnnotations(ask, mark)).filter((one) => one !== only)
  await deleteOthers(ask, mark, only, late)
  return `annotation ${only} made`
}

async function deleteOthers(ask: AskService, mark: AroundMark, only: string, others: readonly string[]) {
  if (others.length === 0) return
  for (const other of others) await ask({ method: 'DELETE', path: `/api/annotations/${other}`, mayBeGone: true })
  const left = (await findAnnotations(ask, mark)).filter((one) => one !== only)
  if (left.length > 0)
    throw new EosflowError('protocol', `annotation ${left.join(', ')} was made twice and is still there`)
}

async function made(ask: AskService, body: Json) {
  return numberOf(await ask({ method: 'POST', path: '/api/annotations', body }))
}

function numberOf(answer: Json) {
  const id = isJsonObject(answer) ? answer.id : undefined
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw notAsPublished('the number of an annotation')
  return String(id)
}

function tagsOf({ tags }: AnnotationSpec, mark: AroundMark) {
  return ['eosflow', ownTag(mark), ...tags]
}

function ownTag({ key }: AroundMark) {
  return `eosflow:${key}`
}

// The forms are those of the REST API v3 of Jira Cloud (docs/around.md#tickets, developer.atlassian.com/cloud/jira/platform/rest/v3).
async function askJira(ask: AskService, spec: TicketSpec) {
  return judgedTicket(spec, { status: await statusOf(ask, spec) })
}

async function endJira(ask: AskService, spec: TicketSpec, mark: AroundMark, execution: ExecutionState) {
  const path = `${issuePath(spec)}/comment`
  const newest = [
    ['orderBy', '-created'],
    ['maxResults', '100'],
  ] as const
  const there = await ask({ method: 'GET', path, query: newest })
  if (!isJsonObject(there) || !Array.isArray(there.comments)) throw notAsPublished('the comments of an issue')
  if (!JSON.stringify(there.comments).includes(markText(mark)))
    await ask({ method: 'POST', path, body: { body: documentOf(endText(execution, mark)) } })
  const target = outcomeOf(execution) === 'succeeded' ? spec.close?.status : undefined
  if (target === undefined || (await statusOf(ask, spec)) === target) return `${spec.ticket} has heard of it`
  await move(ask, spec, target)
  const now = await statusOf(ask, spec)
  if (now === target) return `${spec.ticket} has heard of it and is ${JSON.stringify(target)}`
  throw new EosflowError('refused', `${spec.ticket} has heard of it, and its status is still ${JSON.stringify(now)}`)
}

async function move(ask: AskService, spec: TicketSpec, target: string) {
  const path = `${issuePath(spec)}/transitions`
  const answer = await ask({ method: 'GET', path })
  if (!isJsonObject(answer) || !Array.isArray(answer.transitions)) throw notAsPublished('the transitions of an issue')
  const found = answer.transitions.find(
    (one: Json) => isJsonObject(one) && isJsonObject(one.to) && one.to.name === target,
  )
  if (!isJsonObject(found) || typeof found.id !== 'string')
    throw new EosflowError('refused', `${spec.ticket} cannot be moved to ${JSON.stringify(target)} from where it is`)
  await ask({ method: 'POST', path, body: { transition: { id: found.id } } })
}

async function statusOf(ask: AskService, spec: TicketSpec) {
  const answer = await ask({ method: 'GET', path: issuePath(spec), query: [['fields', 'status']] })
  const fields = isJsonObject(answer) ? answer.fields : undefined
  const status = isJsonObject(fields) ? fields.status : undefined
  // An issue that was moved is found by its old key, and has another one.
  if (!isJsonObject(answer) || answer.key !== spec.ticket || !isJsonObject(status) || typeof status.name !== 'string')
    throw notAsPublished(`the answer about ${spec.ticket}`)
  return status.name
}

function issuePath({ ticket }: TicketSpec) {
  return `/rest/api/3/issue/${encodeURIComponent(ticket)}`
}

function documentOf(text: string): Json {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }
}
