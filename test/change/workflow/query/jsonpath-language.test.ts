import { describe, expect, test } from 'vitest'
import type { Flow, Source } from '../../../../src/change/workflow/machine/machine.ts'
import { jsonpathLanguage } from '../../../../src/change/workflow/query/jsonpath/language.ts'
import type { Want } from '../../../../src/change/workflow/query/language/language.ts'
import type { Json } from '../../../../src/model/json.ts'
import { faultOf, sightOf } from './jsonpath-sight.ts'

type JsonPathFlow = Omit<Extract<Flow, { language: 'jsonpath' }>, 'language'>

const flow = (fields: JsonPathFlow): Flow => ({ language: 'jsonpath', ...fields })
const begin = (fields: JsonPathFlow, input: Json) => jsonpathLanguage.begin(flow(fields), sightOf(input))
const finish = (fields: JsonPathFlow, input: Json, result: Json) =>
  jsonpathLanguage.finish(flow(fields), sightOf(input, { result }), result)

describe('what a state begins with', () => {
  const input = { a: { b: 1 }, list: [1, 2] }

  test.each<[JsonPathFlow, Json, Json]>([
    [{}, input, input],
    [{ inputPath: '$' }, input, input],
    [{ inputPath: null }, {}, {}],
    [{ inputPath: '$.a' }, { b: 1 }, { b: 1 }],
    [{ inputPath: '$$.Map.Item' }, { Index: 3, Value: 'item' }, { Index: 3, Value: 'item' }],
    [{ inputPath: '$x' }, 42, 42],
    [{ inputPath: '$.list[*]' }, [1, 2], [1, 2]],
    [{ parameters: { 'v.$': '$.a.b', k: 'x' } }, input, { v: 1, k: 'x' }],
    [{ inputPath: '$.a', parameters: { 'v.$': '$' } }, { b: 1 }, { v: { b: 1 } }],
    [{ inputPath: null, parameters: { 'v.$': '$' } }, {}, { v: {} }],
    [{ result: { 'TestResult.$': 'literal' } }, input, { 'TestResult.$': 'literal' }],
    [{ result: null }, input, null],
    [{ parameters: { 'v.$': '$.missing' }, result: 1 }, input, 1],
    [{ parameters: [{ 'v.$': '$.a.b' }, 'x'] }, input, [{ v: 1 }, 'x']],
    [{ parameters: 'literal' }, input, 'literal'],
  ])('%j', async (fields, effective, given) => {
    expect(await begin(fields, input)).toEqual({ effective, arguments: given })
  })

  test('a template is filled at any depth, and only where a key says so', async () => {
    const parameters = {
      'all.$': '$',
      deep: { deeper: [{ 'index.$': '$$.Map.Item.Index' }, '$.a'], 'x.$': '$x' },
      path: '$.a',
      'sum.$': 'States.MathAdd($.a.b, $x)',
      'inner.$': '$nested.a',
      Comment: 'stays',
    }
    expect((await begin({ parameters }, input)).arguments).toEqual({
      all: input,
      deep: { deeper: [{ index: 3 }, '$.a'], x: 42 },
      path: '$.a',
      sum: 43,
      inner: 'b',
      Comment: 'stays',
    })
  })

  test.each<[string, JsonPathFlow, string]>([
    [
      'a template',
      { parameters: { deep: { 'value.$': '$.no' } } },
      "The JSONPath '$.no' specified for the field 'value.$' could not be found in the input '{\"a\":1}'",
    ],
    ['InputPath', { inputPath: '$.no.more' }, "Invalid path '$.no.more' : Missing property in path $['no']"],
    [
      'InputPath',
      { inputPath: '$.[' },
      "Invalid path '$.[' : expected a name in quotes, a number, '*' or '?', found the end at position 3",
    ],
    [
      'a template',
      { parameters: { 'v.$': 1 } },
      "The value of the field 'v.$' is not a JSONPath or an intrinsic function",
    ],
    [
      'a template',
      { parameters: { 'v.$': 'text' } },
      "Invalid path 'text' : a path starts with '$', found 't' at position 0",
    ],
  ])('%s without a value ends the machine', async (_, fields, cause) => {
    expect(await faultOf(begin(fields, { a: 1 }))).toEqual(['States.Runtime', cause])
  })

  test('a long input is cut in a message', async () => {
    const [, cause] = await faultOf(begin({ parameters: { 'v.$': '$.no' } }, { long: 'x'.repeat(100_000) }))
    expect(cause.length).toBeLessThan(9000)
    expect(cause).toMatch(/x…'$/)
  })
})

describe('what a state leaves behind', () => {
  const input = { kept: 1, deep: { er: 2 } }
  const result = { Payload: { ok: true }, Status: 200 }

  test.each<[JsonPathFlow, Json]>([
    [{}, result],
    [{ resultPath: '$' }, result],
    [{ resultPath: null }, input],
    [{ resultPath: '$.r' }, { ...input, r: result }],
    [{ resultPath: '$.deep.r' }, { kept: 1, deep: { er: 2, r: result } }],
    [{ resultSelector: { 'ok.$': '$.Payload.ok', n: 1 } }, { ok: true, n: 1 }],
    [
      { resultSelector: { 'ok.$': '$.Payload.ok' }, resultPath: '$.r' },
      { ...input, r: { ok: true } },
    ],
    [{ resultPath: '$.r', outputPath: '$.r.Status' }, 200],
    [{ outputPath: '$.Payload' }, { ok: true }],
    [{ outputPath: null }, {}],
    [{ outputPath: '$$.Execution.Input' }, { started: 'with' }],
    [{ outputPath: '$list' }, [1, 2]],
    [
      { inputPath: '$.deep', resultPath: '$.r' },
      { ...input, r: result },
    ],
    [{ resultSelector: { 'c.$': '$$.Map.Item.Value' } }, { c: 'item' }],
  ])('%j', async (fields, output) => {
    expect(await finish(fields, input, result)).toEqual({ output, assigned: {} })
  })

  test('Assign sees the result as ResultSelector leaves it, the variables as they were, and nothing of the output', async () => {
    const fields: JsonPathFlow = {
      resultSelector: { 'status.$': '$.Status' },
      resultPath: null,
      outputPath: '$.kept',
      assign: { 'x.$': '$.status', 'old.$': '$x', literal: { 'all.$': '$' } },
    }
    expect(await finish(fields, input, result)).toEqual({
      output: 1,
      assigned: { x: 200, old: 42, literal: { all: { status: 200 } } },
    })
  })

  test('a catcher puts the error output into the raw input', async () => {
    const errorOutput = { Error: 'Boom', Cause: 'why' }
    const sight = sightOf(input, { errorOutput })
    const caught = (fields: JsonPathFlow) => jsonpathLanguage.finish(flow(fields), sight, errorOutput)
    expect(await caught({})).toEqual({ output: errorOutput, assigned: {} })
    expect(await caught({ resultPath: '$.error', assign: { 'e.$': '$.Error' } })).toEqual({
      output: { ...input, error: errorOutput },
      assigned: { e: 'Boom' },
    })
  })

  test.each<[JsonPathFlow, string, string]>([
    [{ outputPath: '$.no.such' }, 'States.Runtime', "Invalid path '$.no.such' : Missing property in path $['no']"],
    [{ outputPath: '$.no' }, 'States.Runtime', "Invalid path '$.no' : No results for path: $['no']"],
    [
      { resultPath: '$.kept.r' },
      'States.ResultPathMatchFailure',
      'Unable to apply ReferencePath $.kept.r to input {"kept":1,"deep":{"er":2}}',
    ],
    [
      { resultSelector: { 'a.$': '$.no' } },
      'States.Runtime',
      'The JSONPath \'$.no\' specified for the field \'a.$\' could not be found in the input \'{"Payload":{"ok":true},"Status":200}\'',
    ],
  ])('%j cannot be done', async (fields, error, cause) => {
    expect(await faultOf(finish(fields, input, result))).toEqual([error, cause])
  })

  test('neither input nor result is changed', async () => {
    const given = Object.freeze({ deep: Object.freeze({ a: 1 }) })
    const { output } = await finish({ resultPath: '$.deep.b' }, given, 2)
    expect(output).toEqual({ deep: { a: 1, b: 2 } })
    expect(given).toEqual({ deep: { a: 1 } })
  })
})

describe('one field', () => {
  const input: Json = {
    list: [1],
    text: 'error string',
    number: 7,
    digits: '12',
    zero: 0,
    negative: -1,
    fraction: -1.5,
    none: null,
    object: {},
    yes: true,
    far: '2094-12-09T06:47:45.000Z',
    near: '2094-12-08T06:47:45Z',
    past: '2016-03-05T21:29:29.243167252Z',
    spaced: '2016-12-05 21:29:29Z',
    long: 2_147_483_648,
    longest: 2_147_483_647,
  }
  const read = (source: Source, field: string, want: Want): Promise<Json> =>
    jsonpathLanguage.read(source, field, want, sightOf('raw'), input)
  const path = (text: string): Source => ({ from: 'path', path: text })

  test.each<[Source, string, Want, Json]>([
    [path('$.list'), 'ItemsPath', 'array', [1]],
    [path('$list'), 'ItemsPath', 'array', [1, 2]],
    [path('$.text'), 'ErrorPath', 'string', 'error string'],
    [path("States.Format('{}!', $.text)"), 'CausePath', 'string', 'error string!'],
    [path('$.number'), 'MaxConcurrencyPath', 'count', 7],
    [path('$.digits'), 'MaxConcurrencyPath', 'count', 12],
    [path('$.zero'), 'MaxConcurrencyPath', 'count', 0],
    [path('$.number'), 'ToleratedFailurePercentagePath', 'any', 7],
    [path('$.digits'), 'ToleratedFailurePercentagePath', 'any', 12],
    [path('$.number'), 'SecondsPath', 'seconds', 7],
    [path('$.longest'), 'SecondsPath', 'seconds', 2_147_483_647],
    [path('$.past'), 'TimestampPath', 'timestamp', '2016-03-05T21:29:29.243167252Z'],
    [path('$.near'), 'TimestampPath', 'timestamp', '2094-12-08T06:47:45Z'],
    [path('$.yes'), 'X', 'boolean', true],
    [path('$.none'), 'X', 'any', null],
    [{ from: 'literal', value: 5 }, 'Seconds', 'seconds', 5],
    [{ from: 'literal', value: [1] }, 'Items', 'array', [1]],
    [
      { from: 'template', value: { 'a.$': '$.number', 'i.$': '$$.Map.Item.Index' } },
      'ItemSelector',
      'any',
      { a: 7, i: 3 },
    ],
  ])('%j of %s as %s', async (source, field, want, expected) => {
    expect(await read(source, field, want)).toEqual(expected)
  })

  test.each<[Source, string, Want, string]>([
    [path('$.object'), 'ItemsPath', 'array', 'Reference path "$.object" must point to array.'],
    [path('$$'), 'ItemsPath', 'array', 'Reference path "$" must point to array.'],
    [path('$$.Map.Item'), 'ItemsPath', 'array', 'Reference path "$.Map.Item" must point to array.'],
    [{ from: 'literal', value: {} }, 'input', 'array', 'Reference path "$" must point to array.'],
    [
      path('$.object'),
      'ToleratedFailurePercentagePath',
      'any',
      'The ToleratedFailurePercentagePath field refers to value "{}" which is not a valid float: $.object',
    ],
    [
      path('$.text'),
      'ToleratedFailurePercentagePath',
      'any',
      'The ToleratedFailurePercentagePath field refers to value "error string" which is not a valid float: $.text',
    ],
    [
      path('$.negative'),
      'ToleratedFailurePercentagePath',
      'any',
      'ToleratedFailurePercentage must be between 0 and 100.',
    ],
    [path('$.long'), 'ToleratedFailurePercentagePath', 'any', 'ToleratedFailurePercentage must be between 0 and 100.'],
    [
      path('$.text'),
      'MaxConcurrencyPath',
      'count',
      'The MaxConcurrencyPath field refers to value "error string" which is not a valid integer: $.text',
    ],
    [
      path('$.fraction'),
      'ToleratedFailureCountPath',
      'count',
      'The ToleratedFailureCountPath field refers to value "-1.5" which is not a valid integer: $.fraction',
    ],
    [path('$.negative'), 'ToleratedFailureCountPath', 'count', 'ToleratedFailureCount cannot be negative.'],
    [
      path('$.fraction'),
      'SecondsPath',
      'seconds',
      'The SecondsPath parameter cannot be parsed as a long value: $.fraction == -1.5',
    ],
    [
      path('$.negative'),
      'SecondsPath',
      'seconds',
      'The SecondsPath parameter references a negative value: $.negative == -1',
    ],
    [path('$.long'), 'SecondsPath', 'seconds', 'Wait state delay is too long.'],
    [path('$.no'), 'SecondsPath', 'seconds', 'The SecondsPath parameter does not reference an input value: $.no'],
    [
      path('$.spaced'),
      'TimestampPath',
      'timestamp',
      'The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.spaced == 2016-12-05 21:29:29Z',
    ],
    [path('$.far'), 'TimestampPath', 'timestamp', 'Wait state delay is too long.'],
    [
      path('$.ErrorX'),
      'ErrorPath',
      'string',
      "The JSONPath '$.ErrorX' specified for the field 'ErrorPath' could not be found in the input '",
    ],
    [path('$.number'), 'ErrorPath', 'string', 'The ErrorPath field must be a string, but was: 7'],
    [path('$.number'), 'X', 'boolean', 'The X field must be a boolean, but was: 7'],
  ])('%j of %s as %s fails', async (source, field, want, cause) => {
    const [error, said] = await faultOf(read(source, field, want))
    expect(error).toBe('States.Runtime')
    expect(said.startsWith(cause)).toBe(true)
    if (!cause.endsWith("'")) expect(said).toBe(cause)
  })
})

test('a flow of the other language is a defect of the caller', async () => {
  await expect(jsonpathLanguage.begin({ language: 'jsonata' }, sightOf({}))).rejects.toThrow('JSONata state')
  const when = { language: 'jsonata', condition: true } as const
  await expect(jsonpathLanguage.holds(when, 0, sightOf({}), {})).rejects.toThrow('JSONata rule')
})
