import type { z } from 'zod'
import { type AskedService, Unpublished } from './loopback-service.ts'

/** The body of a request, as the published schema of its service says. Throws Unpublished. */
export function published<T>(schema: z.ZodType<T>, { body }: Pick<AskedService, 'body'>): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  throw new Unpublished(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

/** Refuses parameters of a query that are not published. Throws Unpublished. */
export function requireQuery({ query }: Pick<AskedService, 'query'>, names: readonly string[]): void {
  const strange = [...query.keys()].filter((name) => !names.includes(name))
  if (strange.length > 0) throw new Unpublished(`no such parameter: ${strange.join(', ')}`)
}
