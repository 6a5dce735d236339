import { EosflowError } from '../../src/model/error.ts'
import type { HttpAnswer, HttpPort, HttpRequest } from '../../src/model/http-port.ts'
import type { Json } from '../../src/model/json.ts'

/** What can become of one request: it is answered otherwise, or carried out and not answered. */
export type ServiceFault =
  | 'refused'
  | '401'
  | '500'
  | 'redirect'
  | 'malformed'
  | 'other-form'
  | 'unreachable'
  | 'slow'
  | 'lost-after'

/** Every fault. */
export const SERVICE_FAULTS: readonly ServiceFault[] = [
  'refused',
  '401',
  '500',
  'redirect',
  'malformed',
  'other-form',
  'unreachable',
  'slow',
  'lost-after',
]

/** What the services hold, as a person would read it there. */
export interface ServiceState {
  readonly silences: { id: string; comment: string; state: string; matchers: Json; endsAt: string }[]
  readonly annotations: { id: number; tags: readonly string[]; text: string; timeEnd?: number }[]
  readonly change: { state: string; approval: string; work_notes: string; close_code: string }
  readonly issue: { status: string; comments: string[] }
  readonly journal: { assigned_object_id: number; kind: string; comments: string }[]
}

/** All services that a change may name, in memory, by their published forms. */
export interface FakeServices {
  readonly http: HttpPort
  readonly state: ServiceState
  /** Method and path of each request, in order. */
  readonly seen: string[]
  readonly requests: HttpRequest[]
  /** Says what becomes of a request; undefined: it is answered. */
  fault: (request: string, nth: number) => ServiceFault | undefined
}

/** Services that carry out what they are asked, and whose answers a test can spoil. */
export function fakeServices(): FakeServices {
  const state: ServiceState = {
    silences: [],
    annotations: [],
    change: { state: '-1', approval: 'approved', work_notes: '', close_code: '' },
    issue: { status: 'Approved', comments: [] },
    journal: [],
  }
  const counts = new Map<string, number>()
  const fake: FakeServices = {
    state,
    seen: [],
    requests: [],
    fault: () => undefined,
    http: {
      scrub: (text) => text,
      send: async (request) => {
        const url = new URL(request.url)
        const what = `${request.method} ${url.pathname}`
        const nth = (counts.get(what) ?? 0) + 1
        counts.set(what, nth)
        fake.seen.push(what)
        fake.requests.push(request)
        const fault = fake.fault(what, nth)
        if (fault === undefined) return answered(state, request, url)
        return spoilt(fault, request, () => answered(state, request, url))
      },
    },
  }
  return fake
}

function spoilt(fault: ServiceFault, { name }: HttpRequest, carryOut: () => HttpAnswer): HttpAnswer {
  switch (fault) {
    case 'refused':
      return json({ message: 'no' }, 400)
    case '401':
      return json({ message: 'who are you' }, 401)
    case '500':
      return json({ message: 'oh' }, 500)
    case 'redirect':
      return { status: 302, headers: { location: 'https://elsewhere.example.com/' }, body: new Uint8Array() }
    case 'malformed':
      carryOut()
      return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('{"id":') }
    case 'other-form':
      carryOut()
      return json({ hello: ['you'] })
    case 'unreachable':
      throw new EosflowError('unreachable', `${name}: connection refused`)
    case 'slow':
      throw new EosflowError('lost-answer', `${name}: the request was sent, and its answer did not arrive`)
    case 'lost-after':
      carryOut()
      throw new EosflowError('lost-answer', `${name}: the request was sent, and its answer did not arrive`)
  }
}

function json(document: Json, status = 200): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: new TextEncoder().encode(JSON.stringify(document)),
  }
}

const nothing = (status: number): HttpAnswer => ({ status, headers: {}, body: new Uint8Array() })

function answered(state: ServiceState, request: HttpRequest, url: URL): HttpAnswer {
  const given = request.body === undefined ? {} : JSON.parse(request.body)
  const part = `${request.method} ${url.pathname}`
  if (url.hostname.startsWith('alerts')) return alertmanager(state, part, given)
  if (url.hostname.startsWith('graphs')) return grafana(state, part, given, url)
  if (url.hostname.startsWith('changes')) return serviceNow(state, part, given, url)
  if (url.hostname.startsWith('issues')) return jira(state, part, given)
  return netbox(state, part, given, url)
}

// biome-ignore lint/suspicious/noExplicitAny: what a test service is sent
type Given = any

function alertmanager({ silences }: ServiceState, part: string, given: Given): HttpAnswer {
  const shown = (one: ServiceState['silences'][number]) => ({ ...one, status: { state: one.state } })
  if (part === 'GET /api/v2/silences') return json(silences.map(shown))
  if (part === 'POST /api/v2/silences') {
    const id = `00000000-0000-0000-0000-00000000000${silences.length + 1}`
    silences.push({ id, comment: given.comment, state: 'active', matchers: given.matchers, endsAt: given.endsAt })
    return json({ silenceID: id })
  }
  const found = silences.find(({ id }) => part.endsWith(`/api/v2/silence/${id}`))
  if (found === undefined) return nothing(404)
  if (part.startsWith('GET')) return json(shown(found))
  found.state = 'expired'
  return nothing(200)
}

function grafana({ annotations }: ServiceState, part: string, given: Given, url: URL): HttpAnswer {
  if (part === 'GET /api/annotations')
    return json(annotations.filter(({ tags }) => tags.includes(url.searchParams.get('tags') ?? '')) as unknown as Json)
  if (part === 'POST /api/annotations') {
    annotations.push({ id: annotations.length + 1, ...given })
    return json({ message: 'Annotation added', id: annotations.length })
  }
  const found = annotations.find(({ id }) => part === `PATCH /api/annotations/${id}`)
  if (found === undefined) return json({ message: 'not found' }, 404)
  Object.assign(found, given)
  return json({ message: 'Annotation patched' })
}

const SYS_ID = 'c83c5e5347c12200e0ef563dbb9a7190'

function serviceNow({ change }: ServiceState, part: string, given: Given, url: URL): HttpAnswer {
  const record = { sys_id: SYS_ID, number: 'CHG0030001', state: change.state, approval: change.approval }
  if (part === 'GET /api/now/table/change_request')
    return json({ result: url.searchParams.get('sysparm_query') === 'number=CHG0030001' ? [record] : [] })
  if (
    part !== `GET /api/now/table/change_request/${SYS_ID}` &&
    part !== `PATCH /api/now/table/change_request/${SYS_ID}`
  )
    return json({ error: { message: 'No Record found' } }, 404)
  if (part.startsWith('GET')) return json({ result: { work_notes: change.work_notes } })
  const { work_notes: note, ...fields } = given
  Object.assign(change, fields)
  if (note !== undefined) change.work_notes = `${note}\n${change.work_notes}`
  return json({ result: { ...record, state: change.state, close_code: change.close_code } })
}

function jira({ issue }: ServiceState, part: string, given: Given): HttpAnswer {
  const path = '/rest/api/3/issue/NET-140'
  switch (part) {
    case `GET ${path}`:
      return json({ id: '10002', key: 'NET-140', fields: { status: { name: issue.status } } })
    case `GET ${path}/comment`:
      return json({ startAt: 0, total: issue.comments.length, comments: issue.comments.map((body) => ({ body })) })
    case `POST ${path}/comment`:
      issue.comments.push(JSON.stringify(given.body))
      return json({ id: '1' }, 201)
    case `GET ${path}/transitions`:
      return json({ transitions: [{ id: '31', name: 'Finish', to: { name: 'Done' } }] })
    case `POST ${path}/transitions`:
      issue.status = given.transition.id === '31' ? 'Done' : issue.status
      return nothing(204)
    default:
      return json({ errorMessages: ['Issue does not exist'] }, 404)
  }
}

const DEVICES: Readonly<Record<string, number>> = { leaf1: 11, leaf2: 12 }

function netbox({ journal }: ServiceState, part: string, given: Given, url: URL): HttpAnswer {
  const list = (results: readonly Json[]) => json({ count: results.length, next: null, previous: null, results })
  if (part === 'GET /api/dcim/devices/')
    return list(
      url.searchParams.getAll('name').flatMap((name) => (name in DEVICES ? [{ id: DEVICES[name] ?? 0, name }] : [])),
    )
  if (part === 'GET /api/extras/journal-entries/')
    return list(
      journal.filter(({ comments }) => comments.includes(url.searchParams.get('q') ?? '')) as unknown as Json[],
    )
  journal.push(...given)
  return json(given, 201)
}
