// @module-tag long
import { describe, expect, test } from 'vitest'
import { jsonataLanguage } from '../../../../src/change/workflow/query/jsonata/language.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import type { Json } from '../../../../src/model/json.ts'
import { METER, Meter } from '../../../../src/text/query/bounded-functions.ts'
import { compile } from '../../../../src/text/query/compile.ts'
import { everyNthOfLong, isWhole } from '../../../extent.ts'

const STEPS = 'limit of 1000000 steps exceeded'
const MEMORY = 'memory limit exceeded'

async function outcome(text: string, input: Json = null) {
  const sight = { input, context: {}, variables: {}, now: 0, random: new SeededRandom(1) }
  try {
    return (await jsonataLanguage.finish({ language: 'jsonata', output: `{% ${text} %}` }, sight, null)).output
  } catch (error) {
    return String(error)
  }
}

describe('limits of an evaluation', () => {
  test.each(
    everyNthOfLong(6, 'expressions beyond a limit', [
      ['an endless tail recursion', '($f := function($x) { $f($x + 1) }; $f(1))', STEPS],
      ['an endless recursion', '($f := function($x) { 1 + $f($x) }; $f(1))', 'D1011: Stack overflow'],
      ['a range', '[1..10000000]', 'D2015'],
      ['a range just over the limit', '[1..100001]', 'D2015'],
      ['a range of ours', '$range(1, 1000000000, 1)', 'may not have more than 100000 members'],
      ['a product of ranges', '[1..100000].[1..100000]', STEPS],
      ['padding', '$pad("x", 1000000000)', MEMORY],
      ['padding with a long text', '$pad("x", 100000000, $pad("y", 1000000, "z"))', MEMORY],
      ['a text that doubles', '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("ab", 40))', STEPS],
      [
        'a value that doubles',
        '($f := function($s, $n) { $n = 0 ? $s : $f({"a": $s, "b": $s}, $n - 1) }; $string($f({}, 60)))',
        MEMORY,
      ],
      [
        'a value that doubles, compared',
        '($f := function($s, $n) { $n = 0 ? $s : $f({"a": $s, "b": $s}, $n - 1) }; $f({}, 60) = $f({}, 60))',
        MEMORY,
      ],
      [
        'a value that nests',
        '($f := function($s, $n) { $n = 0 ? $s : $f({"a": $s}, $n - 1) }; $f({}, 300))',
        'nested deeper than 200 levels',
      ],
      ['a comparison in a loop', '($a := [1..50000]; $b := [1..50000]; [1..100000].($a = $b))', STEPS],
      [
        'a native function mapped by a partial application',
        '($a := $pad("", 1000000, "a"); $map($split($pad("", 50000, "b"), ""), $contains($a, ?)))',
        STEPS,
      ],
      [
        'a search that compares everything everywhere',
        '($a := $pad("", 800000, "a"); $h := $pad("", 100000, "a"); $contains($a, $h & "b" & $h))',
        STEPS,
      ],
      ['joining', '($a := $pad("", 1000000, "a"); $join($split($pad("", 20000, "b"), ""), $a))', MEMORY],
      ['replacing', '$replace($pad("", 1000000, "a"), "a", $pad("", 1000, "b"))', MEMORY],
      ['zipping', `($a := [1..100000]; $zip(${Array.from({ length: 40 }, () => '$a').join()}))`, MEMORY],
      [
        'pretty printing',
        '$string($parse($pad("", 150, "[") & $join($map([1..30000], $string), ",") & $pad("", 150, "]")), true)',
        MEMORY,
      ],
      ['an order-by of many', '$count([1..20000]^($))', STEPS],
      ['a group of many', '[1..30000]{"all": $}', STEPS],
      ['an append in a loop', '$reduce([1..50000], function($a, $b) { $append($a, $b) })', STEPS],
      ['reduce with a native function', '$reduce([1..50000], $append)', STEPS],
      ['symbols that are nothing', '$formatNumber(1, "#0", {"zero-digit": ""})', 'zero-digit must be one character'],
      ['letters for infinity', '$formatInteger(1 / 0, "a")', 'not finite'],
      ['roman numerals', '$formatInteger(1e12, "I")', 'Roman numerals end at 1000000'],
      ['a wide date', '$fromMillis(0, "[Y,*-1000000000]")', 'at most three digits'],
      ['a wide date of now', '$now("[Y,9999]")', 'at most three digits'],
      ['a long picture', '$formatInteger(1, $pad("", 1000, "0"))', 'at most 256 characters'],
      [
        'a picture with many readings',
        '$toMillis("1111111111111111111111111111111111111111x", "[Y]1[M]1[D]1[H]1[m]1[s]1[f]")',
        'must be separated',
      ],
      [
        'words side by side',
        '$toMillis("                                        x", "[Yw] [Mw] [Dw] [Hw] [mw]")',
        'must be separated',
      ],
      ['a long timestamp', '$toMillis($pad("", 1000, "1"), "[Y]")', 'at most 64 characters'],
      ['a thenable', 'function($f) { {"then": $f} }(function($x) { 1 })', 'cannot be a function'],
      [
        'a thenable by a computed key',
        'function($f) { {"th" & "en": [$f][0]} }(function($x) { 1 })',
        'cannot be a function',
      ],
      ['a thenable in a group', 'function($f) { [$f]{"then": $} }(function($x) { 1 })', 'cannot be a function'],
      ['a thenable in a path', '(function($f) { [$f]@$then[0] })(function($x) { 1 })', 'cannot be $then'],
    ]),
  )('%s', async (_what, text, part) => {
    const first = await outcome(text)
    expect(first).toContain(part)
    // The outcome is counted, not timed.
    if (isWhole) expect(await outcome(text)).toBe(first)
  })

  test('data that is nested deeper than the stack', async () => {
    let input: Json = 'x'
    for (let level = 0; level < 50_000; level += 1) input = [input]
    expect(await outcome('$count($states.input)', input)).toContain('nested deeper than 200 levels')
    expect(await outcome('$states.input[]', input)).toContain('error during evaluation')
  })

  test.each(['substringBefore', 'substringAfter'])('$%s looks as long as $contains', async (name) => {
    const text = `($a := $pad("", 800000, "a"); $h := $pad("", 100000, "a"); $${name}($a, $h & "b" & $h))`
    expect(await outcome(text)).toContain(STEPS)
  })

  test('the last resort is a clock', async () => {
    const compilation = await compile('($f := function($x) { $f($x + 1) }; $f(1))')
    if (!compilation.ok) return expect.fail(compilation.message)
    const meter = new Meter({ now: 0, random: new SeededRandom(1) })
    meter.spend = () => undefined
    const real = Date.now
    let reads = 0
    // JSONata reads the clock at every node; a minute passes at the hundredth.
    Date.now = () => real() + (++reads > 100 ? 60_000 : 0)
    try {
      await expect(compilation.compiled.expression.evaluate(undefined, { [METER]: meter })).rejects.toMatchObject({
        code: 'D1012',
      })
    } finally {
      Date.now = real
    }
  })

  test('what runs beside a failed member of a constructor draws no more chance', async () => {
    let drawn = 0
    const fraction = () => {
      drawn += 1
      return 0
    }
    const random = { hex: () => '', fraction }
    const flow = {
      language: 'jsonata',
      output: '{% [$error("no"), $map([1..1000], function($x) { $random() })] %}',
    } as const
    const sight = { input: null, context: {}, variables: {}, now: 0, random }
    await expect(jsonataLanguage.finish(flow, sight, null)).rejects.toThrow('D3137: no')
    const before = drawn
    await new Promise((resolve) => setImmediate(resolve))
    expect(drawn).toBe(before)
    expect(drawn).toBeLessThan(1000)
  })

  test('work that a change needs is within the limits', { tags: ['long', 'turn'] }, async () => {
    const devices = Array.from({ length: 10_000 }, (_, index) => ({
      name: `leaf${index}`,
      role: index % 2 ? 'a' : 'b',
    }))
    expect(await outcome('$count($states.input[role = "a"])', devices)).toBe(5000)
    expect(await outcome('$states.input{role: $count($)}', devices)).toEqual({ b: 5000, a: 5000 })
    expect(await outcome('$count($distinct($states.input.name))', devices)).toBe(10_000)
    expect(await outcome('$sort($states.input.name)[0]', devices)).toBe('leaf0')
    expect(await outcome('$count($map($states.input, function($d) { $d.name & "/" & $d.role }))', devices)).toBe(10_000)
    expect(await outcome('$count($states.input^(name))', devices.slice(0, 6000))).toBe(6000)
    expect(await outcome('$string($states.input) ~> $parse() ~> $count()', devices)).toBe(10_000)
  })
})

describe('limits of a text', () => {
  test.each([
    ['a long one', `"${'a'.repeat(16_384)}"`, 'longer than 16384 characters'],
    ['parentheses', `${'('.repeat(300)}1${')'.repeat(300)}`, 'nested deeper than 250 levels'],
    [
      'more parentheses than the stack holds',
      `${'('.repeat(8000)}1${')'.repeat(8000)}`,
      'nested deeper than 250 levels',
    ],
    ['a long sum', Array.from({ length: 300 }, () => '1').join('+'), 'nested deeper than 250 levels'],
    ['defaults of defaults', `${'('.repeat(30)}$a${' ?? $b)'.repeat(30)}`, 'groups have a default'],
    ['elvis of elvis, with comments', `${'('.repeat(30)}$a${' ) /* * / */ ?: $b'.repeat(30)}`, 'groups have a default'],
    ['$match', '$match("a", /a/)', '$match is refused'],
    ['$match by another name', '($m := $match; $m("a", "b"))', '$match is refused'],
    ['$eval', '$eval("1")', '$eval is disabled'],
    ['$eval by another name', '($e := $eval; $e("1"))', '$eval is disabled'],
    [
      'a regular expression',
      '$contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
      'Regular expressions are refused',
    ],
    ['a repetition', '$contains("a", /a*/)', 'Regular expressions are refused'],
    ['an alternative', '$contains("a", /a|b/)', 'Regular expressions are refused'],
    ['a lookahead', '$contains("a", /(?=a)/)', 'Regular expressions are refused'],
    ['a reference', '$contains("a", /(a)\\1/)', 'Regular expressions are refused'],
    ['a regular expression to split at', '$split("a", /,/)', 'Regular expressions are refused'],
    ['a regular expression to replace', '$replace("a", /a/, "b")', 'Regular expressions are refused'],
    ['a regular expression in a filter', '$states.input[a ~> /x/]', 'Regular expressions are refused'],
    ['a regular expression in a variable', '($r := /a/; $contains("a", $r))', 'Regular expressions are refused'],
    ['a long pattern', `$contains("a", /${'a'.repeat(65)}/)`, 'Regular expressions are refused'],
    ['a signature', 'function($x)<(]*)*(a*[):n>{ $x }(1)', 'Signatures of lambdas are refused'],
  ])('%s', async (_what, text, part) => {
    expect(await outcome(text)).toContain(part)
  })

  test('a matcher of one’s own is no pattern to split and replace by', async () => {
    const matcher = 'function($s) { {"match": "a", "start": 0, "end": 1, "groups": []} }'
    expect(await outcome(`$split("abc", ${matcher})`)).toContain('T0410: Argument 2 of function "split"')
    expect(await outcome(`$replace("abc", ${matcher}, "b")`)).toContain('T0410: Argument 2 of function "replace"')
    expect(await outcome('$replace("abc", "a", function($m) { "b" })')).toContain('T0410: Argument 3')
  })

  test('an expression is compiled once, and what was not used longest is forgotten', {
    tags: ['long', 'turn'],
  }, async () => {
    const first = compile('1 + 41')
    expect(compile('1 + 41')).toBe(first)
    for (let index = 0; index < 2000; index += 1) {
      void compile(`${index} * 7`)
      if (index === 1000) expect(compile('1 + 41')).toBe(first)
    }
    expect(compile('1 + 41')).toBe(first)
    expect(compile('0 * 7')).not.toBe(undefined)
    for (let index = 0; index < 2000; index += 1) await compile(`${index} * 11`)
    expect(compile('1 + 41')).not.toBe(first)
  })
})
