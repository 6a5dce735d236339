import type { AroundService, AroundSpec, LabelMatcher } from '../../../model/around.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { JsonObject } from '../../../model/json.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import { isFault, readReference } from '../../../model/secret-reference.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import { textPlaceOf } from '../../../text/source/located.ts'
import type { AroundCall, WrittenAround } from '../schema/around-schema.ts'
import { literalPattern, PLACEHOLDER, type TemplateScope, unionPattern, valuesOf } from '../template/change.ts'
import { renderTemplate } from '../template/render.ts'

const NUMBER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

/** An entry of `around` with all values filled in, for the switches of a change. */
export function filledAround(
  call: AroundCall,
  params: JsonObject,
  switches: readonly TemplateScope[],
): ValueOrProblems<AroundSpec> {
  const problems: Problem[] = []
  const spec = filledSpec(call, { params, switches, problems })
  return acceptUnless(problems, () => spec)
}

function filledSpec({ entry, service, found, written }: AroundCall, filling: Filling): AroundSpec {
  const common = { service, url: found.url }
  const at = (...path: readonly (string | number)[]) => textPlaceOf(written, path)
  if ('silence' in entry) {
    const matchers = entry.matchers.map((one, index) => filledMatcher(one, at('matchers', index, 'value'), filling))
    return { around: 'silence', ...common, matchers, seconds: entry.for }
  }
  if ('annotate' in entry) {
    const tags = entry.tags.map((tag, index) => filledText(tag, at('tags', index), filling))
    return { around: 'annotation', ...common, tags }
  }
  if ('secret' in entry) {
    const text = filledText(entry.secret, at('secret'), filling)
    const read = readReference(`\${vault:${text}}`)
    const { length } = entry
    if (read !== undefined && !isFault(read) && read.provider === 'vault' && read.version === undefined)
      return { around: 'secret', ...common, path: read.path, field: read.field, length }
    filling.problems.push(noSecret(text, at('secret')))
    return { around: 'secret', ...common, path: '', field: '', length }
  }
  return 'journal' in entry
    ? { around: 'journal', ...common }
    : filledTicket(found, filledText(entry.number, at('number'), filling), common, (number) =>
        filling.problems.push(noNumber(number, at('number'))),
      )
}

function filledTicket(
  found: AroundService,
  number: string,
  common: Pick<AroundSpec, 'service' | 'url'>,
  refuse: (number: string) => void,
): AroundSpec {
  if (!NUMBER.test(number)) refuse(number)
  const ticket = { around: 'ticket', ...common, ticket: number } as const
  if (found.kind !== 'servicenow' && found.kind !== 'jira')
    throw new EosflowError('bug', `${common.service} has no tickets`)
  const { must, close } = found
  const terms = { must, ...definedMembers({ close }) }
  return found.kind === 'jira'
    ? { ...ticket, system: 'jira', ...terms }
    : { ...ticket, system: 'servicenow', table: found.table, ...terms }
}

function filledText(text: string, at: Place, { params, problems }: Filling) {
  const rendered = renderTemplate(text, at, params)
  if (rendered.ok) return rendered.value
  problems.push(...rendered.problems)
  return ''
}

function noNumber(number: string, at: Place): Problem {
  const message = `${JSON.stringify(number)} is no number of a ticket`
  return { code: 'bad-ticket', message, at, hint: 'letters, digits, `-` and `_`, as CHG0030001 or NET-140' }
}

type Matcher = Extract<WrittenAround, { readonly silence: string }>['matchers'][number]

function noSecret(text: string, at: Place): Problem {
  const message = `${JSON.stringify(text)} is no path and field of Vault`
  return {
    code: 'bad-secret-path',
    message,
    at,
    hint: 'for example kv/data/net/eosflow-rw#password, without a version',
  }
}

interface Filling {
  readonly params: JsonObject
  readonly switches: readonly TemplateScope[]
  readonly problems: Problem[]
}

function filledMatcher(
  { name, value, isRegex, isEqual }: Matcher,
  at: Place,
  { params, switches, problems }: Filling,
): LabelMatcher {
  if (/\{[%#]/.test(value)) {
    const message = 'a matcher takes values alone, no `{% … %}` and no `{# … #}`'
    problems.push({ code: 'bad-matcher', message, at, hint: 'write `{{ … }}`' })
  }
  const isPattern = isRegex || (value.match(PLACEHOLDER) ?? []).some((one) => /\bdevice\b/.test(one))
  let text = ''
  let last = 0
  const given: (readonly string[])[] = []
  for (const found of value.matchAll(PLACEHOLDER)) {
    const [placeholder] = found
    const { values, problems: faults } = valuesOf(placeholder, at, params, switches)
    problems.push(...faults)
    given.push(values)
    const literal = value.slice(last, found.index)
    text += isPattern && !isRegex ? literalPattern(literal) : literal
    text += isPattern ? unionPattern(values) : (values[0] ?? '')
    last = found.index + placeholder.length
  }
  const rest = value.slice(last)
  text += isPattern && !isRegex ? literalPattern(rest) : rest
  problems.push(...emptyProblems(name, value, given, at))
  return { name, value: text, isRegex: isPattern, isEqual }
}

// A label that an alert does not have is empty, so that a matcher of which nothing is left fits alerts that nobody meant.
function emptyProblems(
  name: string,
  value: string,
  given: readonly (readonly string[])[],
  at: Place,
): readonly Problem[] {
  if (value.replaceAll(PLACEHOLDER, '') !== '' || !given.every((values) => values.includes(''))) return []
  const whose = given.some(({ length }) => length > 1) ? ' for a switch' : ''
  const message = `what the label \`${name}\` must be is empty${whose}: that fits every alert without this label`
  return [{ code: 'bad-matcher', message, at, hint: 'give it a value, or leave this matcher out' }]
}
