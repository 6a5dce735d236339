import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import {
  expressionProblems,
  freeVariables,
  templateProblems,
  variablesRead,
} from '../../../../src/change/workflow/query/jsonata/problems.ts'
import { functions } from '../../../../src/text/query/compile.ts'
import { BUILT_IN, CALLABLE, REFUSED } from '../../../../src/text/query/function-names.ts'
import { linesOf, table } from '../../../table.ts'

const EVERYWHERE = { members: ['result', 'errorOutput'] } as const
const BEFORE = { members: [] } as const

/** What the position points at, up to the end of the name. */
const at = (expression: string, position: number) => /^\W?[\w$]*/.exec(expression.slice(position))?.[0] ?? ''

describe('problems of an expression', () => {
  // The messages of `syntax` and `reference` are those of AWS.
  test.each([
    ...table`
      {% 1 + %}                            syntax     Unexpected end of expression
      {% a[1,2) %}                         syntax     Expected "]", got ","
      {% "unterminated %}                  syntax     String literal must be terminated by a matching quote
      {% {"a":} %}                         syntax     The symbol "}" cannot be used as a unary operator
      {% $x := %}                          syntax     Unexpected end of expression
      {% $match("a", /abc %}               syntax     No terminating / in regular expression
      {% %}                                syntax     Unexpected end of expression
      {% phone %}                          reference  Reference to 'phone' at the top level is not supported.  phone
      {% 1 + phone.home %}                 reference  Reference to 'phone' at the top level is not supported.  phone
      {% {aaa: 1} %}                       reference  Reference to 'aaa' at the top level is not supported.  aaa
      {% $map([1], function($x) { b }) %}  reference  Reference to 'b' at the top level is not supported.  b
      {% sum([1]) %}                       reference  Reference to 'sum' at the top level is not supported.  sum
      {% $ %}                              reference  Reference to '$' at the top level is not supported.  $
      {% $$ %}                             reference  Reference to '$$' is not supported.  $$
      {% $states.input.a[$$.b] %}          reference  Reference to '$$' is not supported.  $$
      {% $states.result %}                 reference  Field '$states.result' does not exist.  result
      {% $states.errorOutput.Cause %}      reference  Field '$states.errorOutput' does not exist.  errorOutput
      {% $states.inputs.a %}               reference  Field '$states.inputs' does not exist.  inputs
      {% $eval("1") %}                     refused    $eval is disabled: use $parse to read JSON  $eval
      {% $match %}                         refused    $match is refused: it takes a regular expression, and one can run without end  $match
      {% $split("a", /b/) %}               refused    Regular expressions are refused: they can run without end. Compare strings instead  /b
      {% $cuont([1]) %}                    function   There is no function $cuont.  $cuont
      {% [1] ~> $summ %}                   function   There is no function $summ.  $summ
      {% [1] ~> $summ() %}                 function   There is no function $summ.  $summ
    `,
    ['{%   $substring2(?, 1) %}', 'function', 'There is no function $substring2.', '$substring2'],
  ])('%s', (expression, code, message, where?: string) => {
    const problems = expressionProblems(expression, BEFORE)
    expect(problems.map((problem) => [problem.code, problem.message])).toContainEqual([code, message])
    const [problem] = problems.filter((one) => one.message === message)
    if (where !== undefined) expect(at(expression, problem?.position ?? -1)).toBe(where)
  })

  test.each(
    linesOf(`
    {% $states %}
    {% $states.input.phone %}
    {% $states.context.Task.Token %}
    {% $states.input.items[value > 3] %}
    {% $states.input.items.(name & "x") %}
    {% $states.input.items^(>price){kind: $sum(price)} %}
    {% $states.input.items@$i.parts#$p.($i.name & $string($p)) %}
    {% ($f := function($n) { $n = 0 ? 0 : $f($n - 1) }; $f(3)) %}
    {% ($a := function() { $b() }; $b := function() { 1 }; $a()) %}
    {% $filter($states.input.a, function($v, $i) { $v > $i }) %}
    {% $states.input.a ?? $states.input.b %}
    {% $states.input ~> |items|{"seen": name}| %}
    {% $uuid() & $hash("a", "MD5") & $string($range(1, 2, 1)) & $partition([1], 1) & $parse("1") %}
    {% $now() & $millis() & $random(1) %}
    {% $contains($states.input.a, /^hello\\$/) %}
    {% $undefined %}
    {% 1 %}
  `),
  )('%s has none', (expression) => {
    expect(expressionProblems(expression, BEFORE)).toEqual([])
  })

  test('what is available depends on the place', () => {
    const expression = '{% $states.result & $states.errorOutput.Error %}'
    expect(expressionProblems(expression, EVERYWHERE)).toEqual([])
    expect(expressionProblems(expression, { members: ['result'] })).toEqual([
      {
        code: 'reference',
        message: "Field '$states.errorOutput' does not exist.",
        position: 28,
        hint: 'only Output and Assign of a catcher have an errorOutput',
      },
    ])
  })

  test('near misses are named', () => {
    const hints = (expression: string, variables?: ReadonlySet<string>) =>
      expressionProblems(expression, variables === undefined ? BEFORE : { ...BEFORE, variables }).map(
        ({ hint }) => hint,
      )
    expect(hints('{% $cuont([1]) %}')).toEqual(['did you mean $count?'])
    expect(hints('{% $states.inputs %}')).toEqual(['did you mean $states.input?'])
    expect(hints('{% sum([1]) %}')).toEqual(['functions begin with a $: $sum'])
    expect(hints('{% phone %}')).toEqual(['write $states.input.phone, or $phone for a variable'])
    expect(hints('{% $state.input %}', new Set(['waves']))).toEqual(['did you mean $states?'])
    expect(hints('{% $wave %}', new Set(['waves']))).toEqual(['did you mean $waves?'])
  })

  test('variables are judged where they are known', () => {
    const sees = { members: [], variables: new Set(['limit', 'wave']) } as const
    expect(expressionProblems('{% ($own := $limit; $own + $wave + $count([1])) %}', sees)).toEqual([])
    expect(expressionProblems('{% $other %}', sees)).toEqual([
      { code: 'variable', message: "Variable 'other' is possibly not defined.", position: 3 },
    ])
    expect(expressionProblems('{% $oops() %}', sees).map(({ code }) => code)).toEqual(['function'])
    expect(expressionProblems('{% $x + ($x := 1; $x) %}', sees).map(({ position }) => position)).toEqual([3])
  })

  test('those of a template come with the way to each', () => {
    const template = { '{% ignored %}': 1, a: ['text', { b: '{% $oops() %}' }], c: '{% phone %}' }
    expect(templateProblems(template, BEFORE).map(({ path, code }) => [path, code])).toEqual([
      [['a', 1, 'b'], 'function'],
      [['c'], 'reference'],
    ])
  })
})

describe('free variables', () => {
  test.each([
    [
      '{% $a + $b %}',
      `
          a
          b
        `,
    ],
    ['{% $a + $a %}', 'a'],
    ['{% ($x := $x + 1; $x) %}', 'x'],
    ['{% ($x := 1; $x) + $x %}', 'x'],
    [
      '{% $map($list, function($v) { $v * $factor }) %}',
      `
          list
          factor
        `,
    ],
    ['{% ($f := function($n) { $f($n - $step) }; $f(3)) %}', 'step'],
    ['{% $f := function($n) { $f($n) } %}', ''],
    ['{% $list@$i#$n[$i.a = $n].($i) %}', 'list'],
    [
      '{% $states.input[a = $limit]^($weight){$key: $value} %}',
      `
          limit
          weight
          key
          value
        `,
    ],
    [
      '{% $states.input ~> |$|{"a": $new}, $old| %}',
      `
          new
          old
        `,
    ],
    ['{% $count($states.input) %}', ''],
    ['{% 1 + %}', ''],
  ])('%s', (expression, names) => {
    expect(freeVariables(expression).map(({ name }) => name)).toEqual(linesOf(names))
  })

  test('those of a template', () => {
    expect([...variablesRead({ a: '{% $x %}', b: ['{% $y %}', 'text $z'] })]).toEqual(['x', 'y'])
  })
})

describe('the functions', () => {
  test('are those of the library that is installed', async () => {
    const file = createRequire(import.meta.url).resolve('jsonata')
    const bound = [
      ...readFileSync(file, 'utf8').matchAll(/(?:staticFrame|environment)\.bind\('(\w+)', defineFunction/g),
    ]
    const names = bound.map((match) => match[1])
    expect(names.length).toBe(65)
    expect([...BUILT_IN, ...Object.keys(REFUSED)].sort()).toEqual(names.sort())
  })

  test('are all metered, and keep the arity that $map asks for', async () => {
    const made = await functions()
    expect(Object.keys(made).sort()).toEqual([...CALLABLE, ...Object.keys(REFUSED)].sort())
    const arities = Object.fromEntries(
      Object.entries(made).map(([name, one]) => [
        name,
        (one as { implementation: () => unknown }).implementation.length,
      ]),
    )
    expect(arities).toMatchObject({ string: 1, substring: 3, replace: 4, map: 2, now: 2, millis: 0, uuid: 0, range: 3 })
  })
})
