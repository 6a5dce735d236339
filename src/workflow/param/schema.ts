import { z } from 'zod'
import { withNotBuilt } from '../../source/not-built.ts'

/** A parameter's shape: its type, what its values may be, and what every parameter has. */
const param = <Type extends string, Shape extends z.core.$ZodShape>(type: Type, shape: Shape) =>
  withNotBuilt(
    z.strictObject({
      type: z.literal(type),
      ...shape,
      description: z.string().optional().describe('What it is, for people who are asked for it.'),
    }),
    'secret',
  )

const version = z
  .union([z.literal(4), z.literal(6)])
  .optional()
  .describe('4 or 6; without it both are taken.')

/** What a parameter is without a given value, and what `validate` renders with where it has no default. */
const valued = <T extends z.ZodType>(value: T) => ({
  default: value.optional(),
  example: value
    .optional()
    .describe('A value as people give it: `validate` renders with it where there is no default.'),
})
const text = z.string()

const scalars = [
  param('integer', { minimum: z.int().optional(), maximum: z.int().optional(), ...valued(z.int()) }),
  param('string', {
    pattern: z
      .string()
      .optional()
      .describe('A regular expression that the whole text must match.')
      .meta({ examples: ['[A-Z0-9-]{1,32}'] }),
    enum: z.array(z.string()).min(1).optional().describe('The texts to choose from.'),
    maxLength: z.int().min(1).optional(),
    ...valued(text),
  }),
  param('boolean', valued(z.boolean())),
  param('ipAddress', { version, ...valued(text) }),
  param('ipPrefix', { version, ...valued(text) }),
  param('ipInterface', { version, ...valued(text) }),
  param('interface', valued(text)),
  param('vlanRange', valued(z.union([z.string(), z.int()]))),
] as const

const scalar = z.discriminatedUnion('type', scalars)

const list = param('list', {
  items: scalar.describe('What each item is.'),
  minItems: z.int().min(0).optional(),
  maxItems: z.int().min(1).optional(),
  ...valued(z.array(z.json())),
})

/** One declared parameter, as a workflow file writes it. */
export const paramSchema = z
  .discriminatedUnion('type', [...scalars, list])
  .describe('A parameter: its type and what it may be. Without `default` it must be given.')
  .meta({ examples: [{ type: 'integer', minimum: 2, maximum: 4094 }] })

/** Names that templates use themselves. */
const RESERVED = new Set([
  'device',
  'loop',
  'range',
  'self',
  'true',
  'false',
  'none',
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'else',
])

/** The name of a parameter: usable in a template as it is. */
export const paramNameSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a letter, then letters, digits and `_`, at most 64')
  .refine((name) => !RESERVED.has(name), 'templates use this name themselves')

/** A parameter that is one value. */
export type ScalarParam = z.output<typeof scalar>

/** A declared parameter. */
export type Param = z.output<typeof paramSchema>
