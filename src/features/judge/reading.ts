import { passUnless, type Verdict } from '../../model/error.ts'
import type { HttpAnswer } from '../../model/http-port.ts'
import { definedMembers, givenJson, isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type AlertJudge, type JudgeSpec, type QueryJudge, withoutPort } from '../../model/judge.ts'
import { compile, evaluate } from '../../text/query/compile.ts'
import { formatDuration } from '../../text/source/duration.ts'

export type Labels = Readonly<Record<string, string>>

export interface QueryReading {
  readonly judge: 'prometheus'
  /** How many seconds before it was asked for its answer is of: a clock that is late, or an answer that somebody has kept. 0 where it is not. */
  readonly lag: number
  readonly series: readonly { readonly labels: Labels; readonly value: number }[]
  /** How many seconds ago the newest samples were taken, of each selector by the switch's label where it has one. */
  readonly samples: readonly { readonly labels: Labels; readonly age: number }[]
}

interface AlertReading {
  readonly judge: 'alerts'
  readonly lag: number
  readonly firing: readonly Labels[]
  // How many seconds ago the rules were evaluated that could fire so; the oldest of them.
  readonly evaluated: number
}

export type JudgeReading = QueryReading | AlertReading

export type JudgeAnswer =
  | { readonly ok: true; readonly reading: JudgeReading }
  | { readonly ok: false; readonly reason: string; readonly isRefused?: true }

/** When a judge was asked and heard, in milliseconds since the epoch by our own clock. */
export interface AskedAt {
  readonly asked: number
  readonly heard: number
}

/** How far the clock of a judge may be from ours, in milliseconds: beyond that nobody can say what was after the commit. */
export const CLOCKS_APART = 5_000

export function dataOf({ status, headers, body }: HttpAnswer): { readonly data: JsonObject } | Refusal {
  if (status >= 300 && status < 400) return refusal(`it answers ${status}: a redirect is not followed`)
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const said = type === 'application/json' ? parsed(body) : undefined
  if (status !== 200) return notGood(status, said)
  if (type !== 'application/json')
    return refusal(`its answer is ${type === '' ? 'of no type' : type}, not application/json`)
  return isJsonObject(said) ? wholeData(said) : refusal('its answer is not a JSON object')
}

function wholeData(said: JsonObject): { readonly data: JsonObject } | Refusal {
  if (said.status !== 'success' || said.error !== undefined || said.errorType !== undefined)
    return refusal(`it does not answer with success${errorOf(said)}`)
  const warnings = listOf(said.warnings).filter((one) => !isRemark(one))
  if (said.warnings !== undefined && !Array.isArray(said.warnings)) return refusal('its warnings are no list')
  if (warnings.length > 0) return refusal(`it warns beside its data: ${warnings.map(short).join('; ')}`)
  if (said.isPartial !== undefined && said.isPartial !== false) return refusal('it says that its answer is partial')
  return isJsonObject(said.data) ? { data: said.data } : refusal('its answer has no data')
}

export interface Refusal {
  readonly reason: string
  readonly isRefused?: true
}

export const refusal = (reason: string): Refusal => ({ reason })

/** Why the clock of a judge cannot be relied on; undefined where it can. `said` is its time in milliseconds since the epoch. */
export function clockFault(said: number, { asked, heard }: AskedAt): string | undefined {
  if (said >= asked - CLOCKS_APART && said <= heard + CLOCKS_APART) return undefined
  const apart = Math.round(Math.abs(said - (said < asked ? asked : heard)) / 1000)
  const limit = CLOCKS_APART / 1000
  return `its clock says ${timeOf(said)} and ours ${timeOf(heard)}: ${apart} s apart, and at more than ${limit} s nobody can say what was after the commit`
}

/** How many seconds before it was asked for an answer is of, by what it says; `said` is in milliseconds since the epoch. */
export function lagOf(said: number, { asked }: AskedAt): number {
  return Math.max(0, asked - said) / 1000
}

function timeOf(milliseconds: number) {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : 'a time that there is not'
}

export function labelsOf(value: Json | undefined): Labels | undefined {
  if (!isJsonObject(value)) return undefined
  return Object.values(value).every((one) => typeof one === 'string') ? (value as Labels) : undefined
}

export function keyOfLabels(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

function isRemark(warning: Json) {
  return typeof warning === 'string' && warning.startsWith('PromQL info:')
}

function notGood(status: number, said: Json | undefined): Refusal {
  if (status === 401 || status === 403) return refusal(`it refuses the credentials (${status})`)
  const error = isJsonObject(said) ? errorOf(said) : ''
  const isRefused = (status === 400 || status === 422) && error !== ''
  return { reason: `it answers ${status}${error}`, ...(isRefused ? { isRefused: true } : {}) }
}

function errorOf({ errorType, error }: JsonObject) {
  return typeof error === 'string' ? ` (${short(errorType ?? 'error')}): ${short(error)}` : ''
}

const LONGEST = 300

function short(value: Json) {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function parsed(body: Uint8Array) {
  try {
    return givenJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

const MISSED_TURNS = 3
// The header `date` has whole seconds.
const OF_DATE = 1

const STATES: readonly Json[] = ['firing', 'pending', 'inactive']

/** Reads the alerting rules of a server (`/api/v1/rules`), with the alerts of each. */
export function readRulesAnswer(judge: AlertJudge, answer: HttpAnswer, when: AskedAt): JudgeAnswer {
  const read = readingOf(judge, answer, when)
  return 'reason' in read ? { ok: false, ...read } : { ok: true, reading: read }
}

function readingOf({ labels: wanted }: AlertJudge, answer: HttpAnswer, when: AskedAt): AlertReading | Refusal {
  const found = dataOf(answer)
  if ('reason' in found) return found
  const { data } = found
  if (!Array.isArray(data.groups)) return refusal('its answer has no groups of rules')
  if (data.groupNextToken !== undefined) return refusal('its answer is not whole: it has another page')
  const now = Date.parse(answer.headers.date ?? '')
  if (Number.isNaN(now)) return refusal('its answer does not say when it was given (`date`)')
  const fault = clockFault(now, when)
  if (fault !== undefined) return refusal(fault)
  const rules = listOf(data.groups).map((group) => rulesOf(group))
  if (!rules.every((one) => one !== undefined)) return refusal('its answer holds something that is no group of rules')
  const able = rules.flat().filter((rule) => couldFire(rule, wanted))
  if (able.length === 0) return refusal('no alerting rule of it could fire with these labels')
  const ill = able.find(({ health }) => health !== 'ok')
  if (ill !== undefined)
    return refusal(
      `its rule \`${ill.name}\` is ${ill.health === 'unknown' ? 'not evaluated yet' : 'not evaluated well'}`,
    )
  const bare = able.find(({ state, alerts }) => state === 'firing' && alerts.length === 0)
  if (bare !== undefined) return refusal(`its rule \`${bare.name}\` fires, and its alerts are not in the answer`)
  const ahead = able.find(({ evaluated }) => evaluated > now + CLOCKS_APART)
  if (ahead !== undefined)
    return refusal(`its rule \`${ahead.name}\` was evaluated in the future: the clocks of the service differ`)
  const ages = able.map(({ evaluated }) => (now - evaluated) / 1000 + OF_DATE)
  const late = able.find(({ interval }, index) => (ages[index] ?? 0) > MISSED_TURNS * interval + OF_DATE)
  if (late !== undefined) return refusal(`its rule \`${late.name}\` is not evaluated any more`)
  const firing = able.flatMap(({ alerts }) => alerts).filter((labels) => hasLabels(labels, wanted))
  return { judge: 'alerts', lag: lagOf(now + OF_DATE * 1000, when), firing, evaluated: Math.max(...ages) }
}

// Times are in milliseconds since the epoch, the interval is in seconds.
interface Rule {
  readonly name: string
  readonly labels: Labels
  readonly health: string
  readonly state: Json | undefined
  readonly evaluated: number
  readonly interval: number
  readonly alerts: readonly Labels[]
}

function rulesOf(group: Json): readonly Rule[] | undefined {
  if (!isJsonObject(group) || !Array.isArray(group.rules)) return undefined
  const { interval } = group
  if (typeof interval !== 'number' || !(interval > 0)) return undefined
  const rules = listOf(group.rules)
    .filter((rule) => !isJsonObject(rule) || rule.type !== 'recording')
    .map((rule) => (isJsonObject(rule) ? ruleOf(rule, interval) : undefined))
  return rules.every((one) => one !== undefined) ? rules : undefined
}

function ruleOf(rule: JsonObject, interval: number): Rule | undefined {
  const { type, name, health, state, lastEvaluation, alerts } = rule
  const labels = labelsOf(rule.labels ?? {})
  if (type !== 'alerting' || typeof name !== 'string' || typeof health !== 'string' || labels === undefined)
    return undefined
  const evaluated = typeof lastEvaluation === 'string' ? Date.parse(lastEvaluation) : Number.NaN
  if (Number.isNaN(evaluated) || !Array.isArray(alerts)) return undefined
  const read = listOf(alerts).map((alert) => {
    const own = isJsonObject(alert) ? labelsOf(alert.labels) : undefined
    const its = isJsonObject(alert) ? alert.state : undefined
    return own === undefined || its === undefined || !STATES.includes(its) ? undefined : { own, its }
  })
  if (!read.every((one) => one !== undefined)) return undefined
  const firing = read.filter(({ its }) => its === 'firing').map(({ own }) => own)
  return { name, labels, health, state, evaluated, interval, alerts: firing }
}

// Whether the labels of a rule do not say otherwise.
function couldFire({ name, labels }: Rule, wanted: Labels) {
  return Object.entries(wanted).every(([label, value]) => {
    const own = label === 'alertname' ? name : Object.hasOwn(labels, label) ? labels[label] : undefined
    return own === undefined || own === value || own.includes('{{')
  })
}

function hasLabels(labels: Labels, wanted: Labels) {
  return Object.entries(wanted).every(([label, value]) => Object.hasOwn(labels, label) && labels[label] === value)
}

export type JudgeBefore = Readonly<Record<string, number>>

export interface JudgedMoment {
  readonly device: string
  /** Seconds from when the verification of the switch began, which is after its commit, to when the judge was asked. */
  readonly since: number
  readonly before: JudgeBefore | undefined
}

/** What an outside judge says of one switch: a pass only where every series of it is there, fresh, of after the commit, and good. */
export async function judgeVerdict(judge: JudgeSpec, reading: JudgeReading, asked: JudgedMoment): Promise<Verdict> {
  const moment = { ...asked, since: asked.since - reading.lag }
  if (moment.since < 0) return { status: 'error', reason: 'its answer is of before the commit' }
  if (judge.judge === 'prometheus' && reading.judge === 'prometheus') return ofSeries(judge, reading, moment)
  if (judge.judge === 'alerts' && reading.judge === 'alerts') return ofAlerts(judge, reading, moment)
  return { status: 'error', reason: 'it has answered something else than it was asked' }
}

/** What is kept of a reading as *before*: what is no number cannot be compared with. */
export function beforeOf(reading: JudgeReading): JudgeBefore {
  if (reading.judge === 'alerts') return Object.fromEntries(reading.firing.map((labels) => [keyOfLabels(labels), 1]))
  const numbers = reading.series.filter(({ value }) => Number.isFinite(value))
  return Object.fromEntries(numbers.map(({ labels, value }) => [keyOfLabels(labels), value]))
}

export function straysIn(judge: JudgeSpec, reading: JudgeReading): readonly string[] {
  const { by, switches = {} } = judge
  if (by === undefined || reading.judge !== 'prometheus') return []
  const known = Object.keys(switches)
  return reading.series
    .filter(({ labels }) => !known.some((device) => isOf(judge, labels, device)))
    .map(({ labels }) => (Object.hasOwn(labels, by) ? `${by}="${labels[by]}"` : `one without \`${by}\``))
}

/** Why values of before the change could not be compared with; undefined where they can. */
export function staleBefore(judge: JudgeSpec, reading: JudgeReading): string | undefined {
  if (judge.judge !== 'prometheus' || reading.judge !== 'prometheus') return undefined
  const old = reading.samples.some(({ age }) => age > judge.maxAge)
  if (old) return tooOld(judge)
  const devices = judge.by === undefined ? [''] : Object.keys(judge.switches ?? {})
  return devices.every((device) => isSampled(judge, reading, device)) ? undefined : UNSAMPLED
}

const UNSAMPLED = 'it has values without a sample: what they were made of has stopped'

function isSampled(judge: QueryJudge, { samples, series }: QueryReading, device: string) {
  const isIts = ({ labels }: { readonly labels: Labels }) => isOf(judge, labels, device)
  return samples.some(isIts) || !series.some(isIts)
}

async function ofSeries(judge: QueryJudge, reading: QueryReading, moment: JudgedMoment): Promise<Verdict> {
  const cannot = cannotJudge(judge, reading, moment)
  if (cannot !== undefined) return { status: 'error', reason: cannot }
  const own = reading.series.filter(({ labels }) => isOf(judge, labels, moment.device))
  const gone = goneSince(
    judge,
    own.map(({ labels }) => keyOfLabels(labels)),
    moment,
  )
  const missing =
    own.length === 0 ? ['there is no series of the switch'] : gone.map((one) => `${one} was there before and is gone`)
  const found = await Promise.all(own.map((one) => ofOne(judge, one, moment.before)))
  const empty = missing.length === 0 ? undefined : judge.empty
  const reasons = [...(empty === 'fail' ? missing : []), ...found.flatMap((one) => ('bad' in one ? [one.bad] : []))]
  if (reasons.length > 0) return passUnless(first(reasons))
  const unknown = [
    ...(empty === 'cannot-judge' ? missing : []),
    ...found.flatMap((one) => ('why' in one ? [one.why] : [])),
  ]
  if (unknown.length > 0) return { status: 'error', reason: first(unknown).join('; ') }
  // Without their values: what is said in each round anew is put on record in each.
  const good = own.length === 0 ? [] : [`${judge.good}: true of ${own.length} series`]
  return passUnless([], first([...missing, ...good]))
}

function cannotJudge(judge: QueryJudge, reading: QueryReading, { device, since }: JudgedMoment) {
  const strays = straysIn(judge, reading)
  if (strays.length > 0) return `series belong to no switch of this change: ${first(strays).join(', ')}`
  if (judge.window > since) {
    return `the ${formatDuration(judge.window)} that the query looks back still reach to before the commit`
  }
  const ages = reading.samples.filter(({ labels }) => isOf(judge, labels, device)).map(({ age }) => age)
  const general = reading.samples
    .filter(({ labels }) => judge.by !== undefined && !Object.hasOwn(labels, judge.by))
    .map(({ age }) => age)
  const oldest = Math.max(...ages, ...general)
  if (oldest > judge.maxAge) return tooOld(judge)
  if (oldest >= since) return 'its newest sample is of before the commit'
  return isSampled(judge, reading, device) ? undefined : UNSAMPLED
}

function tooOld({ maxAge }: QueryJudge) {
  return `its newest sample is older than \`maxAge\` allows (${formatDuration(maxAge)})`
}

function goneSince(judge: QueryJudge, now: readonly string[], { device, before = {} }: JudgedMoment) {
  const there = new Set(now)
  return Object.keys(before)
    .filter((key) => !there.has(key))
    .map((key) => Object.fromEntries(JSON.parse(key) as [string, string][]))
    .filter((labels) => isOf(judge, labels, device))
    .map((labels) => seriesText(labels, judge.by))
}

type OneVerdict = { readonly good: true } | { readonly bad: string } | { readonly why: string }

async function ofOne(
  { good, by }: QueryJudge,
  { labels, value }: QueryReading['series'][number],
  before: JudgeBefore | undefined,
): Promise<OneVerdict> {
  const name = seriesText(labels, by)
  if (!Number.isFinite(value))
    return { why: `${name} is ${String(value).replace('Infinity', 'Inf')}, which is no number that can be judged` }
  const earlier = before?.[keyOfLabels(labels)]
  const compiled = await compile(good)
  if (!compiled.ok) return { why: `\`${good}\`: ${compiled.message}` }
  const root = { value, labels: { ...labels }, ...definedMembers({ before: earlier }) }
  const outcome = await evaluate(compiled.compiled, { root, moment: NO_TIME })
  const actual = `${numberText(value)}, before ${earlier === undefined ? 'unknown' : numberText(earlier)}`
  if (!outcome.ok) return { why: `\`${good}\` cannot be judged of ${name}${outcome.reason}` }
  if (outcome.value === true) return { good: true }
  if (outcome.value === false) return { bad: `${name} - expected: ${good}, actual: ${actual}` }
  return { why: `\`${good}\` of ${name} is neither true nor false: ${actual}` }
}

const NO_TIME = { now: 0, random: { fraction: () => 0, hex: (count: number) => '00'.repeat(count) } }

function ofAlerts(
  judge: AlertJudge,
  { firing, evaluated }: AlertReading,
  { device, since, before }: JudgedMoment,
): Verdict {
  if (before === undefined) return { status: 'error', reason: 'what fired before the change is not known' }
  if (evaluated >= since)
    return {
      status: 'error',
      reason: 'its rules were not evaluated since the commit',
    }
  const fresh = firing
    .filter((labels) => !Object.hasOwn(before, keyOfLabels(labels)))
    .filter((labels) => judge.by === undefined || isOf(judge, labels, device))
  const reasons = fresh.map((labels) => `${alertText(labels)} - expected: no new alert, actual: it fires`)
  const known = firing.length - fresh.length
  return passUnless(first(reasons), known === 0 ? [] : [`of the alerts that fire (${known}) none is new`])
}

function isOf({ by, switches = {} }: JudgeSpec, labels: Labels, device: string) {
  if (by === undefined) return true
  const value = Object.hasOwn(labels, by) ? (labels[by] ?? '') : ''
  const names = Object.hasOwn(switches, device) ? (switches[device] ?? []) : []
  return names.includes(value) || names.includes(withoutPort(value))
}

function seriesText(labels: Labels, by: string | undefined) {
  const shown = Object.entries(labels).filter(([name]) => name !== by && name !== '__name__')
  if (shown.length === 0) return 'its value'
  return `{${shown.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`
}

function alertText({ alertname = 'an alert', ...labels }: Labels) {
  const rest = seriesText(labels, undefined)
  return rest === 'its value' ? alertname : `${alertname} ${rest}`
}

function numberText(value: number) {
  return String(Number(value.toPrecision(6)))
}

const MOST = 5

function first(lines: readonly string[]) {
  const more = lines.length - MOST
  return more > 0 ? [...lines.slice(0, MOST), `and ${more} more`] : lines
}
