import { z } from 'zod'
import type { Json } from '../../model/json.ts'
import type { ValueOrProblems } from '../../model/problem.ts'
import { accept, acceptUnless } from './checked.ts'
import { explainIssue } from './explain-issue.ts'
import { type LocatedValue, locatedAt } from './located.ts'
import { keysAt } from './schema-at.ts'
import { suggest } from './suggest.ts'

export function parseWith<T>(schema: z.ZodType<T>, located: LocatedValue): ValueOrProblems<T> {
  // A document is read once: the code that Zod would make of its schema costs more than it saves.
  const parsed = schema.safeParse(located.value, { jitless: true })
  if (parsed.success) return accept(parsed.data)
  const { issues } = parsed.error
  const problems = issues
    .filter((issue) => !isSlip(issue, issues, schema, located))
    .flatMap((issue) => explainIssue(issue, schema, located))
  return acceptUnless(problems, () => parsed.data as never)
}

/** The JSON Schema (draft 2020-12) of what a person writes for a schema, for editors that complete and check. */
export function jsonSchemaOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
}

// Whether a key is missing only because it stands there misspelt, which is said of the misspelt one.
function isSlip(
  issue: z.core.$ZodIssue,
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  located: LocatedValue,
) {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const around = path.slice(0, -1)
  if (path.length === 0 || locatedAt(located, path) !== undefined) return false
  return issues.some(
    (other) =>
      other.code === 'unrecognized_keys' &&
      other.path.join('\n') === around.join('\n') &&
      other.keys.some((key) => suggest(key, keysAt(schema, around)) === path.at(-1)),
  )
}
