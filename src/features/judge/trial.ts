import { z } from 'zod'
import { EosflowError } from '../../model/error.ts'
import type { HttpAnswer, HttpRequest } from '../../model/http-port.ts'
import type { Json } from '../../model/json.ts'
import { settingOf } from '../../project/files/settings/settings.ts'
import { FAILED_ANSWERS, type TrialKey } from '../../project/system/feature/feature.ts'
import { duration, shown } from '../../text/source/duration.ts'
import { type JudgeSettings, judgeSettings } from './settings.ts'

const labels = z.record(z.string().min(1), z.string())
const value = z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf'])])

const answer = z
  .strictObject({
    query: shown(
      z.string().min(1).optional(),
      'A part of the query that it is for; every query without it.',
      'ifInErrors',
    ),
    values: shown(
      z.record(z.string().min(1), value).optional(),
      'A value for each switch, by what the label of `by` says of it.',
      { leaf1: 3 },
    ),
    series: shown(
      z.array(z.strictObject({ labels, value })).optional(),
      'Series with all of their labels, instead of `values`.',
      [{ labels: { instance: 'leaf1', ifName: 'Ethernet1' }, value: 3 }],
    ),
    firing: shown(z.array(labels).optional(), 'The labels of each alert that fires.', [
      { alertname: 'PeerDown', severity: 'critical' },
    ]),
    age: duration(1, 86_400, '2m').optional().describe('How old the newest sample is.'),
    fails: z.enum(['unreachable', 'lost-answer']).optional().describe('Nothing arrives, or no answer comes back.'),
  })
  .refine(({ values, series, firing, fails }) => [values, series, firing, fails].some((one) => one !== undefined), {
    error: 'an answer says something',
    params: { hint: 'add `values: { leaf1: 3 }`, `series: []`, `firing: []` or `fails: unreachable`' },
  })

type JudgeAnswer = z.output<typeof answer> & { readonly when?: string }

/** `judges` of a workflow test: what monitoring systems say. */
export const judgesTrial: TrialKey = {
  name: 'judges',
  before: 'cabling',
  summary: 'What monitoring systems say to `verify: judges:`, by their names in `eosflow.yaml`. No real one is asked.',
  example: { core: [{ values: { leaf1: 3 } }, { when: 'Verify', values: { leaf1: 90 } }] },
  answer,
  services: (settings) => Object.keys(judgesOf(settings)),
  unknown: (service) => ({ code: 'unknown-judge', message: `the settings have no judge \`${service}\`` }),
  answering: ({ settings, answers }, { clock, hasBegun }, others) => {
    const services = Object.entries(judgesOf(settings))
    return {
      scrub: (text) => others.scrub(text),
      send: async (request, signal) => {
        const [name] =
          services.find(([, { url }]) => request.url.startsWith(`${url.replace(/\/+$/, '')}/api/v1/`)) ?? []
        if (name === undefined) return others.send(request, signal)
        const query = new URLSearchParams(request.body ?? '').get('query')
        const given = ((answers[name] ?? []) as readonly JudgeAnswer[]).findLast(
          (one) =>
            (one.when === undefined || hasBegun(one.when)) &&
            (query === null ? one.firing !== undefined || one.fails !== undefined : isFor(one, query)),
        )
        if (given === undefined) throw notSaid(request, name, query)
        if (given.fails !== undefined)
          throw new EosflowError(given.fails, `${request.name}: ${FAILED_ANSWERS[given.fails]}`)
        const now = clock.now()
        return said(query === null ? rulesOf(given, now) : vectorOf(given, query, now), now)
      },
    }
  },
}

function judgesOf(settings: object): JudgeSettings {
  return settingOf(settings, judgeSettings)
}

function isFor({ query: part, values, series, fails }: JudgeAnswer, query: string) {
  if (values === undefined && series === undefined && fails === undefined) return false
  return part === undefined || query.includes(part)
}

function notSaid({ name }: HttpRequest, service: string, query: string | null) {
  const what = query === null ? 'its alerts' : 'this query'
  return new EosflowError('guard', `${name}: the test has no answer of ${service} to ${what}`, {
    hint: `Add one under judges: ${service}: of the case; a test asks no real service.`,
  })
}

function vectorOf({ values = {}, series, age = 0 }: JudgeAnswer, query: string, now: number): Json {
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

function rulesOf({ firing = [], age = 0 }: JudgeAnswer, now: number): Json {
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
