import { z } from 'zod'
import { shown } from '../../../text/source/duration.ts'
import { withNotBuilt } from '../../../text/source/explain-issue.ts'

export const MOST_TABLE_ROWS = 10_000

const MOST_MEMBERS = 64

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

// What a parameter is without a given value, and what `validate` renders with where it has no default.
const valued = <T extends z.ZodType>(value: T) => ({
  default: value.optional(),
  example: value
    .optional()
    .describe('A value as people give it: `validate` renders with it where there is no default.'),
})
const text = z.string()

const scalarsWith = <More extends z.core.$ZodShape>(more: More) =>
  [
    param('integer', { minimum: z.int().optional(), maximum: z.int().optional(), ...more, ...valued(z.int()) }),
    param('string', {
      pattern: shown(z.string().optional(), 'A regular expression that the whole text must match.', '[A-Z0-9-]{1,32}'),
      enum: z.array(z.string()).min(1).optional().describe('The texts to choose from.'),
      maxLength: z.int().min(1).optional(),
      ...more,
      ...valued(text),
    }),
    param('boolean', { ...more, ...valued(z.boolean()) }),
    param('ipAddress', { version, ...more, ...valued(text) }),
    param('ipPrefix', { version, ...more, ...valued(text) }),
    param('ipInterface', { version, ...more, ...valued(text) }),
    param('interface', { ...more, ...valued(text) }),
    param('vlanRange', { ...more, ...valued(z.union([z.string(), z.int()])) }),
  ] as const

const scalars = scalarsWith({})

const scalar = z.discriminatedUnion('type', scalars)

// A member of a record: one value, which may be absent.
const member = z
  .discriminatedUnion(
    'type',
    scalarsWith({
      optional: z.literal(true).optional().describe('It may be absent; an empty cell of a CSV file is absent.'),
    }),
  )
  .describe('What it is. Without `default` and `optional: true` it must be given.')

const list = param('list', {
  items: scalar.describe('What each item is.'),
  minItems: z.int().min(0).optional(),
  maxItems: z.int().min(1).optional(),
  ...valued(z.array(z.json())),
})

// What a record of Python has itself: in a template `row.items` is not the column.
const METHODS = [
  'clear',
  'copy',
  'fromkeys',
  'get',
  'items',
  'keys',
  'pop',
  'popitem',
  'setdefault',
  'update',
  'values',
]

const memberName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a letter, then letters, digits and `_`, at most 64')
  .refine((name) => !METHODS.includes(name), 'a record of a template has this name itself')

const members = z
  .record(memberName, member)
  .refine(
    (all) => Object.keys(all).length >= 1 && Object.keys(all).length <= MOST_MEMBERS,
    `1 to ${MOST_MEMBERS} of them`,
  )

const object = param('object', {
  properties: members.optional().describe('Its members by name. Without it any mapping is taken.'),
  ...valued(z.record(z.string(), z.json())),
})

const table = param('table', {
  columns: members.describe('The columns of each row by name.'),
  key: shown(
    z.union([memberName, z.array(memberName).min(1)]).optional(),
    'The column, or the columns, of which no two rows have the same.',
    ['switch', 'port'],
  ),
  minRows: z.int().min(0).optional(),
  maxRows: z.int().min(1).max(MOST_TABLE_ROWS).optional(),
  ...valued(z.array(z.record(z.string(), z.json()))),
})

export const paramSchema = shown(
  z.discriminatedUnion('type', [...scalars, list, object, table]),
  'A parameter: its type and what it may be. Without `default` it must be given.',
  { type: 'integer', minimum: 2, maximum: 4094 },
)

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

export const paramNameSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a letter, then letters, digits and `_`, at most 64')
  .refine((name) => !RESERVED.has(name), 'templates use this name themselves')

export type ScalarParam = z.output<typeof scalar>

export type RecordMember = z.output<typeof member>

export type ObjectParam = z.output<typeof object>

export type TableParam = z.output<typeof table>

export type Param = z.output<typeof paramSchema>
