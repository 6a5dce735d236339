import { type AroundService, type AroundSpec, type LabelMatcher, SERVICES_OF } from '../../../model/around.ts'
import { EosflowError, type Place, type Problem, type ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, type JsonObject } from '../../../model/json.ts'
import { isFault, readReference } from '../../../model/secret-reference.ts'
import { acceptUnless, type LocatedValue, locatedAt, textPlaceOf } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { AroundCall, KnownAround, WrittenAround } from '../schema/around-schema.ts'
import { literalPattern, PLACEHOLDER, type TemplateScope, unionPattern, valuesOf } from '../template/change.ts'
import { renderTemplate, templateProblems } from '../template/render.ts'

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

/** The entries of `around`, as far as their services are known. */
export function aroundCalls(
  written: readonly WrittenAround[] | undefined,
  file: LocatedValue,
  known: KnownAround,
): readonly AroundCall[] {
  return (written ?? []).flatMap((entry, index) => {
    const { service, around } = namedBy(entry)
    const found = serviceOf(known, around, service)
    const at = locatedAt(file, ['around', index])
    if (found === undefined || at === undefined || !SERVICES_OF[around].includes(found.kind)) return []
    return [{ entry, service, found, written: at }]
  })
}

/** What is wrong with `around` before the parameters are known, each at its place. `params`: the names of the parameters; `known`: the same, and what is known of switches. */
export function aroundProblems(
  written: readonly WrittenAround[] | undefined,
  file: LocatedValue,
  services: KnownAround,
  params: readonly string[],
  known: readonly string[],
): readonly Problem[] {
  return (written ?? []).flatMap((entry, index) => {
    const { service, around, key } = namedBy(entry)
    const place = (...path: readonly (string | number)[]) => textPlaceOf(file, ['around', index, ...path])
    const found = serviceOf(services, around, service)
    const own = templatesIn(entry).flatMap(({ text, path, isOfSwitch }) =>
      templateProblems(text, place(...path), isOfSwitch ? known : params),
    )
    if (found === undefined) return [unknownService(service, Object.keys(services), place(key)), ...own]
    return [...wrongKind({ service, around, key }, found, place(key)), ...own]
  })
}

// How the Vault of the settings is called: it is declared under `secrets:`, and not under `around:`.
const VAULT = 'vault'

function serviceOf(known: KnownAround, around: AroundSpec['around'], service: string): AroundService | undefined {
  if (around === 'secret') return { kind: 'vault', url: VAULT, headers: {} }
  return Object.hasOwn(known, service) ? known[service] : undefined
}

function namedBy(entry: WrittenAround): {
  readonly around: AroundSpec['around']
  readonly service: string
  readonly key: string
} {
  if ('silence' in entry) return { around: 'silence', service: entry.silence, key: 'silence' }
  if ('annotate' in entry) return { around: 'annotation', service: entry.annotate, key: 'annotate' }
  if ('ticket' in entry) return { around: 'ticket', service: entry.ticket, key: 'ticket' }
  if ('secret' in entry) return { around: 'secret', service: VAULT, key: 'secret' }
  return { around: 'journal', service: entry.journal, key: 'journal' }
}

function templatesIn(entry: WrittenAround) {
  if ('silence' in entry)
    return entry.matchers.map(({ value }, index) => ({
      text: value,
      path: ['matchers', index, 'value'],
      isOfSwitch: true,
    }))
  if ('annotate' in entry) return entry.tags.map((text, index) => ({ text, path: ['tags', index], isOfSwitch: false }))
  if ('secret' in entry) return [{ text: entry.secret, path: ['secret'], isOfSwitch: false }]
  return 'ticket' in entry ? [{ text: entry.number, path: ['number'], isOfSwitch: false }] : []
}

function unknownService(service: string, names: readonly string[], at: Problem['at']): Problem {
  const message =
    names.length === 0
      ? `the settings name no service that \`${service}\` could be`
      : `the settings have no service \`${service}\` under \`around:\``
  const hint =
    names.length === 0 ? 'add it to eosflow.yaml, under `around:` (docs/around.md)' : didYouMean(service, names)
  return { code: 'unknown-service', message, at, hint }
}

function wrongKind(
  { service, around, key }: ReturnType<typeof namedBy>,
  { kind }: AroundService,
  at: Problem['at'],
): readonly Problem[] {
  const wanted = SERVICES_OF[around]
  if (wanted.includes(kind)) return []
  const message = `\`${key}\` needs a service of the kind ${wanted.join(' or ')}, and \`${service}\` is ${kind}`
  return [{ code: 'wrong-service', message, at, hint: 'name another one, or mend its `kind` in eosflow.yaml' }]
}
