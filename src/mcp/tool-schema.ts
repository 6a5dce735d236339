import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server'
import { z } from 'zod'

/**
 * A schema as the protocol shows it to clients. It judges nothing: what is wrong with the input is answered by ourselves, as a problem with its
 * place, and an answer is of its type already.
 */
export function shownSchema(schema: z.ZodObject): StandardSchemaWithJSON<Record<string, unknown>> {
  const { $schema: _, ...input } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const { $schema: _of, ...output } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })
  return {
    '~standard': {
      version: 1,
      vendor: 'eosflow',
      validate: (value) => ({ value: value as Record<string, unknown> }),
      jsonSchema: { input: () => input, output: () => output },
    },
  }
}
