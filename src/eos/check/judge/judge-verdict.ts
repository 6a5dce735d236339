import { passUnless, type Verdict } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { type AlertJudge, type JudgeSpec, type QueryJudge, withoutPort } from '../../../model/judge.ts'
import { compile, evaluate } from '../../../text/query/compile.ts'
import { formatDuration } from '../../../text/source/duration.ts'
import { type AlertReading, type JudgeReading, keyOfLabels, type Labels, type QueryReading } from './judge-reading.ts'

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
