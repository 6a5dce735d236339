import { z } from 'zod'
import { isJsonObject, type Json } from '../../../model/json.ts'

export interface StrangeMember {
  readonly path: readonly string[]
  readonly known: readonly string[]
}

export function strangeMembers(shape: z.core.$ZodType, expected: Json): readonly StrangeMember[] {
  if (!isJsonObject(expected)) return []
  const inner = unwrapped(shape)
  if (inner instanceof z.ZodUnion) {
    const each = inner.options.map((option) => strangeMembers(option, expected))
    return each.find((found) => found.length === 0) ?? each[0] ?? []
  }
  return Object.entries(expected).flatMap(([name, value]) => {
    const member = memberOf(inner, name)
    if (member === undefined)
      return inner instanceof z.ZodObject ? [{ path: [name], known: Object.keys(inner.shape) }] : []
    return strangeMembers(member, value).map(({ path, known }) => ({ path: [name, ...path], known }))
  })
}

function memberOf(shape: z.core.$ZodType, name: string): z.core.$ZodType | undefined {
  if (shape instanceof z.ZodRecord) return shape.valueType
  if (!(shape instanceof z.ZodObject)) return undefined
  const members: Readonly<Record<string, z.core.$ZodType>> = shape.shape
  return Object.hasOwn(members, name) ? members[name] : undefined
}

function unwrapped(shape: z.core.$ZodType): z.core.$ZodType {
  const isWrapped =
    shape instanceof z.ZodOptional || shape instanceof z.ZodExactOptional || shape instanceof z.ZodNullable
  return isWrapped ? unwrapped(shape.unwrap()) : shape
}
