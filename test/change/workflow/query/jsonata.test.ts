import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonataLanguage } from '../../../../src/change/workflow/query/jsonata/language.ts'
import type { ExpressionScope } from '../../../../src/change/workflow/query/language/language.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import type { Json } from '../../../../src/model/json.ts'
import { table } from '../../../table.ts'

const NOON = Date.UTC(2026, 10, 20, 12, 0, 0, 7)

function sightOf(more: Partial<ExpressionScope> = {}) {
  return {
    input: {
      name: 'leaf1',
      count: 5,
      done: false,
      none: null,
      empty: [],
      ports: [
        { name: 'Ethernet1', up: true, speed: 25 },
        { name: 'Ethernet2', up: false, speed: 100 },
        { name: 'Ethernet3', up: false, speed: 25 },
      ],
    },
    context: { Execution: { Name: 'change-1' }, State: { Name: 'Plan', RetryCount: 0 } },
    variables: { limit: 3, wave: ['a', 'b'] },
    now: NOON,
    random: new SeededRandom(7),
    ...more,
  }
}

async function output(template: Json, sight = sightOf()) {
  const left = await jsonataLanguage.finish({ language: 'jsonata', output: template }, sight, null)
  return left.output
}

const evaluated = (text: string, more: Partial<ExpressionScope> = {}) => output(`{% ${text} %}`, sightOf(more))

describe('values', () => {
  // Worked out by hand from docs.jsonata.org, and where AWS differs or adds, from what it was observed to answer.
  test.each([
    ...table`
      1 + 1                                                             2
      $states.input.name                                                "leaf1"
      $states.input.ports.name                                          ["Ethernet1","Ethernet2","Ethernet3"]
      $states.input.ports[up].name                                      "Ethernet1"
      $states.input.ports[up].name[]                                    ["Ethernet1"]
      [$states.input.ports[up].name]                                    ["Ethernet1"]
      $states.input.ports[speed = 25].name                              ["Ethernet1","Ethernet3"]
      $states.input.ports[-1].name                                      "Ethernet3"
      $states.input.ports[[0..1]].speed                                 [25,100]
      $states.input.ports^(>speed, name)[0].name                        "Ethernet2"
      $states.input.ports{$string(speed): $count($)}                    {"25":2,"100":1}
      ($states.input.ports.{"port": name})[0]                           {"port":"Ethernet1"}
      $states.input.none                                                null
      $states.input.done                                                false
      $states.input.empty                                               []
      $states.context.Execution.Name                                    "change-1"
      $states.input.missing ?? "default"                                "default"
      $states.input.done ?: "false"                                     "false"
      $limit * 2                                                        6
      $wave                                                             ["a","b"]
      $exists($states.result)                                           false
      $exists($)                                                        false
      ($x := 2; $y := $x * 3; $y)                                       6
      ($f := function($n) { $n = 0 ? 0 : $n + $f($n - 1) }; $f(4))      10
      $map([1, 2, 3], function($v, $i) { $v * $i })                     [0,2,6]
      $map(["a"], $uppercase)                                           "A"
      $filter([1, 2, 3], function($v) { $v > 1 })                       [2,3]
      $reduce([1, 2, 3], function($a, $b) { $a + $b })                  6
      $single([1, 2, 3], function($v) { $v = 2 })                       2
      $sift({"a": 1, "b": 2}, function($v) { $v > 1 })                  {"b":2}
      $each({"a": 1, "b": 2}, function($v, $k) { $k & $v })             ["a1","b2"]
      $sort([3, 1, 2])                                                  [1,2,3]
      $sort(["b", "a"])                                                 ["a","b"]
      $sort([{"n": 2, "i": 0}, {"n": 1}, {"n": 2, "i": 1}], function($l, $r) { $l.n > $r.n })  [{"n":1},{"n":2,"i":0},{"n":2,"i":1}]
      [{"n": 1}, {"n": 2}] ~> $sort(function($l, $r) { $l.n < $r.n })   [{"n":2},{"n":1}]
      $distinct([1, "1", 1, {"a": 1, "b": 2}, {"b": 2, "a": 1}, [1], [1], null, null])  [1,"1",{"a":1,"b":2},[1],null]
      $max([1, 5, 2])                                                   5
      $min([4, 1.5])                                                    1.5
      $sum([1, 2, 3.5])                                                 6.5
      $average([1, 2])                                                  1.5
      $zip([1, 2], ["a", "b", "c"])                                     [[1,"a"],[2,"b"]]
      $spread([{"a": 1, "b": 2}, {"c": 3}])                             [{"a":1},{"b":2},{"c":3}]
      $merge([{"a": 1}, {"a": 2, "b": 3}])                              {"a":2,"b":3}
      $append([1], 2)                                                   [1,2]
      $reverse([1, 2])                                                  [2,1]
      $keys({"a": 1, "b": 2})                                           ["a","b"]
      $lookup({"a": 1}, "a")                                            1
      $type([])                                                         "array"
      $pad("x", -5, "#-")                                               "#-#-x"
      $pad("long", 2)                                                   "long"
      $pad("x", 4, "äö")                                                "xäöä"
      $join(["a", "b", "c"], ", ")                                      "a, b, c"
      $join("a")                                                        "a"
      $split("a,b,c", ",")                                              ["a","b","c"]
      $split("a,b,c", ",", 2)                                           ["a","b"]
      $replace("aXbXcX", "X", "-")                                      "a-b-c-"
      $replace("aXbXcX", "X", "-", 2)                                   "a-b-cX"
      $replace("abc", "z", "-")                                         "abc"
      $replace("a.b", ".", "$0")                                        "a$0b"
      $contains("Ethernet1", "net")                                     true
      $substringBefore("a:b", ":")                                      "a"
      $substringAfter("a:b", ":")                                       "b"
      $substringBefore("a:b", $states.input.missing)                    "a:b"
      [$contains("a", $states.input.missing)]                           []
      $substring(?, 0, 2)("abcd")                                       "ab"
      $map(["b", "z"], $contains("abc", ?))                             [true,false]
      $string({"a": 1.1})                                               "{\"a\":1.1}"
      $map([1, 2], $string)                                             ["1","2"]
      $number("0x1f")                                                   31
      $round(2.5)                                                       2
      $formatNumber(1234.5, "#,##0.00")                                 "1,234.50"
      $formatInteger(1999, "I")                                         "MCMXCIX"
      $formatInteger(12, "w")                                           "twelve"
      $parseInteger("1,234", "#,##0")                                   1234
      $base64encode("hi")                                               "aGk="
      $fromMillis(0)                                                    "1970-01-01T00:00:00.000Z"
      $fromMillis(0, "[MNn] [D1o], [Y]")                                "January 1st, 1970"
      $toMillis("1970-01-01T00:00:01Z")                                 1000
      $toMillis("1970-01-01T01:00:01+0100")                             1000
      $toMillis("20261120", "[Y0001][M01][D01]")                        1795132800000
      $toMillis("20 November 2026", "[D] [MNn] [Y]")                    1795132800000
      $parse("-0")                                                      0
      $parse("{\"a\": [1, null]}").a                                    [1,null]
      $hash("input", "SHA-1")                                           "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"
      $hash("", "MD5")                                                  "d41d8cd98f00b204e9800998ecf8427e"
      $random(42)                                                       0.7275636800328681
      $random(0)                                                        0.730967787376657
      $range(0, 6, 2)                                                   [0,2,4,6]
      $range(0, 10, 3)                                                  [0,3,6,9]
      $range(5, 1, -2)                                                  [5,3,1]
      $range(1, 9, 9)                                                   1
      $partition([1, 2, 3, 4], 2)                                       [[1,2],[3,4]]
      $partition([0, 1, 2], 2)                                          [[0,1],[2]]
      $partition([0], 5)                                                [[0]]
      {"__proto__": 1}                                                  {"__proto__":1}
      -0                                                                0
      [1, $states.input.missing, 2]                                     [1,2]
      {"a": $states.input.missing, "b": 1}                              {"b":1}
      $states.input.ports[0] ~> |$|{"up": "yes"}, "speed"|              {"name":"Ethernet1","up":"yes"}
      $contains("hello$world", /^hello\$/)                              true
      $contains("hello$world", /^hello\ /)                              false
    `,
    ['$pad("x", 5)', '"x    "'],
    ['$trim("  a   b ")', '"a b"'],
    ['$string([1], true)', '"[\\n  1\\n]"'],
  ])('%s prints %s', async (text = '', printed) => {
    const value = await evaluated(text)
    expect([JSON.stringify(value), Object.is(value, -0)]).toEqual([printed, false])
    // Nothing of the library's is left on it: flags of sequences, objects without a prototype.
    expect(structuredClone(value)).toStrictEqual(value)
  })

  test('$uuid is of version 4 and the variant of RFC 9562', async () => {
    const hex = '00000000000000000000000000000000'
    expect(await evaluated('$uuid()', { random: { hex: () => hex, fraction: () => 0 } })).toBe(
      '00000000-0000-4000-8000-000000000000',
    )
    expect(await evaluated('$uuid()', { random: { hex: () => hex.replaceAll('0', 'f'), fraction: () => 0 } })).toBe(
      'ffffffff-ffff-4fff-bfff-ffffffffffff',
    )
  })

  test('time and chance are those of the execution', async () => {
    expect(await evaluated('$millis()')).toBe(NOON)
    expect(await evaluated('$now()')).toBe('2026-11-20T12:00:00.007Z')
    expect(await evaluated('$now("[Y]-[M01]", "+0200")')).toBe('2026-11')
    const now = Date.UTC(2001, 1, 3)
    expect(await evaluated('$toMillis("10:30", "[H01]:[m01]")', { now })).toBe(Date.UTC(2001, 1, 3, 10, 30))
    const [a, b] = [0.25, 0.75]
    const drawn = [a, b, a, b]
    const random = { hex: () => '', fraction: () => drawn.shift() ?? 0 }
    expect(await evaluated('[$random(), $random()]', { random })).toEqual([a, b])
    // Inside out: 1; then place 0 of 0..1 for 2; then place 2 of 0..2 for 3.
    const places = [0, 0.4, 0.9]
    const shuffling = { hex: () => '', fraction: () => places.shift() ?? 0 }
    expect(await evaluated('$shuffle([1, 2, 3])', { random: shuffling })).toEqual([2, 1, 3])
  })

  test('a time without an offset is UTC wherever the machine is', () => {
    const module = new URL('../../../../dist/change/workflow/query/jsonata/language.js', import.meta.url).href
    const script = `
      import { jsonataLanguage } from '${module}'
      const flow = { language: 'jsonata', output: '{% $toMillis("2026-01-01T00:00:00") %}' }
      const sight = { input: {}, context: {}, variables: {}, now: 0, random: undefined }
      const { output } = await jsonataLanguage.finish(flow, sight, null)
      process.stdout.write(JSON.stringify([new Date('2026-01-01T00:00:00').getTime(), output]))`
    const args = ['--input-type=module', '-e', script]
    const said = execFileSync(process.execPath, args, { env: { ...process.env, TZ: 'America/New_York' } })
    expect(JSON.parse(said.toString())).toEqual([Date.UTC(2026, 0, 1, 5), Date.UTC(2026, 0, 1)])
  })
})

describe('templates', () => {
  test('only a string that is an expression from its first to its last character is one; keys never are', async () => {
    const template = {
      '{% 1 %}': '{% 1 %}',
      'a.$': '$.path',
      blank: ' {% 1 %} ',
      inner: 'x {% 1 %}',
      braces: '{%}',
      list: ['{% $limit %}', [{ deep: '{% $states.input.name %}' }], null, 0.5],
    }
    expect(await output(template)).toEqual({
      '{% 1 %}': 1,
      'a.$': '$.path',
      blank: ' {% 1 %} ',
      inner: 'x {% 1 %}',
      braces: '{%}',
      list: [3, [{ deep: 'leaf1' }], null, 0.5],
    })
  })

  test('a template without an expression is given back itself', async () => {
    const template = { a: [1, { b: 'x' }] }
    expect(await output(template)).toBe(template)
  })

  test('assignments see the variables from before, and neither the output nor each other', async () => {
    const flow = {
      language: 'jsonata',
      output: '{% $limit %}',
      assign: { limit: 18, old: '{% $limit %}', work: '{% $states.result.ok %}' },
    } as const
    const left = await jsonataLanguage.finish(flow, sightOf({ result: { ok: true } }), null)
    expect(left).toEqual({ output: 3, assigned: { limit: 18, old: 3, work: true } })
  })

  test('what is absent has its default', async () => {
    const sight = sightOf({ input: 'in' })
    expect(await jsonataLanguage.begin({ language: 'jsonata' }, sight)).toEqual({ effective: 'in', arguments: 'in' })
    const flow = { language: 'jsonata', arguments: { x: '{% $states.input %}' } } as const
    expect(await jsonataLanguage.begin(flow, sight)).toEqual({ effective: 'in', arguments: { x: 'in' } })
    expect(await jsonataLanguage.finish({ language: 'jsonata' }, sight, 'through')).toEqual({
      output: 'through',
      assigned: {},
    })
  })

  test('a catcher reads the error output', async () => {
    const sight = sightOf({ errorOutput: { Error: 'States.Timeout', Cause: '' } })
    expect(await output('{% $states.errorOutput.Error %}', sight)).toBe('States.Timeout')
    expect(await output('{% $keys($states) %}', sight)).toEqual(['input', 'context', 'errorOutput'])
  })

  test('a variable may have the name of a function', async () => {
    expect(await evaluated('$count + 1', { variables: { count: 1 } })).toBe(2)
  })
})

describe('faults', () => {
  const failing = (promise: Promise<unknown>) =>
    promise.then(
      (value) => expect.fail(`gave ${JSON.stringify(value)}`),
      (error: unknown) => error,
    )

  // The sentences are those that AWS was recorded with, or observed to answer (`returned nothing`, `threw an error`).
  test.each([
    [
      '{% $doesNotExist %}',
      'Output',
      "The JSONata expression '$doesNotExist' specified for the field 'Output' returned nothing (undefined).",
    ],
    [
      { result: '{%$x%}' },
      'Output/result',
      "The JSONata expression '$x' specified for the field 'Output/result' returned nothing (undefined).",
    ],
    [
      { a: [0, ['{% $x %}']] },
      'Output/a[1][0]',
      "The JSONata expression '$x' specified for the field 'Output/a[1][0]' returned nothing (undefined).",
    ],
    [
      '{% "a" + 1 %}',
      'Output',
      `The JSONata expression '"a" + 1' specified for the field 'Output' threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number`,
    ],
    [
      '{% $sum(["a"]) %}',
      'Output',
      `The JSONata expression '$sum(["a"])' specified for the field 'Output' threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"`,
    ],
    [
      '{% $error("no") %}',
      'Output',
      `The JSONata expression '$error("no")' specified for the field 'Output' threw an error during evaluation. D3137: no`,
    ],
    [
      '{% $parse("{") %}',
      'Output',
      `The JSONata expression '$parse("{")' specified for the field 'Output' threw an error during evaluation. D3137: Invalid JSON`,
    ],
    [
      '{% 1( %}',
      'Output',
      `The JSONata expression '1(' specified for the field 'Output' cannot be evaluated: Expected ")" before end of expression`,
    ],
    [
      '{% $string %}',
      'Output',
      "The JSONata expression '$string' specified for the field 'Output' threw an error during evaluation: A function is not JSON",
    ],
    [
      '{% {"f": function($x) { $x }} %}',
      'Output',
      `The JSONata expression '{"f": function($x) { $x }}' specified for the field 'Output' threw an error during evaluation: A function is not JSON`,
    ],
    [
      '{% 1 / 0 %}',
      'Output',
      "The JSONata expression '1 / 0' specified for the field 'Output' threw an error during evaluation: A number is not finite",
    ],
    [
      '{% [0 / 0] %}',
      'Output',
      "The JSONata expression '[0 / 0]' specified for the field 'Output' threw an error during evaluation: A number is not finite",
    ],
    [
      '{% $states.input.name(1) %}',
      'Output',
      "The JSONata expression '$states.input.name(1)' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function",
    ],
  ])('%j', async (template, location, message) => {
    const fault = await failing(output(template))
    expect(fault).toMatchObject({ name: 'QueryFault', error: 'States.QueryEvaluationError', location, message })
  })

  test.each(table`
    $range(1, 5, 0)               returned nothing (undefined).
    $range(1, 5)                  returned nothing (undefined).
    $partition([], 1)             returned nothing (undefined).
    $partition([1], 0)            returned nothing (undefined).
    $partition([1], -2)           D3137: Second argument must be zero or greater
    $partition(1, 1)              T0412: Argument 1 of function "partition" must be an array of undefined
    $hash("x", "md5")             D3137: Hash algorithm 'md5' must be one of
    $hash(1, "MD5")               T0410: Argument 1 of function "hash" does not match function signature
    $uuid(1)                      T0410: Argument 1 of function "uuid" does not match function signature
    $min([])                      returned nothing (undefined).
    $sort([1, "a"])               D3070
    $replace("a", "", "b")        D3010
    $split("a", ",", -1)          D3020
    $toMillis("2026-13-01")       D3110
    $number("zz0o7")              not finite
    $states.constructor           returned nothing (undefined).
    $states.input.__proto__       returned nothing (undefined).
    $lookup($states, "toString")  returned nothing (undefined).
    $string.implementation        returned nothing (undefined).
    $spread($sum)                 T0410
    $keys($sum)                   T0410
  `)('%s', async (text, part) => {
    expect(await failing(evaluated(text))).toMatchObject({ message: expect.stringContaining(part) })
  })

  test('a flow inside a state says where it is', async () => {
    const flow = { language: 'jsonata', output: { v: '{% $x %}' } } as const
    const fault = await failing(jsonataLanguage.finish(flow, sightOf(), null, 'Catch[1]/'))
    expect(fault).toMatchObject({ location: 'Catch[1]/Output/v' })
  })
})

describe('fields with a type', () => {
  const read = (value: Json, field: string, want: Parameters<typeof jsonataLanguage.read>[2]) =>
    jsonataLanguage.read({ from: 'template', value }, field, want, sightOf(), null)

  test.each([
    ['{% $limit %}', 'count', 3],
    [0, 'count', 0],
    ['{% $variable := 1 %}', 'seconds', 1],
    ['{% [1] %}', 'array', [1]],
    [[1, '{% $number("2") %}', 3], 'array', [1, 2, 3]],
    ['{% true %}', 'boolean', true],
    ['{% "x" %}', 'string', 'x'],
    ['{% "2016-03-05T21:29:29.243167252Z" %}', 'timestamp', '2016-03-05T21:29:29.243167252Z'],
    ['2016-03-05T21:29:29+05:30', 'timestamp', '2016-03-05T21:29:29+05:30'],
    ['{% null %}', 'any', null],
  ] as const)('%j as %s', async (value, want, expected) => {
    expect(await read(value, 'Field', want)).toEqual(expected)
  })

  // The first five and the timestamps are recorded.
  test.each([
    [
      "{% 'string' %}",
      'Items',
      'array',
      `The JSONata expression ''string'' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'string' for value: "string"`,
    ],
    [
      '{% true %}',
      'Items',
      'array',
      "The JSONata expression 'true' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'boolean' for value: true",
    ],
    [
      '{% 1 %}',
      'Items',
      'array',
      "The JSONata expression '1' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 1",
    ],
    [
      "{% {'foo': 'bar'} %}",
      'Items',
      'array',
      `The JSONata expression '{'foo': 'bar'}' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'object' for value: {"foo":"bar"}`,
    ],
    [
      '{% null %}',
      'Items',
      'array',
      "The JSONata expression 'null' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'null' for value: null",
    ],
    [
      '{% "2016-12-05 21:29:29Z" %}',
      'Timestamp',
      'timestamp',
      'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05 21:29:29Z',
    ],
    [
      '2016-12-05T21:29:29',
      'Timestamp',
      'timestamp',
      'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05T21:29:29',
    ],
    [
      '2016-13-05T21:29:29Z',
      'Timestamp',
      'timestamp',
      'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-13-05T21:29:29Z',
    ],
    [
      '2026-02-29T21:29:29Z',
      'Timestamp',
      'timestamp',
      'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2026-02-29T21:29:29Z',
    ],
    [
      '05-12-2016T21:29:29Z',
      'Timestamp',
      'timestamp',
      'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 05-12-2016T21:29:29Z',
    ],
    [
      '{% "3" %}',
      'MaxConcurrency',
      'count',
      `The JSONata expression '"3"' specified for the field 'MaxConcurrency' returned an unexpected result type. Expected 'number', but was 'string' for value: "3"`,
    ],
    ['{% 1.5 %}', 'Seconds', 'seconds', 'The Seconds field must be a non-negative integer but was: 1.5'],
    ['{% -1 %}', 'Seconds', 'seconds', 'The Seconds field must be a non-negative integer but was: -1'],
    [
      'text',
      'MaxConcurrency',
      'count',
      `The MaxConcurrency field must be of type 'number', but was 'string' for value: "text"`,
    ],
  ] as const)('%j for %s', async (value, field, want, message) => {
    await expect(read(value, field, want)).rejects.toMatchObject({ location: field, message })
  })

  test('the input of a Map without Items is in no field (recorded)', async () => {
    const reading = jsonataLanguage.read({ from: 'literal', value: true }, 'input', 'array', sightOf(), true)
    await expect(reading).rejects.toMatchObject({
      location: undefined,
      message: 'Map state input must be an array but was: true',
    })
  })

  test('a condition is a boolean', async () => {
    const holds = (condition: Json) => jsonataLanguage.holds({ language: 'jsonata', condition }, 2, sightOf(), null)
    expect(await holds('{% $states.input.count > 3 %}')).toBe(true)
    expect(await holds(false)).toBe(false)
    await expect(holds('{% $states.input.name %}')).rejects.toMatchObject({
      location: 'Choices[2]/Condition',
      message: `The JSONata expression '$states.input.name' specified for the field 'Choices[2]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: "leaf1"`,
    })
    await expect(holds('{% $states.input.missing %}')).rejects.toMatchObject({ location: 'Choices[2]/Condition' })
  })
})

describe('what is bound', () => {
  const freeze = <T>(value: T) => {
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) freeze(member)
    return Object.freeze(value)
  }

  /** Each of these writes into its data in jsonata 2.2.2. */
  const WRITING = [
    '$states.input.ports[]',
    '$states.input.empty{"a": 1}',
    '$states.input.ports[0] ~> |$states.input.ports[0]|{"up": "changed"}|',
    '($clone := function($x) { $x }; $states.input.ports[0] ~> |$|{"up": "changed"}|)',
    '($f := $states.input.ports[0]; $f(1))',
    '$ports(1)',
    '$count(1)',
  ]
  const READING = [
    '$states.input.ports@$p#$i.{"p": $p, "i": $i}',
    '$states.input.ports^(speed)#$i[$i = 0].name',
    '$states.input.ports[up]#$i.{"i": $i, "all": %.name}',
    '$states',
    '$states.input',
    '$wave',
    '$states.input.ports.name',
    '$sort($states.input.ports.speed)',
  ]
  const PARTS = [...WRITING, ...READING, '$random()', '$uuid()', '$shuffle([1..9])', '$now()', '$states.input.**']

  const outcome = (template: Json, sight: ExpressionScope) =>
    output(template, sight).then(
      (value) => JSON.stringify(value),
      (error: unknown) => String(error),
    )

  test('is never changed, and the same sight gives the same bytes', async () => {
    let looked = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (texts, seed) => {
          const sight = () => {
            const { input, variables } = sightOf()
            const more = { ports: { up: true }, ...(texts.length % 2 === 0 ? { count: { up: true } } : {}) }
            return sightOf({ input, variables: { ...variables, ...more }, random: new SeededRandom(seed) })
          }
          const template = texts.map((text) => `{% ${text} %}`)
          const [plain, frozen] = [sight(), freeze(sight())]
          const before = JSON.stringify(plain)
          const first = await outcome(template, plain)
          expect(JSON.stringify(plain)).toBe(before)
          expect(Object.keys((plain.input as { ports: object }).ports)).toEqual(['0', '1', '2'])
          const random = new SeededRandom(seed)
          expect(await outcome(template, { ...frozen, random })).toBe(first)
          expect(first).not.toContain('cannot be computed')
          looked += 1
        },
      ),
    )
    expect(looked).toBeGreaterThanOrEqual(200)
  })

  test('a result shares nothing with it', async () => {
    const sight = sightOf()
    const value = (await output('{% $states.input %}', sight)) as { ports: { up: Json }[] }
    expect(value).toEqual(sight.input)
    expect(value.ports).not.toBe((sight.input as typeof value).ports)
  })

  test('evaluations side by side do not see each other', async () => {
    const values = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        output('{% [$states.input, $millis(), $map([1, 2], function($v) { $v + $states.input })] %}', {
          ...sightOf({ input: index }),
          now: index,
        }),
      ),
    )
    expect(values).toEqual(Array.from({ length: 50 }, (_, i) => [i, i, i + 1, i + 2]))
  })
})
