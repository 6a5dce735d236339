import type { JsonObject } from '../../../model/json.ts'
import { type JudgeSpec, type JudgeSubject, withoutPort } from '../../../model/judge.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import { type QuotedText, quotedTexts, readPromql } from '../../../text/query/promql.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import { keyPlaceOf, textPlaceOf } from '../../../text/source/located.ts'
import type { JudgeCall } from '../schema/judge-schema.ts'
import { unionPattern } from '../schema/union-pattern.ts'
import type { TemplateScope } from '../template/change.ts'
import { renderTemplate, templateProblems } from '../template/render.ts'
import { queryFaults } from './judge-calls.ts'

export interface JudgedSwitch extends TemplateScope {
  readonly host: string
}

/** What is wrong with the templates of judges before the parameters are known. */
export function judgeTemplateProblems(calls: readonly JudgeCall[], known: readonly string[]): readonly Problem[] {
  return calls.flatMap(({ judge, written }) => [
    ...('query' in judge ? templateProblems(judge.query, textPlaceOf(written, ['query']), known) : []),
    ...(judge.is === undefined ? [] : templateProblems(judge.is, textPlaceOf(written, ['is']), known)),
  ])
}

export function filledJudge(
  { judge, service, written }: JudgeCall,
  params: JsonObject,
  switches: readonly JudgedSwitch[],
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
  switches: readonly JudgedSwitch[],
  at: Place,
): { readonly named: JudgeSubject; readonly problems: readonly Problem[] } {
  const how = mode === undefined ? {} : { mode }
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

function isOneOnly(host: string, switches: readonly JudgedSwitch[]) {
  return switches.filter((one) => one.host === host || one.name === host).length === 1
}

const PLACEHOLDER = /\{\{[\s\S]*?\}\}/g
const READS_DEVICE = /\bdevice\b/
const PLAIN = /^[\w:.]+$/

// What differs by switch becomes one regular expression of them all, so that one query is about all of them.
function filledQuery(
  query: string,
  params: JsonObject,
  switches: readonly JudgedSwitch[],
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
    const isOfSwitch = READS_DEVICE.test(placeholder)
    const seers = isOfSwitch ? switches : switches.slice(0, 1)
    const values = seers.map(({ device, fabric }) => renderTemplate(placeholder, at, params, { device, fabric }))
    const bad = values.flatMap((one) => (one.ok ? [] : one.problems))
    const said = [...new Set(values.flatMap((one) => (one.ok ? [one.value] : [])))]
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
