import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server'
import { z } from 'zod'

/**
 * A schema of an input as the protocol shows it to clients. It judges nothing: what is wrong with the input is answered by ourselves, as a problem
 * with its place.
 */
export function shownInput(schema: z.ZodObject): StandardSchemaWithJSON<Record<string, unknown>> {
  const json = asJson(schema, 'input')
  return {
    '~standard': {
      version: 1,
      vendor: 'eosflow',
      validate: (value) => ({ value: value as Record<string, unknown> }),
      jsonSchema: { input: () => json, output: () => json },
    },
  }
}

/** What a tool answers, as JSON Schema. Members may be added to it. */
export function answerSchema(schema: z.ZodObject): Record<string, unknown> {
  return asJson(schema, 'output')
}

function asJson(schema: z.ZodObject, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Every whole number has the limits of JavaScript: they say nothing, and a model reads all of it before it asks for anything.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  return json
}
