import type { HttpAnswer, HttpPort, HttpRequest } from '../../src/model/http-port.ts'
import type { Json } from '../../src/model/json.ts'

/** One series of a fake answer: its labels and its value as Prometheus writes it. */
export type FakeSeries = readonly [labels: Readonly<Record<string, string>>, value: string]

/** A whole answer to a query that `by` groups, of a moment in milliseconds since the epoch; its samples are `age` seconds old. */
export function vectorAnswer(at: number, by: string, series: readonly FakeSeries[], age = 1): Json {
  const owners = [...new Set(series.map(([labels]) => labels[by] ?? ''))]
  const member = (metric: Readonly<Record<string, string>>, value: string): Json => ({
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
export function queryOf({ body = '' }: HttpRequest): string {
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
