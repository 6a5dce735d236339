import type { KnownJudges } from '../../change/workflow/schema/judge-schema.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import type { HttpAnswer, HttpPort, HttpRequest } from '../../model/http-port.ts'
import type { Json } from '../../model/json.ts'
import type { JudgeAnswerOfTest } from './judge-answer.ts'

export type JudgesOfTest = Readonly<Record<string, readonly JudgeAnswerOfTest[]>>

export function judgedServices(
  { known, answers }: { readonly known: KnownJudges; readonly answers: JudgesOfTest },
  clock: Clock,
  hasBegun: (state: string) => boolean,
  others: HttpPort,
): HttpPort {
  return {
    scrub: (text) => others.scrub(text),
    send: async (request, signal) => {
      const name = Object.keys(known).find((one) =>
        request.url.startsWith(`${known[one]?.url.replace(/\/+$/, '')}/api/v1/`),
      )
      if (name === undefined) return others.send(request, signal)
      const query = new URLSearchParams(request.body ?? '').get('query')
      const answer = (answers[name] ?? []).findLast(
        (one) =>
          (one.when === undefined || hasBegun(one.when)) &&
          (query === null ? one.firing !== undefined || one.fails !== undefined : isFor(one, query)),
      )
      if (answer === undefined) throw notSaid(request, name, query)
      if (answer.fails !== undefined) throw new EosflowError(answer.fails, `${request.name}: ${SAYS[answer.fails]}`)
      const now = clock.now()
      return said(query === null ? rulesOf(answer, now) : vectorOf(answer, query, now), now)
    },
  }
}

const SAYS = {
  unreachable: 'nobody answers at this address',
  'lost-answer': 'the connection ended before the answer',
} as const

function isFor({ query: part, values, series, fails }: JudgeAnswerOfTest, query: string) {
  if (values === undefined && series === undefined && fails === undefined) return false
  return part === undefined || query.includes(part)
}

function notSaid({ name }: HttpRequest, service: string, query: string | null) {
  const what = query === null ? 'its alerts' : 'this query'
  return new EosflowError('guard', `${name}: the test has no answer of ${service} to ${what}`, {
    hint: `Add one under judges: ${service}: of the case; a test asks no real service.`,
  })
}

function vectorOf({ values = {}, series, age = 0 }: JudgeAnswerOfTest, query: string, now: number): Json {
  const by = /label_replace\(min by \((\w+)\) \(timestamp\(/.exec(query)?.[1]
  const at = now / 1000
  const given =
    series ?? Object.entries(values).map(([name, value]) => ({ labels: by === undefined ? {} : { [by]: name }, value }))
  const owners = new Set(given.map(({ labels }) => (by === undefined ? undefined : labels[by])))
  const samples = [...owners].map((owner) => ({
    eosflow: 'sample 1',
    ...(by === undefined || owner === undefined ? {} : { [by]: owner }),
  }))
  const member = (metric: Json, value: number | string): Json => ({ metric, value: [at, String(value)] })
  const result = [
    ...given.map(({ labels, value }) => member(labels, value)),
    ...samples.map((labels) => member(labels, at - age)),
    member({ eosflow: 'now' }, at),
  ]
  return { status: 'success', data: { resultType: 'vector', result } }
}

function rulesOf({ firing = [], age = 0 }: JudgeAnswerOfTest, now: number): Json {
  const alerts = firing.map((labels) => ({ labels, state: 'firing' }))
  const lastEvaluation = new Date(now - age * 1000).toISOString()
  const rule = { type: 'alerting', name: 'of the test', labels: {}, health: 'ok', lastEvaluation, alerts }
  return { status: 'success', data: { groups: [{ name: 'of the test', interval: 15, rules: [rule] }] } }
}

function said(document: Json, now: number): HttpAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', date: new Date(now).toUTCString() },
    body: new TextEncoder().encode(JSON.stringify(document)),
  }
}
