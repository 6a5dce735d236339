import { z } from 'zod'
import type { HttpPort } from '../../../../src/model/http-port.ts'
import type { Json } from '../../../../src/model/json.ts'
import { asJson } from '../../../lab/part-of.ts'
import type { SeenRequest } from '../../../lab/service.ts'
import {
  type Answer,
  type AskedService,
  type Instead,
  type LoopbackService,
  published,
  requireQuery,
  startLoopback,
  Unpublished,
} from './loopback-service.ts'

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

function set(change: ChangeRequest, { work_notes: note, ...given }: z.output<typeof fields>) {
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

/** `JournalEntryRequest` of NetBox's OpenAPI document; a list of them is taken, too. */
const entry = z.strictObject({
  assigned_object_type: z.string().regex(/^[a-z]+\.[a-z]+$/),
  assigned_object_id: z.int().positive(),
  kind: z.enum(['info', 'success', 'warning', 'danger']).optional(),
  comments: z.string().min(1),
})

/** An entry of the journal as it is kept. */
type JournalEntry = z.output<typeof entry>

const DEVICES: readonly (readonly [name: string, id: number])[] = [
  ['leaf1', 11],
  ['leaf2', 12],
]

/** Answers as NetBox does to a token. */
function netboxJournal(journal: JournalEntry[], token: string): (asked: AskedService) => Answer {
  const list = (results: readonly Json[]): Answer => ({
    status: 200,
    body: { count: results.length, next: null, previous: null, results },
  })
  return (asked) => {
    if (asked.authorization !== `Token ${token}`) return { status: 403, body: { detail: 'Invalid token' } }
    switch (asked.what) {
      case 'GET /api/dcim/devices/': {
        requireQuery(asked, ['name', 'limit', 'offset', 'q'])
        const names = asked.query.getAll('name')
        return list(DEVICES.flatMap(([name, id]) => (names.includes(name) ? [{ id, name }] : [])))
      }
      case 'GET /api/extras/journal-entries/': {
        requireQuery(asked, ['q', 'limit', 'offset'])
        const part = asked.query.get('q') ?? ''
        return list(journal.filter(({ comments }) => comments.includes(part)) as unknown as Json[])
      }
      case 'POST /api/extras/journal-entries/': {
        const entries = published(z.union([entry, z.array(entry)]), asked)
        journal.push(...[entries].flat())
        return { status: 201, body: asJson(entries) }
      }
      default:
        throw new Unpublished('no such operation')
    }
  }
}

/** An issue as it is kept. */
interface Issue {
  status: string
  readonly comments: string[]
}

/** A document in the Atlassian Document Format of one kind of paragraph (developer.atlassian.com, Atlassian Document Format). */
const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1) })
const paragraph = z.strictObject({ type: z.literal('paragraph'), content: z.array(text) })
const comment = z.strictObject({
  body: z.strictObject({ type: z.literal('doc'), version: z.literal(1), content: z.array(paragraph) }),
})
const transition = z.strictObject({ transition: z.strictObject({ id: z.string() }) })
const ISSUE = '/rest/api/3/issue/NET-140'
const TRANSITIONS = [{ id: '31', name: 'Finish', to: { id: '10003', name: 'Done' } }]

/** Answers as the REST API v3 of Jira Cloud does to a user and a token (developer.atlassian.com/cloud/jira/platform/rest/v3). */
function jira(issue: Issue, basic: string): (asked: AskedService) => Answer {
  const failure = (status: number, message: string): Answer => ({
    status,
    body: { errorMessages: [message], errors: {} },
  })
  return (asked) => {
    if (asked.authorization !== `Basic ${basic}`) return failure(401, 'You are not authenticated.')
    switch (asked.what) {
      case `GET ${ISSUE}`:
        requireQuery(asked, ['fields', 'fieldsByKeys', 'expand', 'properties', 'updateHistory', 'failFast'])
        return {
          status: 200,
          body: { expand: '', id: '10002', key: 'NET-140', fields: { status: { id: '1', name: issue.status } } },
        }
      case `GET ${ISSUE}/comment`: {
        requireQuery(asked, ['startAt', 'maxResults', 'orderBy', 'expand'])
        const comments = issue.comments.toReversed().map((body, at) => ({ id: String(at + 1), body }))
        return { status: 200, body: { startAt: 0, maxResults: 100, total: comments.length, comments } }
      }
      case `POST ${ISSUE}/comment`:
        issue.comments.push(JSON.stringify(published(comment, asked).body))
        return { status: 201, body: { id: String(issue.comments.length) } }
      case `GET ${ISSUE}/transitions`:
        requireQuery(asked, ['expand', 'transitionId', 'skipRemoteOnlyCondition', 'includeUnavailableTransitions'])
        return { status: 200, body: { expand: 'transitions', transitions: issue.status === 'Done' ? [] : TRANSITIONS } }
      case `POST ${ISSUE}/transitions`: {
        const { id } = published(transition, asked).transition
        if (id !== '31' || issue.status === 'Done')
          return failure(400, 'It seems that you have tried to perform a workflow operation that is not valid.')
        issue.status = 'Done'
        return { status: 204 }
      }
      default:
        if (!/^(?:GET|POST) \/rest\/api\/3\/issue\/[\w-]+(?:\/(?:comment|transitions))?$/.test(asked.what))
          throw new Unpublished('no such operation')
        return failure(404, 'Issue does not exist or you do not have permission to see it.')
    }
  }
}

const time = z.int().min(1_000_000_000_000)
const tags = z.array(z.string())

/** What the manual of Grafana's annotations API has in a body (grafana.com/docs, HTTP API, Annotations). */
const made = z.strictObject({
  dashboardUID: z.string().optional(),
  panelId: z.int().optional(),
  time: time.optional(),
  timeEnd: time.optional(),
  tags: tags.optional(),
  text: z.string().min(1),
})
const patched = z.strictObject({
  text: z.string().optional(),
  tags: tags.optional(),
  time: time.optional(),
  timeEnd: time.optional(),
})
const GRAFANA_QUERY = [
  'from',
  'to',
  'limit',
  'alertId',
  'dashboardId',
  'dashboardUID',
  'panelId',
  'userId',
  'type',
  'tags',
]

/** An annotation as it is kept. */
type Annotation = z.output<typeof made> & { readonly id: number }

/** Answers as Grafana does to a token of a service account. */
function grafana(annotations: Annotation[], token: string): (asked: AskedService) => Answer {
  let last = 0
  return (asked) => {
    if (asked.authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Unauthorized' } }
    if (asked.what === 'GET /api/annotations') {
      requireQuery(asked, GRAFANA_QUERY)
      const wanted = asked.query.getAll('tags')
      const found = annotations.filter((one) => wanted.every((tag) => one.tags?.includes(tag)))
      // The newest is first, as in the manual.
      return { status: 200, body: found.toReversed().slice(0, Number(asked.query.get('limit') ?? 100)) as Json }
    }
    if (asked.what === 'POST /api/annotations') {
      last += 1
      annotations.push({ ...published(made, asked), id: last })
      return { status: 200, body: { message: 'Annotation added', id: last } }
    }
    const [, method, id] = /^(PATCH|DELETE) \/api\/annotations\/([1-9]\d*)$/.exec(asked.what) ?? []
    if (method === undefined) throw new Unpublished('no such operation')
    const at = annotations.findIndex((one) => one.id === Number(id))
    const found = annotations[at]
    if (found === undefined) return { status: 404, body: { message: 'Annotation not found' } }
    if (method === 'DELETE') {
      annotations.splice(at, 1)
      return { status: 200, body: { message: 'Annotation deleted' } }
    }
    Object.assign(found, published(patched, asked))
    return { status: 200, body: { message: 'Annotation patched' } }
  }
}

/** `postableSilence` of Alertmanager's API v2 (prometheus/alertmanager, api/v2/openapi.yaml). */
const silence = z.strictObject({
  id: z.string().optional(),
  matchers: z
    .array(
      z.strictObject({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().optional() }),
    )
    .min(1),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  createdBy: z.string(),
  comment: z.string(),
})

/** A silence as it is kept. */
type Silence = z.output<typeof silence> & { readonly id: string; state: 'active' | 'expired' }

/** Answers as Alertmanager does. */
function alertmanager(silences: Silence[]): (asked: AskedService) => Answer {
  const shown = ({ state, ...one }: Silence): Json => ({ ...one, updatedAt: one.startsAt, status: { state } }) as Json
  return (asked) => {
    if (asked.what === 'GET /api/v2/silences') {
      requireQuery(asked, ['filter', 'creator'])
      return { status: 200, body: silences.map(shown) }
    }
    if (asked.what === 'POST /api/v2/silences') {
      const given = published(silence, asked)
      const id = `00000000-0000-0000-0000-${String(silences.length + 1).padStart(12, '0')}`
      silences.push({ ...given, id, state: 'active' })
      return { status: 200, body: { silenceID: id } }
    }
    const [, method, id] =
      /^(GET|DELETE) \/api\/v2\/silence\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(asked.what) ?? []
    if (method === undefined) throw new Unpublished('no such operation')
    const found = silences.find((one) => one.id === id)
    if (found === undefined) return { status: 404 }
    if (method === 'GET') return { status: 200, body: shown(found) }
    found.state = 'expired'
    return { status: 200 }
  }
}

/** What the services are asked with. */
export const SECRETS = {
  GRAFANA_TOKEN: 'wren-2210-secret',
  SERVICENOW_TOKEN: 'siskin-3381-secret',
  JIRA_BASIC: 'bWVAZXhhbXBsZS5jb206cGxvdmVyLTQ3NzE=',
  NETBOX_TOKEN: '0123456789abcdef0123456789abcdef01234567',
} as const

/** What the services hold, as a person would read it there. */
export interface ServiceState {
  readonly silences: Silence[]
  readonly annotations: Annotation[]
  readonly change: ChangeRequest
  readonly issue: Issue
  readonly journal: JournalEntry[]
}

/** The services, by their names in the settings. */
export const SERVICES = ['alerts', 'graphs', 'changes', 'issues', 'netbox'] as const

/** All services that a change may name, on loopback, by their published forms. */
export interface FakeServices {
  readonly by: Readonly<Record<(typeof SERVICES)[number], LoopbackService>>
  readonly state: ServiceState
  /** Method and path of each request to any of them. */
  readonly seen: readonly string[]
  requests(service: (typeof SERVICES)[number]): readonly SeenRequest[]
  /** Says what becomes of a request. */
  fault: Instead
  /** The client of the command, before which the services know what is to go wrong. */
  clientOf(http: HttpPort): HttpPort
}

/** Starts services that carry out what their schemas allow, and whose answers a test can spoil. */
export async function fakeServices(): Promise<FakeServices> {
  const state: ServiceState = {
    silences: [],
    annotations: [],
    change: { state: '-1', approval: 'approved', work_notes: '', close_code: '' },
    issue: { status: 'Approved', comments: [] },
    journal: [],
  }
  const instead: Instead = (what, nth) => fake.fault(what, nth)
  const by = {
    alerts: await startLoopback(alertmanager(state.silences), instead),
    graphs: await startLoopback(grafana(state.annotations, SECRETS.GRAFANA_TOKEN), instead),
    changes: await startLoopback(serviceNow(state.change, SECRETS.SERVICENOW_TOKEN), instead),
    issues: await startLoopback(jira(state.issue, SECRETS.JIRA_BASIC), instead),
    netbox: await startLoopback(netboxJournal(state.journal, SECRETS.NETBOX_TOKEN), instead),
  }
  const all = SERVICES.map((name) => by[name])
  const fake: FakeServices = {
    by,
    state,
    get seen() {
      return all.flatMap(({ seen }) => seen)
    },
    requests: (name) => by[name].service.seen,
    fault: () => undefined,
    clientOf: (http) => ({
      ...http,
      send: (request, signal) => {
        const { origin } = new URL(request.url)
        const one = all.find(({ service }) => service.origin === origin)
        if (one === undefined) throw new RangeError(`${request.url} is none of the services`)
        return one.through(request, (sent) => http.send(sent, signal))
      },
    }),
  }
  return fake
}

/** The settings of a project whose five services are these, with a reference for each secret. */
export function settingsOf({ by }: Pick<FakeServices, 'by'>, reference = (secret: string) => `\${env:${secret}}`) {
  const url = (name: (typeof SERVICES)[number]) => by[name].service.origin
  const host = (name: (typeof SERVICES)[number], secret: string) =>
    `    - { origin: '${url(name)}', secrets: ['${reference(secret)}'] }\n`
  const header = (scheme: string, secret: string) => `headers: { Authorization: '${scheme} ${reference(secret)}' }`
  return `version: 1
http:
  key: '${reference('HTTP_KEY')}'
  hosts:
    - { origin: '${url('alerts')}' }
${host('graphs', 'GRAFANA_TOKEN')}${host('changes', 'SERVICENOW_TOKEN')}${host('issues', 'JIRA_BASIC')}${host('netbox', 'NETBOX_TOKEN')}around:
  alerts: { kind: alertmanager, url: '${url('alerts')}' }
  graphs: { kind: grafana, url: '${url('graphs')}', ${header('Bearer', 'GRAFANA_TOKEN')} }
  changes: { kind: servicenow, url: '${url('changes')}', ${header('Bearer', 'SERVICENOW_TOKEN')}, close: { state: '0', close_code: successful } }
  issues: { kind: jira, url: '${url('issues')}', ${header('Basic', 'JIRA_BASIC')}, must: { status: [Approved] }, close: { status: Done } }
  netbox: { kind: netbox, url: '${url('netbox')}', ${header('Token', 'NETBOX_TOKEN')} }
`
}
