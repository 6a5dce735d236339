import { z } from 'zod'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

const NAMES = ['string', 'number', 'integer', 'boolean', 'null', 'object', 'array'] as const
const size = z.int().min(0)

type JsonType = (typeof NAMES)[number]

/**
 * The form of a JSON value in a part of JSON Schema (draft 2020-12) that is judged in time linear in the value: no
 * `pattern`, no references, no combinators. Any other keyword is refused, never ignored.
 */
export const JsonShape = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  type: z.union([z.enum(NAMES), z.array(z.enum(NAMES)).min(1)]).optional(),
  enum: z.array(z.json()).min(1).optional(),
  const: z.json().optional(),
  get properties() {
    return z.record(z.string(), JsonShape).optional()
  },
  required: z.array(z.string()).optional(),
  additionalProperties: z.boolean().optional(),
  get items() {
    return JsonShape.optional()
  },
  minItems: size.optional(),
  maxItems: size.optional(),
  minLength: size.optional(),
  maxLength: size.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
})

type JsonShapeNode = z.output<typeof JsonShape>

const MOST_FAULTS = 5

/** What a value has against its shape, each fault with its place (`body.items[2].id`). Values are never repeated: they may be confidential. */
export function shapeFaults(shape: JsonShapeNode, value: Json, place: string): readonly string[] {
  const faults: string[] = []
  judge(shape, value, place, faults)
  return faults.slice(0, MOST_FAULTS)
}

function judge(shape: JsonShapeNode, value: Json, place: string, faults: string[]) {
  const types = shape.type === undefined ? [] : [shape.type].flat()
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    faults.push(`${place} must be ${types.join(' or ')}, and is ${typeName(value)}`)
    return
  }
  const choices = shape.const === undefined ? shape.enum : [shape.const]
  if (choices?.some((choice) => isSame(choice, value)) === false) {
    faults.push(`${place} must be ${choices.map((choice) => JSON.stringify(choice)).join(' or ')}`)
  }
  if (typeof value === 'string')
    judgeExtent([...value].length, 'characters', shape.minLength, shape.maxLength, place, faults)
  else if (typeof value === 'number') judgeExtent(value, '', shape.minimum, shape.maximum, place, faults)
  else if (isJsonObject(value)) judgeMembers(shape, value, place, faults)
  else if (Array.isArray(value)) judgeItems(shape, value, place, faults)
}

function judgeMembers(shape: JsonShapeNode, value: JsonObject, place: string, faults: string[]) {
  const properties = shape.properties ?? {}
  for (const name of shape.required ?? []) {
    if (!Object.hasOwn(value, name)) faults.push(`${place}.${name} is missing`)
  }
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (known !== undefined) judge(known, member, `${place}.${name}`, faults)
    else if (shape.additionalProperties === false) faults.push(`${place} has a member that is not in the schema`)
  }
}

function judgeItems(shape: JsonShapeNode, value: readonly Json[], place: string, faults: string[]) {
  judgeExtent(value.length, 'items', shape.minItems, shape.maxItems, place, faults)
  const { items } = shape
  if (items === undefined) return
  for (const [index, item] of value.entries()) judge(items, item, `${place}[${index}]`, faults)
}

function judgeExtent(
  actual: number,
  unit: string,
  least: number | undefined,
  most: number | undefined,
  place: string,
  faults: string[],
) {
  const demand = unit === '' ? 'be' : 'have'
  const counted = unit === '' ? '' : ` ${unit}`
  if (least !== undefined && actual < least) faults.push(`${place} must ${demand} at least ${least}${counted}`)
  if (most !== undefined && actual > most) faults.push(`${place} must ${demand} at most ${most}${counted}`)
}

function isOfType(value: Json, type: JsonType) {
  return type === 'integer' ? Number.isInteger(value) : typeName(value) === type
}

function typeName(value: Json): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'string' | 'number' | 'boolean' | 'object'
}

function isSame(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => isSame(item, b[at] ?? null))
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name] ?? null, b[name] ?? null))
  )
}
