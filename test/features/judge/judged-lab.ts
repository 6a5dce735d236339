import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { HttpAnswer, HttpPort, HttpRequest } from '../../../src/model/http-port.ts'
import type { Json } from '../../../src/model/json.ts'
import { type Lab, openLab } from '../../lab/lab.ts'

/** One series of a fake answer: its labels and its value as Prometheus writes it. */
export type FakeSeries = readonly [labels: Readonly<Record<string, string>>, value: string]

/** A whole answer to a query that `by` groups, of a moment in milliseconds since the epoch; its samples are `age` seconds old. */
export function vectorAnswer(at: number, by: string, series: readonly FakeSeries[], age = 1): Json {
  const owners = [...new Set(series.map(([labels]) => labels[by] ?? ''))]
  const member = (metric: Readonly<Record<string, string>>, value: string) => ({
    metric,
    value: [at / 1000, value],
  })
  return {
    status: 'success',
    data: {
      resultType: 'vector',
      result: [
        ...series.map(([labels, value]) => member(labels, value)),
        ...owners.map((owner) => member({ [by]: owner, eosflow: 'sample 1' }, String(at / 1000 - age))),
        member({ eosflow: 'now' }, String(at / 1000)),
      ],
    },
  }
}

/** A document as it comes over HTTP. */
export function jsonSaid(
  document: Json,
  { status = 200, headers = {} }: Partial<Omit<HttpAnswer, 'body'>> = {},
): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(JSON.stringify(document)),
  }
}

/** The query of a request. */
export function queryOf({ body = '' }: HttpRequest) {
  return new URLSearchParams(body).get('query') ?? ''
}

/** Services over HTTP that are one function; what they were asked is in `seen`. */
export function fakeHttp(answer: (request: HttpRequest, nth: number) => HttpAnswer | Promise<HttpAnswer>): {
  readonly http: HttpPort
  readonly seen: HttpRequest[]
} {
  const seen: HttpRequest[] = []
  return {
    seen,
    http: {
      scrub: (text) => text,
      send: async (request) => {
        seen.push(request)
        return answer(request, seen.length)
      },
    },
  }
}

const SETTINGS = `version: 1
http:
  key: '\${env:HTTP_KEY}'
  hosts: [{ origin: 'https://prometheus.example.com', secrets: ['\${env:PROM_TOKEN}'] }]
judges:
  core:
    url: https://prometheus.example.com
    headers: { authorization: 'Bearer \${env:PROM_TOKEN}', X-Scope-OrgID: net }
    scrape: 5s
`

const QUERY = `sum by (instance) (rate(ifOutDiscards{instance=~"{{ device.name }}"}[20s]))`

const workflow = (judge: string, targets: string, stableFor: string, more: string) => `name: judged
targets: ${targets}
change: { lines: ['vlan 998', '   name TESTED'] }
${more}steps:
  - snapshot: { state: [vlan], neighbors: 0 }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify:
      within: 2m
      stableFor: ${stableFor}
      every: 5s
      judges:
        - ${judge}
  - confirm
`

/** A judge of what a switch drops. */
export const DISCARDS = `{ prometheus: core, query: '${QUERY}', good: 'value <= before * 1.2 + 5', empty: fail, by: instance }`

/** What the monitoring system of a lab says to the nth question. */
export type Said = (lab: Lab, nth: number) => HttpAnswer

/** A lab whose monitoring system says what a function does, and whose processes can be killed. */
export function judgedLab(
  said: Said,
  { judge = DISCARDS, targets = 'leaf1', stableFor = '10s', more = '' } = {},
): { readonly lab: Lab; readonly seen: readonly HttpRequest[] } {
  const fake = fakeHttp((_request, nth) => said(lab, nth))
  const lab: Lab = openLab({
    workflow: workflow(judge, targets, stableFor, more),
    files: { 'eosflow.yaml': SETTINGS },
    env: { HTTP_KEY: 'k'.repeat(64), PROM_TOKEN: 'wren-2210-secret' },
    seams: (seams) => ({ ...seams, http: () => fake.http }),
  })
  return { lab, seen: fake.seen }
}

/** A whole and fresh answer with these values of switches, the last from then on. */
export const values =
  (...each: readonly Readonly<Record<string, number>>[]): Said =>
  (lab, nth) => {
    const now = each[Math.min(nth, each.length) - 1] ?? {}
    const series = Object.entries(now).map(([instance, value]) => [{ instance }, String(value)] as const)
    return jsonSaid(vectorAnswer(lab.clock.now(), 'instance', series))
  }

/** What is on record of the newest execution. */
export async function records(lab: Lab): Promise<readonly JournalEvent[]> {
  return await lab.record()
}
