import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { problemsOf } from '../../../src/text/source/located.ts'
import { didYouMean, suggest } from '../../../src/text/source/suggest.ts'
import { jsonSchemaOf, parseWith, readYaml } from '../../../src/text/source/yaml.ts'

const schema = z.strictObject({
  host: z.string().meta({ examples: ['10.0.0.1'] }),
  port: z.int().min(1).max(65535).optional(),
  protocol: z.enum(['http', 'https']).default('https'),
  tags: z.record(z.string().regex(/^[a-z]+$/), z.string()).optional(),
  waves: z.array(z.union([z.int(), z.string()])).optional(),
  tls: z.strictObject({ insecure: z.boolean().optional(), pin: z.string().optional() }).optional(),
})

const judge = (text: string) => {
  const read = readYaml(text, 'f')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return problemsOf(parseWith(schema, read.value)).map(
    ({ code, message, at, hint }) => `${at.line}:${at.column} ${code}: ${message} | ${hint ?? ''}`,
  )
}

describe('parseWith', () => {
  test('gives the output of the schema', () => {
    const read = readYaml('host: a', 'f')
    expect(read.ok && parseWith(schema, read.value)).toEqual({ ok: true, value: { host: 'a', protocol: 'https' } })
  })

  test('names everything that is wrong at once, in the order of the file', () => {
    expect(judge('prot: 443\nport: 99999\nprotocol: htps\ntls: { insecur: true, pin: 7 }\nwaves: [1, [2]]\n')).toEqual([
      '1:1 missing-key: the key `host` is missing | add it, for example `host: "10.0.0.1"`',
      '1:1 unknown-key: the key `prot` is not known | did you mean `port`?',
      '2:7 invalid-value: `port` must be at most 65535, not 99999 | write 65535 or less',
      '3:11 invalid-value: `protocol` must be `http` or `https`, not the text "htps" | did you mean `https`?',
      '4:8 unknown-key: the key `insecur` is not known in `tls` | did you mean `insecure`?',
      '4:28 wrong-type: `tls.pin` must be text, not 7 | put it in quotes, or write a word',
      '5:12 wrong-type: `waves[1]` must be a number, not a list | write it in digits, without quotes',
    ])
  })

  test.each([
    [
      'a',
      [
        '1:1 wrong-type: the file must be a mapping of keys to values, not a single value | write `key: value` lines below it, indented',
      ],
    ],
    ['host:', ['1:6 wrong-type: `host` must be text, not empty | for example `"10.0.0.1"`']],
    ['host: [a]', ['1:7 wrong-type: `host` must be text, not a list | for example `"10.0.0.1"`']],
    [
      'host: a\ntags: { ok: a, B1: c }',
      ['2:16 invalid-key: the name `B1` is not allowed here | Invalid string: must match pattern /^[a-z]+$/'],
    ],
    [
      'host: a\nport: 1.5',
      ['2:7 wrong-type: `port` must be a whole number, not 1.5 | write it in digits, without quotes'],
    ],
  ])('%s', (text, expected) => {
    expect(judge(text)).toEqual(expected)
  })

  const worded = z.strictObject({
    name: z.string().regex(/^[a-z]+$/, 'small letters'),
    id: z.string().regex(/^\d+$/, 'expected digits, such as 7').optional(),
    items: z.array(z.string().min(2)).min(2).max(3).optional(),
    level: z.int().min(3).optional(),
    note: z.string().max(4).describe('A word for people.').optional(),
    day: z.iso.date().optional(),
    moment: z.iso.datetime({ offset: true }).optional(),
    odd: z
      .string()
      .refine(() => false, 'is not wanted')
      .describe('What nobody writes.')
      .optional(),
    even: z
      .any()
      .refine(() => false, 'is not wanted either')
      .optional(),
  })
  const MENDS: readonly (readonly [string, string])[] = [
    ['name: AB', '`name` must be small letters, not the text "AB" | write it as the message says, or delete it'],
    ['id: x', '`id` must be digits, such as 7, not the text "x" | write it as the message says, or delete it'],
    ['items: [ab]', '`items` must have a number of items of at least 2, not a list | add items until there are 2'],
    [
      'items: [ab, cd, ef, gh]',
      '`items` must have a number of items of at most 3, not a list | delete items until there are 3',
    ],
    ['items: [ab, c]', '`items[1]` must have a length of at least 2, not the text "c" | write at least 2 characters'],
    ['level: 2', '`level` must be at least 3, not 2 | write 3 or more'],
    ['note: longer', '`note` must have a length of at most 4, not the text "longer" | shorten it to 4 characters'],
    [
      "day: '2026-02-30'",
      '`day` must be a day of the calendar, such as 2026-12-31, not the text "2026-02-30" | write it as the message says, or delete it',
    ],
    [
      "moment: '2026-02-28 22:00'",
      '`moment` must be a day and a time with its offset, such as 2026-12-31T22:00:00+01:00, not the text "2026-02-28 22:00" | write it as the message says, or delete it',
    ],
    ['odd: x', 'is not wanted | what belongs here: What nobody writes.'],
    ['even: x', 'is not wanted either | write it as the message says, or delete it'],
  ]

  test.each(MENDS)('the mend of `%s` says what belongs there', (text, expected) => {
    const read = readYaml(text.startsWith('name') ? text : `name: ab\n${text}`, 'f')
    if (!read.ok) throw new Error(text)
    const problems = problemsOf(parseWith(worded, read.value))
    expect(problems.map(({ message, hint }) => `${message} | ${hint}`)).toEqual([expected])
  })

  test('every pattern of a schema has words, so that nobody is shown a regular expression', () => {
    const root = fileURLToPath(new URL('../../../src', import.meta.url))
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const calls = files.flatMap((name) =>
      [
        ...readFileSync(join(root, name), 'utf8').matchAll(
          /\.regex\(\s*(\/(?:\\.|\[(?:\\.|[^\]])*\]|[^/\n])+\/[a-z]*)(,?)/g,
        ),
      ].map(([, pattern, comma]) => ({ at: `${name} ${pattern}`, isWorded: comma === ',' })),
    )
    expect(calls.length).toBeGreaterThan(40)
    expect(calls.filter(({ isWorded }) => !isWorded)).toEqual([])
  })

  test('a schema prints as JSON Schema of what is written', () => {
    expect(jsonSchemaOf(schema)).toMatchObject({
      type: 'object',
      required: ['host'],
      additionalProperties: false,
      properties: { protocol: { enum: ['http', 'https'], default: 'https' } },
    })
  })
})

describe('suggest', () => {
  test.each([
    ['keepApar', 'keepApart'],
    ['keepapart', 'keepApart'],
    ['tragets', 'targets'],
    ['confrim', 'confirm'],
    ['zebra', undefined],
  ])('%s means %s', (word, expected) => {
    expect(suggest(word, ['targets', 'keepApart', 'confirm'])).toBe(expected)
  })

  test('lists what there is when nothing is near', () => {
    expect(didYouMean('zebra', ['a', 'b'])).toBe('known here: `a`, `b`')
  })
})
