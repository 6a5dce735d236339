import type { FilledSwitch, KeyReading } from '../../change/workflow/definition/workflow-key.ts'
import { DEFAULT_STABLE_FOR, DEFAULT_WITHIN } from '../../change/workflow/safety/duration.ts'
import { PLACEHOLDER, unionPattern, valuesOf } from '../../change/workflow/template/change.ts'
import { renderTemplate, templateProblems } from '../../change/workflow/template/render.ts'
import type { Place, Problem, ValueOrProblems } from '../../model/error.ts'
import { definedMembers, type JsonObject, ownMember } from '../../model/json.ts'
import { type JudgedService, type JudgeSpec, type JudgeSubject, withoutPort } from '../../model/judge.ts'
import { expressionFaults } from '../../text/query/expression-faults.ts'
import { namesOf, parse } from '../../text/query/names.ts'
import { type QuotedText, quotedTexts, readPromql } from '../../text/query/promql.ts'
import { formatDuration } from '../../text/source/duration.ts'
import { acceptUnless, keyPlaceOf, type LocatedValue, locatedAt, textPlaceOf } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { JudgeCall, KnownJudges, WrittenJudge } from './schema.ts'

/** Reads the judges of a step: the calls of those that the settings have, and what is wrong with any. */
export function readJudges(
  judges: readonly WrittenJudge[],
  { located, input, setting, names }: KeyReading,
): { readonly calls: readonly JudgeCall[]; readonly problems: readonly Problem[] } {
  const known = (setting ?? {}) as KnownJudges
  const calls = judgeCalls(judges, located, known)
  const times = timesOf(input)
  return {
    calls,
    problems: [
      ...unknownJudges(judges, located, known),
      ...calls.flatMap((call) => ownProblems(call, times)),
      ...judgeTemplateProblems(calls, names),
    ],
  }
}

function judgeTemplateProblems(calls: readonly JudgeCall[], known: readonly string[]): readonly Problem[] {
  return calls.flatMap(({ judge, written }) => [
    ...('query' in judge ? templateProblems(judge.query, textPlaceOf(written, ['query']), known) : []),
    ...(judge.is === undefined ? [] : templateProblems(judge.is, textPlaceOf(written, ['is']), known)),
  ])
}

export function filledJudge(
  { judge, service, written }: JudgeCall,
  params: JsonObject,
  switches: readonly FilledSwitch[],
): ValueOrProblems<JudgeSpec> {
  const place = (key: string) => textPlaceOf(written, [key])
  const about = namedBy(judge, params, switches, place('is'))
  const common = { ...service, ...about.named }
  if (!('query' in judge)) {
    const { labels } = judge
    return acceptUnless(about.problems, () => ({ judge: 'alerts', ...common, labels }))
  }
  const { good, empty } = judge
  const filled = filledQuery(judge.query, params, switches, place('query'))
  const { faults, window } = readPromql(filled.text)
  const found = filled.problems.length > 0 ? [] : queryFaults(faults)
  const problems = [
    ...about.problems,
    ...filled.problems,
    ...found.map((message) => ({ code: 'bad-query', message, at: place('query'), hint: `it is then: ${filled.text}` })),
  ]
  return acceptUnless(problems, () => ({
    judge: 'prometheus',
    ...common,
    query: filled.text,
    good,
    empty,
    maxAge: judge.maxAge ?? 2 * service.scrape,
    window,
  }))
}

function namedBy(
  { by, is, mode }: JudgeCall['judge'],
  params: JsonObject,
  switches: readonly FilledSwitch[],
  at: Place,
): { readonly named: JudgeSubject; readonly problems: readonly Problem[] } {
  const how = definedMembers({ mode })
  if (by === undefined) return { named: how, problems: [] }
  const problems: Problem[] = []
  const values = switches.map(({ name, host, device, fabric }): readonly [string, readonly string[]] => {
    if (is === undefined) return [name, isOneOnly(host, switches) && host !== name ? [name, host] : [name]]
    const rendered = renderTemplate(is, at, params, { device, fabric })
    if (rendered.ok) return [name, [rendered.value]]
    problems.push(...rendered.problems)
    return [name, []]
  })
  const owners = new Map<string, string>()
  for (const [name, said] of values) {
    for (const value of said) {
      const other = owners.get(value)
      if (other !== undefined && other !== name) problems.push(ambiguous(by, [other, name], value, at))
      owners.set(value, name)
    }
  }
  for (const [value, name] of owners) {
    // One that is known without its port has every series that has one.
    const other = owners.get(withoutPort(value))
    if (other !== undefined && other !== name) problems.push(ambiguous(by, [other, name], value, at))
  }
  return { named: { by, switches: Object.fromEntries(values), ...how }, problems }
}

function ambiguous(by: string, [one, other]: readonly [string, string], value: string, at: Place): Problem {
  const message = `the label \`${by}\` cannot tell ${one} and ${other} apart: it is \`${value}\` of both`
  return { code: 'ambiguous-label', message, at, hint: "write what it is of each: `is: '{{ device.name }}'`" }
}

function isOneOnly(host: string, switches: readonly FilledSwitch[]) {
  return switches.filter((one) => one.host === host || one.name === host).length === 1
}

const PLAIN = /^[\w:.]+$/

// What differs by switch becomes one regular expression of them all, so that one query is about all of them.
function filledQuery(
  query: string,
  params: JsonObject,
  switches: readonly FilledSwitch[],
  at: Place,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const fault = (message: string, hint: string) => {
    problems.push({ code: 'bad-query', message, at, hint })
    return ''
  }
  if (/\{[%#]/.test(query)) fault('a query takes values alone, no `{% … %}` and no `{# … #}`', 'write `{{ … }}`')
  const quoted = quotedTexts(query)
  const text = query.replaceAll(PLACEHOLDER, (placeholder, offset: number) => {
    const around = quoted.find(({ from, to }) => from < offset && offset < to)
    const { isOfSwitch, values: said, problems: bad } = valuesOf(placeholder, at, params, switches)
    if (bad.length > 0) {
      problems.push(...bad)
      return ''
    }
    if (isOfSwitch) {
      const union = around?.isPattern === true ? writtenAs(unionPattern(said), around) : undefined
      const hint = 'write it into a regular expression: `instance=~"{{ device.name }}"`'
      return union ?? fault(`\`${placeholder}\` is all switches at once, and only behind \`=~\` can it`, hint)
    }
    const [value = ''] = said
    const strange = `\`${placeholder}\` is ${JSON.stringify(value)}, which cannot be there in a query`
    return writtenAs(value, around) ?? fault(strange, 'put it in quotes')
  })
  return { text, problems }
}

function writtenAs(text: string, around: Pick<QuotedText, 'quote'> | undefined) {
  if (around === undefined) return PLAIN.test(text) ? text : undefined
  const { quote } = around
  if (quote === '`') return text.includes('`') ? undefined : text
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')
}

export function placeOfJudge({ judge, written }: JudgeCall): Place {
  return 'query' in judge ? textPlaceOf(written, ['query']) : keyPlaceOf(written)
}

function judgeCalls(judges: readonly WrittenJudge[], located: LocatedValue, known: KnownJudges): readonly JudgeCall[] {
  return judges.flatMap((judge, index) => {
    const service = serviceOf(judge)
    const found = ownMember(known, service)
    const written = locatedAt(located, ['judges', index])
    return found === undefined || written === undefined
      ? []
      : [{ judge, service: { service, url: found.url, scrape: found.scrape }, written }]
  })
}

function unknownJudges(judges: readonly WrittenJudge[], located: LocatedValue, known: KnownJudges) {
  return judges.flatMap((judge, index): readonly Problem[] => {
    const service = serviceOf(judge)
    if (Object.hasOwn(known, service)) return []
    const names = Object.keys(known)
    const message =
      names.length === 0
        ? `the settings name no service that could be asked as \`${service}\``
        : `the settings have no judge \`${service}\``
    const at = textPlaceOf(located, ['judges', index, 'prometheus' in judge ? 'prometheus' : 'alerts'])
    const hint =
      names.length === 0 ? 'add it to eosflow.yaml, under `judges:` (docs/judges.md)' : didYouMean(service, names)
    return [{ code: 'unknown-judge', message, at, hint }]
  })
}

// The times of a verification, in seconds; undefined what the plan derives.
interface Times {
  readonly within: number
  readonly stableFor: number
  readonly every: number
}

function timesOf(verify: object): Times {
  const { within = DEFAULT_WITHIN, stableFor = DEFAULT_STABLE_FOR, every = 0 } = verify as Partial<Times>
  return { within, stableFor, every }
}

function ownProblems({ judge, service, written }: JudgeCall, times: Times): readonly Problem[] {
  const own = [...labelProblems(judge, written)]
  if (!('query' in judge)) return [...own, ...timeProblems(0, service, times, written)]
  const isRead = !/\{\{/.test(judge.query.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '""'))
  const { faults, window } = isRead ? readPromql(judge.query) : { faults: [], window: 0 }
  return [
    ...own,
    ...queryFaults(faults).map((message) => at(written, 'query', 'bad-query', message, QUERY_HINT)),
    ...goodFaults(judge.good).map((message) => at(written, 'good', 'bad-expression', message, GOOD_HINT)),
    ...ageProblems(judge, service, written),
    ...timeProblems(window, service, times, written),
  ]
}

export function queryFaults(faults: readonly string[]): readonly string[] {
  return faults.map((fault) => `the query of a judge cannot be asked: ${fault}`)
}

const QUERY_HINT = 'for example `sum by (instance) (rate(ifInErrors{instance=~"{{ device.name }}"}[1m]))`'
const GOOD_HINT = 'for example `value <= before * 1.2 + 5`; `labels.ifName` is a label of the series'
const NAMES: readonly string[] = ['value', 'before', 'labels']

function goodFaults(good: string) {
  const faults = expressionFaults(good)
  const parsed = parse(good)
  if (faults.length > 0 || !parsed.ok) return faults
  const read = namesOf(parsed.root).rootless.map(({ name }) => name)
  const strange = read
    .filter((name) => !NAMES.includes(name))
    .map((name) => `\`good\` sees \`value\`, \`before\` and \`labels\`, not \`${name}\``)
  return read.includes('value') || strange.length > 0
    ? strange
    : ['`good` does not look at `value`, so that every answer would be as good']
}

function labelProblems({ by, is }: WrittenJudge, written: LocatedValue): readonly Problem[] {
  if (is === undefined || by !== undefined) return []
  const hint = 'add `by: instance`, or delete `is`'
  return [at(written, 'is', 'is-without-by', '`is` says what a label holds, and no label is named', hint)]
}

function ageProblems(
  { maxAge }: Extract<WrittenJudge, { readonly query: string }>,
  { scrape, service }: JudgedService,
  written: LocatedValue,
): readonly Problem[] {
  if (maxAge === undefined || maxAge > scrape) return []
  const message = `\`maxAge\` of ${formatDuration(maxAge)} is not more than the ${formatDuration(scrape)} between two samples of \`${service}\`: most of its answers would be too old`
  return [at(written, 'maxAge', 'max-age-too-short', message, `write \`maxAge: ${formatDuration(2 * scrape)}\``)]
}

function timeProblems(
  window: number,
  { scrape }: JudgedService,
  times: Times,
  written: LocatedValue,
): readonly Problem[] {
  const message = tooShort(window, scrape, times)
  return message === undefined ? [] : [at(written, 'query', 'judge-needs-time', message.message, message.hint)]
}

/** Why `within` is too short for a judge, with the sum; undefined where it is not. All in seconds. */
export function tooShort(
  window: number,
  scrape: number,
  { within, stableFor, every }: Times,
): { readonly message: string; readonly hint: string } | undefined {
  const needed = scrape + window + every + stableFor
  if (within >= needed) return undefined
  const parts = [
    `${formatDuration(scrape)} between two samples`,
    ...(window === 0 ? [] : [`${formatDuration(window)} that the query looks back`]),
    `${formatDuration(every)} between two rounds`,
    `${formatDuration(stableFor)} of \`stableFor\``,
  ]
  const message = `a judge cannot have seen the change within ${formatDuration(within)}: ${parts.join(' + ')} is ${formatDuration(needed)}`
  return { message, hint: `write \`within: ${formatDuration(needed)}\` or more, or a shorter range in the query` }
}

function at(written: LocatedValue, key: string, code: string, message: string, hint: string): Problem {
  const place = locatedAt(written, [key]) === undefined ? keyPlaceOf(written) : textPlaceOf(written, [key])
  return { code, message, at: place, hint }
}

function serviceOf(judge: WrittenJudge) {
  return 'prometheus' in judge ? judge.prometheus : judge.alerts
}
