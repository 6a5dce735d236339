import { z } from 'zod'
import type { Path } from './located.ts'

/** The schemas that judge the value at `path`: several where a union leaves the choice open, none where nothing is known. */
export function schemasAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType[] {
  return path.reduce<z.core.$ZodType[]>((at, step) => at.flatMap((one) => memberSchemas(one, step)), unwrap(schema))
}

/** The keys that a mapping at `path` may have, in the order of the schema. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const keys = schemasAt(schema, path).flatMap((one) =>
    one instanceof z.core.$ZodObject ? Object.keys(one._zod.def.shape) : [],
  )
  return [...new Set(keys)]
}

/** The first example that the schemas at `path` give (`.meta({ examples: [...] })`). */
export function exampleAt(schema: z.core.$ZodType, path: Path): unknown {
  for (const one of schemasAt(schema, path)) {
    const [example] = (z.globalRegistry.get(one)?.examples as readonly unknown[] | undefined) ?? []
    if (example !== undefined) return example
  }
  return undefined
}

/** What the schemas at `path` say of the value (`.describe(...)`). */
export function descriptionAt(schema: z.core.$ZodType, path: Path): string | undefined {
  const found = schemasAt(schema, path).map((one) => z.globalRegistry.get(one)?.description)
  return found.find((description) => description !== undefined)
}

function memberSchemas(schema: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodObject) {
    const member = schema._zod.def.shape[step]
    return member === undefined ? [] : unwrap(member)
  }
  if (schema instanceof z.core.$ZodRecord) return unwrap(schema._zod.def.valueType)
  return schema instanceof z.core.$ZodArray ? unwrap(schema._zod.def.element) : []
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.core.$ZodUnion) return [schema, ...schema._zod.def.options.flatMap(unwrap)]
  if (schema instanceof z.core.$ZodPipe) return [schema, ...unwrap(schema._zod.def.in)]
  if (schema instanceof z.core.$ZodLazy) return [schema, ...unwrap(schema._zod.def.getter())]
  const inner = 'innerType' in schema._zod.def ? (schema._zod.def.innerType as z.core.$ZodType) : undefined
  return inner === undefined ? [schema] : [schema, ...unwrap(inner)]
}
