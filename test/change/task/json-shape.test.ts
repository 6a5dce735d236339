import { describe, expect, test } from 'vitest'
import { JsonShape, shapeFaults } from '../../../src/change/task/act/http-request.ts'
import type { Json } from '../../../src/model/json.ts'

/** Schema, value, and what is against it; by the words of JSON Schema draft 2020-12, "Validation". */
const TABLE: readonly [schema: object, value: Json, faults: readonly string[]][] = [
  [{}, null, []],
  [{ type: 'string' }, 'a', []],
  [{ type: 'string' }, 1, ['body must be string, and is number']],
  [{ type: 'integer' }, 1, []],
  [{ type: 'integer' }, 1.5, ['body must be integer, and is number']],
  [{ type: 'number' }, 1.5, []],
  [{ type: 'number' }, '1', ['body must be number, and is string']],
  [{ type: 'boolean' }, 0, ['body must be boolean, and is number']],
  [{ type: 'null' }, null, []],
  [{ type: 'object' }, null, ['body must be object, and is null']],
  [{ type: 'object' }, [], ['body must be object, and is array']],
  [{ type: 'array' }, {}, ['body must be array, and is object']],
  // What is of another type is judged by nothing else.
  [{ type: 'string', minimum: 5, enum: ['a'] }, 1, ['body must be string, and is number']],
  [{ type: ['string', 'null'] }, null, []],
  [{ type: ['string', 'null'] }, 1, ['body must be string or null, and is number']],
  [{ enum: ['a', 1, null] }, null, []],
  [{ enum: ['a', 1] }, '1', ['body must be "a" or 1']],
  [{ const: { a: [1, { b: 2 }], c: 3 } }, { c: 3, a: [1, { b: 2 }] }, []],
  [{ const: { a: 1 } }, { a: 1, b: 2 }, ['body must be {"a":1}']],
  [{ const: { a: null } }, { b: null }, ['body must be {"a":null}']],
  [{ const: [1, 2] }, [1, 2, 3], ['body must be [1,2]']],
  [{ required: ['a'] }, {}, ['body.a is missing']],
  [{ required: ['toString', 'constructor'] }, {}, ['body.toString is missing', 'body.constructor is missing']],
  [{ required: ['a'] }, 'no object', []],
  [{ properties: { a: { type: 'string' } } }, { b: 1 }, []],
  [{ properties: { a: { type: 'string' } } }, { a: 1 }, ['body.a must be string, and is number']],
  [
    { additionalProperties: false, properties: { a: {} } },
    { a: 1, 'my secret': 2 },
    ['body has a member that is not in the schema'],
  ],
  [{ additionalProperties: false }, { toString: 1 }, ['body has a member that is not in the schema']],
  [
    { items: { type: 'integer' } },
    [1, 'x', 2.5],
    ['body[1] must be integer, and is string', 'body[2] must be integer, and is number'],
  ],
  [{ minItems: 1, maxItems: 2 }, [], ['body must have at least 1 items']],
  [{ minItems: 1, maxItems: 2 }, [1, 2, 3], ['body must have at most 2 items']],
  [{ minLength: 2, maxLength: 3 }, 'a', ['body must have at least 2 characters']],
  [{ maxLength: 1 }, '\u{1f600}', []],
  [{ maxLength: 1 }, 'ab', ['body must have at most 1 characters']],
  [{ minimum: 0, maximum: 1 }, -0.5, ['body must be at least 0']],
  [{ minimum: 0, maximum: 1 }, 1, []],
  [{ minimum: 0, maximum: 1 }, 1.01, ['body must be at most 1']],
  [{ minimum: 5, minLength: 5, minItems: 5 }, {}, []],
  [
    { properties: { list: { items: { required: ['id'] } } } },
    { list: [{ id: 1 }, {}] },
    ['body.list[1].id is missing'],
  ],
]

describe('the form of an answer', () => {
  test.each(TABLE)('%j of %j: %j', (schema, value, faults) => {
    expect(shapeFaults(JsonShape.parse(schema), value, 'body')).toEqual(faults)
  })

  test('the table has every keyword', () => {
    const keywords = new Set(TABLE.flatMap(([schema]) => Object.keys(schema)))
    expect([...keywords].sort()).toEqual(
      [
        'additionalProperties',
        'const',
        'enum',
        'items',
        'maxItems',
        'maxLength',
        'maximum',
        'minItems',
        'minLength',
        'minimum',
        'properties',
        'required',
        'type',
      ].sort(),
    )
  })

  test.each([
    { pattern: 'a' },
    { format: 'date' },
    { anyOf: [{}] },
    { $ref: '#' },
    { type: 'strin' },
    { items: [{}] },
    { properties: { a: { if: {} } } },
    { enum: [] },
    { minLength: -1 },
    true,
  ])('what is not judged is refused: %j', (schema) => {
    expect(JsonShape.safeParse(schema).success).toBe(false)
  })

  test('at most five faults are named', () => {
    const many = Array.from({ length: 100_000 }, () => 'x')
    expect(shapeFaults(JsonShape.parse({ items: { type: 'integer' } }), many, 'body')).toHaveLength(5)
  })
})
