import type { HttpPort } from '../../src/model/http-port.ts'
import type { SeenRequest } from '../transport/http-service.ts'
import { alertmanager, type Silence } from './services/alertmanager.ts'
import { type Annotation, grafana } from './services/grafana.ts'
import { type Issue, jira } from './services/jira.ts'
import { type Instead, type LoopbackService, startLoopback } from './services/loopback-service.ts'
import { type JournalEntry, netboxJournal } from './services/netbox-journal.ts'
import { type ChangeRequest, serviceNow } from './services/service-now.ts'

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
export function settingsOf(
  { by }: Pick<FakeServices, 'by'>,
  reference = (secret: string): string => `\${env:${secret}}`,
): string {
  const url = (name: (typeof SERVICES)[number]): string => by[name].service.origin
  const host = (name: (typeof SERVICES)[number], secret: string): string =>
    `    - { origin: '${url(name)}', secrets: ['${reference(secret)}'] }\n`
  const header = (scheme: string, secret: string): string =>
    `headers: { Authorization: '${scheme} ${reference(secret)}' }`
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
