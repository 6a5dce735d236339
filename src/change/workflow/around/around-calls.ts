import { type AroundService, type AroundSpec, SERVICES_OF } from '../../../model/around.ts'
import type { Problem } from '../../../model/problem.ts'
import { type LocatedValue, locatedAt, textPlaceOf } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { AroundCall, KnownAround, WrittenAround } from '../schema/around-schema.ts'
import { templateProblems } from '../template/render.ts'

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
