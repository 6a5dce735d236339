import { z } from 'zod'
import type { Json } from '../model/json.ts'
import type { Checked } from '../model/problem.ts'
import { accept, acceptUnless } from './checked.ts'
import { explainIssue } from './explain-issue.ts'
import type { Located } from './located.ts'

/** Judges a located value by a schema: its output, or every fault with place and mend. */
export function parseWith<T>(schema: z.ZodType<T>, located: Located): Checked<T> {
  const parsed = schema.safeParse(located.value)
  if (parsed.success) return accept(parsed.data)
  const problems = parsed.error.issues.flatMap((issue) => explainIssue(issue, schema, located))
  return acceptUnless(problems, () => parsed.data as never)
}

/** The JSON Schema (draft 2020-12) of what a person writes for a schema, for editors that complete and check. */
export function jsonSchemaOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
}
