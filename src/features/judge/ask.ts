import type { PreparedChange } from '../../change/plan/prepare.ts'
import { membersOf } from '../../change/workflow/definition/workflow-key.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError, type Problem, problemOf } from '../../model/error.ts'
import type { HttpPort, HttpRequest } from '../../model/http-port.ts'
import { definedMembers } from '../../model/json.ts'
import { type JudgeSpec, judgeName } from '../../model/judge.ts'
import { settingOf } from '../../project/files/settings/settings.ts'
import type { FeatureServices } from '../../project/system/feature/feature.ts'
import { placeOfJudge } from './calls.ts'
import { readQueryAnswer, sentQuery } from './read-query-answer.ts'
import { type JudgeAnswer, readRulesAnswer } from './reading.ts'
import { type AskedJudges, requireJudge } from './rounds.ts'
import type { JudgeCall } from './schema.ts'
import { type JudgeSettings, judgeSettings } from './settings.ts'

// How long an answer of a judge may take, in milliseconds.
const LONGEST = 10_000

export function askedJudges(
  specs: readonly JudgeSpec[],
  { settings, http, clock, unasked }: FeatureServices,
): AskedJudges | undefined {
  if (specs.length === 0) return undefined
  const judges = settingOf(settings, judgeSettings)
  return { specs, ...definedMembers({ unasked }), ask: (spec) => askJudge(spec, judges, http, clock) }
}

// Throws EosflowError where no whole answer was heard.
async function askJudge(
  spec: JudgeSpec,
  judges: JudgeSettings,
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

/** Asks each judge of a workflow once: a query that its service refuses is a fault of the workflow. Throws EosflowError where one cannot be asked or relied on. */
export async function judgeFaults(
  { parts, workflow }: Pick<PreparedChange, 'parts' | 'workflow'>,
  services: FeatureServices,
): Promise<readonly Problem[]> {
  const judges = askedJudges((membersOf(parts).judges ?? []) as readonly JudgeSpec[], services)
  if (judges === undefined || judges.unasked !== undefined) return []
  const calls = workflow.called.find(({ key }) => key.name === 'judges')?.calls as readonly JudgeCall[] | undefined
  const faults = await Promise.all(
    judges.specs.map(async (spec, index): Promise<readonly Problem[]> => {
      const answer = await heard(() => judges.ask(spec), spec)
      if (answer === undefined) return []
      if (!answer.ok && answer.isRefused === true) {
        const call = calls?.[index]
        const at = call === undefined ? problemOf(workflow.file, '', '').at : placeOfJudge(call)
        const message = `${judgeName(spec)} refuses the query: ${inTheQuery(answer.reason, 'query' in spec ? spec.query : '')}`
        const hint = spec.judge === 'prometheus' ? `it was asked: ${spec.query}` : 'see its address in eosflow.yaml'
        return [{ code: 'query-refused', message, at, hint }]
      }
      await heard(() => requireJudge({ ask: async () => answer }, spec), spec)
      return []
    }),
  )
  return faults.flat()
}

async function heard<T>(ask: () => Promise<T>, { mode }: JudgeSpec) {
  try {
    return await ask()
  } catch (error) {
    if (mode === 'observe' && error instanceof EosflowError && error.kind !== 'bug') return undefined
    throw error
  }
}

function inTheQuery(reason: string, query: string) {
  const said = reason.replace(/^it answers \d+ \(\w+\): /, '').replace(/^invalid parameter "query": /, '')
  return said.replace(/^(\d+):(\d+): /, (_, line: string, column: string) => {
    if (Number(line) > query.split('\n').length) return 'at its end: '
    return line === '1' ? `at character ${Math.max(1, Number(column) - 1)}: ` : `in line ${line}, character ${column}: `
  })
}
