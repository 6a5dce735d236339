import { z } from 'zod'
import type { Place, Problem, ValueOrProblems } from '../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { once } from '../../model/once.ts'
import {
  accept,
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  type Path,
  placeOf,
  problemsOf,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { jsonSchemaOf, parseWith } from '../../text/source/yaml.ts'
import { builtinChecks } from './builtin/index.ts'
import { type CheckSpec, checkNamed, knownChecks, shortNamesOf } from './builtin/known-checks.ts'
import type { Check } from './define/define-check.ts'

export interface CatalogEntry {
  readonly spec: CheckSpec
  readonly at: Place
  readonly tags: readonly string[]
  readonly categories: readonly string[]
  readonly description: string
  readonly customField?: string
}

// Where a check runs, and what reports say of it instead of its own words (ANTA documentation, "Test Catalog").
const ofTheCatalog = once(() =>
  z.strictObject({
    filters: z.strictObject({ tags: z.array(z.string().min(1)).nullish() }).nullish(),
    result_overwrite: z
      .strictObject({
        description: z.string().nullish(),
        categories: z.array(z.string()).nullish(),
        custom_field: z.string().nullish(),
      })
      .nullish(),
  }),
)

/** Whether a key of an entry is of the catalog, and no input of the check. */
export function isOfTheCatalog(key: string): boolean {
  return Object.hasOwn(ofTheCatalog().shape, key)
}

// Where ANTA keeps its checks.
const ANTA = 'anta.tests'

// The module of eosflow's own checks, beside those of ANTA.
const OWN = 'eosflow'

// The module that a catalog finds a check in: `anta.tests.mlag`, `eosflow`.
function moduleOf({ module }: { readonly module?: string | undefined }) {
  return module === undefined ? OWN : `${ANTA}.${module}`
}

/** Reads a catalog: modules with their checks, in dotted or nested form, as ANTA writes them; or a list of checks as a workflow has it. */
export function readCatalog(document: LocatedValue): ValueOrProblems<readonly CatalogEntry[]> {
  const read = readAt(document, [], '')
  return acceptUnless(
    read.flatMap((entry) => problemsOf(entry)),
    () => read.flatMap((entry) => (entry.ok ? [entry.value] : [])),
  )
}

export function looksLikeCatalog(document: Json): boolean {
  if (Array.isArray(document)) return true
  if (!isJsonObject(document)) return false
  return Object.keys(document).some((key) => key === OWN || /^anta(?:\.|$)/.test(key))
}

type ReadEntry = ValueOrProblems<CatalogEntry>

function readAt(document: LocatedValue, path: Path, module: string): readonly ReadEntry[] {
  const here = locatedAt(document, path) ?? document
  if (Array.isArray(here.value)) {
    const known = path.length === 0 || isKnown(module)
    return known ? here.value.map((_, index) => readEntry(here, index, module)) : [unknownModule(here, module)]
  }
  if (isJsonObject(here.value) && Object.keys(here.value).length > 0) {
    return Object.keys(here.value).flatMap((key) =>
      readAt(document, [...path, key], module === '' ? key : `${module}.${key}`),
    )
  }
  if (here.value === null && isKnown(module)) return []
  return [
    problem(
      placeOf(here),
      'not-a-catalog',
      'this is no list of checks',
      'write `anta.tests.mlag:` and below it `- VerifyMlagStatus:`',
    ),
  ]
}

const modules = once(() => [...new Set(knownChecks.map(moduleOf))])

function isKnown(module: string) {
  return modules().some((name) => name === module || name.startsWith(`${module}.`))
}

function unknownModule(located: LocatedValue, module: string): ReadEntry {
  const hint = module.startsWith(`${ANTA}.`)
    ? didYouMean(module, modules())
    : 'checks of your own in Python cannot be run; `eosflow: [- assert: …]` asserts anything that a show command tells'
  return problem(keyPlaceOf(located), 'unknown-module', `there is no module \`${module}\``, hint)
}

function readEntry(list: LocatedValue, index: number, module: string): ReadEntry {
  const item = locatedAt(list, [index]) ?? list
  const [name = '', ...more] = isJsonObject(item.value)
    ? Object.keys(item.value)
    : typeof item.value === 'string'
      ? [item.value]
      : []
  if (name === '' || more.length > 0) {
    return problem(placeOf(item), 'bad-check', 'this is not one check', 'write one check per item: `- VerifyNTP:`')
  }
  const at = typeof item.value === 'string' ? placeOf(item) : keyPlaceOf(item, [name])
  const check = checkNamed(name)
  if (check === undefined || !isOf(check, module)) return unknownCheck(name, module, check, at)
  const inputs = typeof item.value === 'string' ? undefined : locatedAt(item, [name])
  return entryOf(check, inputs ?? { ...item, value: {} }, at)
}

function isOf({ module }: Check, written: string) {
  if (written === '' || moduleOf({ module }) === written) return true
  return module !== undefined && `${ANTA}.${module}`.startsWith(`${written}.`)
}

function unknownCheck(name: string, module: string, check: Check | undefined, at: Place): ReadEntry {
  if (check !== undefined) {
    return problem(at, 'unknown-check', `there is no check \`${name}\` in ${module}`, `it is in ${moduleOf(check)}`)
  }
  const names = knownChecks.map((one) => one.name)
  return problem(at, 'unknown-check', `there is no check \`${name}\``, didYouMean(name, names))
}

/** One entry: a check with its inputs, which may be null, as a catalog has them under its name. `at` is where the name stands. */
export function entryOf(check: Check, inputs: LocatedValue, at: Place): ValueOrProblems<CatalogEntry> {
  const located = inputs.value === null ? { ...inputs, value: {} } : inputs
  const [own, rest] = apart(located)
  const [asked, input] = [parseWith(ofTheCatalog(), own), parseWith(check.input, rest)]
  if (!asked.ok || !input.ok) return { ok: false, problems: [...problemsOf(asked), ...problemsOf(input)] as never }
  const { filters, result_overwrite: overwrite } = asked.value
  const custom = overwrite?.custom_field
  return accept({
    spec: { name: check.name, input: input.value as Json },
    at,
    tags: filters?.tags ?? [],
    categories: overwrite?.categories ?? check.categories ?? [],
    description: overwrite?.description ?? check.summary,
    ...(custom === null || custom === undefined ? {} : { customField: custom }),
  })
}

function apart(located: LocatedValue): readonly [LocatedValue, LocatedValue] {
  if (!isJsonObject(located.value)) return [{ ...located, value: {} }, located]
  const entries = Object.entries(located.value)
  return [
    { ...located, value: Object.fromEntries(entries.filter(([key]) => isOfTheCatalog(key))) },
    { ...located, value: Object.fromEntries(entries.filter(([key]) => !isOfTheCatalog(key))) },
  ]
}

function problem(
  at: Place,
  code: string,
  message: string,
  hint: string,
): { readonly ok: false; readonly problems: [Problem] } {
  return { ok: false, problems: [{ code, message, at, hint }] }
}

/**
 * The JSON Schema (draft 2020-12) of a catalog, for editors that complete and check: every module in dotted and in nested form,
 * in each the checks by all their names, and of each check its inputs.
 */
export function catalogJsonSchema(): JsonObject {
  const modules = [...new Set(builtinChecks.flatMap((check) => beginnings(moduleOf(check))))]
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A catalog of checks',
    ...moduleSchema('', ['object', 'array']),
    $defs: {
      'any:check': itemSchema(builtinChecks),
      ...Object.fromEntries(modules.map((module) => [module, moduleSchema(module, ['object', 'array', 'null'])])),
      ...Object.fromEntries(modules.map((module) => [`${module}:check`, itemSchema(checksOf(module))])),
      ...Object.fromEntries(builtinChecks.map((check) => [check.name, entrySchema(check)])),
    },
  }
}

function moduleSchema(module: string, type: readonly string[]): JsonObject {
  const path = module === '' ? '' : `${module}.`
  const within = checksOf(module).flatMap((check) => beginnings(moduleOf(check).slice(path.length)))
  return {
    type: [...type],
    properties: Object.fromEntries([...new Set(within)].map((key) => [key, refTo(path + key)])),
    additionalProperties: false,
    items: refTo(`${module || 'any'}:check`),
  }
}

function checksOf(module: string) {
  return builtinChecks.filter((check) => module === '' || `${moduleOf(check)}.`.startsWith(`${module}.`))
}

function beginnings(name: string) {
  const words = name === '' ? [] : name.split('.')
  return words.map((_, index) => words.slice(0, index + 1).join('.'))
}

function itemSchema(checks: readonly Check[]): JsonObject {
  const named = checks.flatMap(({ name }) => [name, ...shortNamesOf(name)].map((one) => [one, refTo(name)] as const))
  return {
    anyOf: [
      { type: 'string', enum: named.map(([name]) => name) },
      {
        type: 'object',
        properties: Object.fromEntries(named),
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 1,
      },
    ],
  }
}

function entrySchema({ summary, input }: Check): JsonObject {
  const { $schema, properties, ...inputs } = objectOf(jsonSchemaOf(input))
  const { properties: own } = objectOf(jsonSchemaOf(ofTheCatalog()))
  const isNeeded = Array.isArray(inputs.required) && inputs.required.length > 0
  return {
    ...inputs,
    description: summary,
    type: isNeeded ? 'object' : ['object', 'null'],
    properties: { ...objectOf(properties), ...objectOf(own) },
  }
}

function refTo(definition: string): JsonObject {
  return { $ref: `#/$defs/${definition}` }
}

function objectOf(json: Json | undefined): JsonObject {
  return isJsonObject(json) ? json : {}
}
