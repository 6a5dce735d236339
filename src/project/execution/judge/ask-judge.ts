import type { AskedJudges } from '../../../change/engine/ports.ts'
import type { JudgeAnswer } from '../../../eos/check/judge/judge-reading.ts'
import { readQueryAnswer } from '../../../eos/check/judge/read-query-answer.ts'
import { readRulesAnswer } from '../../../eos/check/judge/read-rules-answer.ts'
import { sentQuery } from '../../../eos/check/judge/sent-query.ts'
import type { Clock } from '../../../model/clock.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { HttpPort, HttpRequest } from '../../../model/http-port.ts'
import type { JudgeSpec } from '../../../model/judge.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Settings } from '../../files/settings/settings.ts'

// How long an answer of a judge may take, in milliseconds.
const LONGEST = 10_000

export function askedJudges(
  { project, clock, seams }: Pick<RecordApp, 'project' | 'clock' | 'seams'>,
  specs: readonly JudgeSpec[],
  http: HttpPort,
): { readonly judges?: AskedJudges } {
  if (specs.length === 0) return {}
  const { judges } = project.settings
  const { unaskedJudges } = seams ?? {}
  return {
    judges: {
      specs,
      ...definedMembers({ unasked: unaskedJudges }),
      ask: (spec) => askJudge(spec, judges, http, clock),
    },
  }
}

// Throws EosflowError where no whole answer was heard.
async function askJudge(
  spec: JudgeSpec,
  judges: Settings['judges'],
  http: HttpPort,
  clock: Pick<Clock, 'now'>,
): Promise<JudgeAnswer> {
  const asked = clock.now()
  const answer = await http.send(requestOf(spec, judges[spec.service]?.headers ?? {}), new AbortController().signal)
  const when = { asked, heard: clock.now() }
  const read = spec.judge === 'prometheus' ? readQueryAnswer(spec, answer, when) : readRulesAnswer(spec, answer, when)
  return read.ok ? read : { ...read, reason: http.scrub(read.reason) }
}

// A query is posted, because the names of many switches are longer than an address may be.
function requestOf(spec: JudgeSpec, headers: Readonly<Record<string, string>>): HttpRequest {
  const { url, judge } = spec
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const base = url.replace(/\/+$/, '')
  const path = judge === 'prometheus' ? '/api/v1/query' : '/api/v1/rules'
  const method = judge === 'prometheus' ? 'POST' : 'GET'
  const common = {
    name: `${method} ${base}${path}`,
    method,
    headers: { ...own, accept: 'application/json' },
    milliseconds: LONGEST,
    onlyReads: true,
  } as const
  if (spec.judge !== 'prometheus') return { ...common, url: `${base}${path}?type=alert` }
  return {
    ...common,
    url: `${base}${path}`,
    headers: { ...common.headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ query: sentQuery(spec) }).toString(),
  }
}
