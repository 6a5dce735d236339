import { z } from 'zod'
import type { Path } from './located.ts'
import { schemasAt } from './schema-at.ts'

const planned = z.registry<{ readonly names: readonly string[] }>()

/** Marks keys (of an object) or values (of a choice) that a schema will take one day: they are refused by name, never ignored. */
export function withNotBuilt<T extends z.ZodType>(schema: T, ...names: readonly string[]): T {
  planned.add(schema, { names })
  return schema
}

/** Whether `name` is planned for the schema at `path` and not built yet. */
export function isNotBuilt(schema: z.core.$ZodType, path: Path, name: unknown): boolean {
  return schemasAt(schema, path).some((one) => planned.get(one)?.names.includes(String(name)) === true)
}
