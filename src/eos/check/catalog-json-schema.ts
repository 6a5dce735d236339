import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { jsonSchemaOf } from '../../text/source/parse-with.ts'
import type { Check } from './area/define.ts'
import { builtinChecks } from './builtin/index.ts'
import { shortNamesOf } from './finding/friendly-names.ts'
import { moduleOf, ofTheCatalog } from './read-catalog.ts'

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
