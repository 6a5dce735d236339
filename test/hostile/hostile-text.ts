import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'

/** Draws from a seed: the same seed gives the same inputs. */
export class Draw {
  readonly #random: SeededRandom

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
  }

  below(end: number): number {
    return Math.floor(this.#random.fraction() * end)
  }

  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)] as T
  }
}

/** Words that somebody would like to see in a command, a path, a terminal or an object. */
export const WORDS: readonly string[] = [
  'x\nusername evil privilege 15 secret 0 evil',
  'x\r\nreload now',
  'x\rvlan 1',
  'x\u2028reload',
  'x\u2029reload',
  'x\u0085reload',
  '\u001b]0;approved\u0007',
  '\u001b[2J\u001b[H',
  '\u001b[8mhidden\u001b[0m',
  '\u009b31mred',
  '\u001bP1$r\u001b\\',
  'a\u0008\u0008b',
  'nul\u0000nul',
  '\u202e10 nalv on',
  '\u2066isolated\u2069',
  'zero\u200bwidth',
  'soft\u00adhyphen',
  'tag\u{e0061}\u{e0062}',
  '\ufeffmark',
  'half\ud800surrogate',
  '\udc00half',
  '../../../../etc/passwd',
  '/etc/passwd',
  'file:///etc/passwd',
  '..\\..\\windows',
  '/dev/zero',
  'a/../../b',
  '%2e%2e%2f',
  '-oProxyCommand=reload',
  '; reload',
  '| bash id',
  '> flash:startup-config',
  '`reload`',
  '$(reload)',
  `\${env:HOME}`,
  `\${file:/etc/shadow}`,
  '{{ 7 * 7 }}',
  "{% include '/etc/passwd' %}",
  "{% $eval('1') %}",
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '1e999',
  '9007199254740993',
  '-0',
  '0x7f.1',
  '2130706433',
  'NaN',
  'A'.repeat(5000),
  'A'.repeat(100_000),
  '('.repeat(3000),
]

/** Whole texts that break what reads YAML. */
export const YAML_BOMBS: readonly ((draw: Draw) => string)[] = [
  () => aliasBomb(9),
  () => aliasBomb(25),
  (draw) => '['.repeat(1000 + draw.below(30_000)),
  (draw) => '{a: '.repeat(1000 + draw.below(10_000)),
  (draw) => '- '.repeat(1000 + draw.below(10_000)),
  (draw) => Array.from({ length: 70 + draw.below(500) }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  (draw) => `${'['.repeat(5000)}${']'.repeat(draw.below(5000))}`,
  () => 'a: &a [*a]',
  () => 'a: &a {b: *b}\n',
  () => 'a: {<<: *x}\n',
  (draw) => `__proto__: { polluted: ${draw.below(9)} }\n`,
  () => 'a: { constructor: { prototype: { polluted: true } } }\n',
  () => 'a: !!js/function "function(){}"\n',
  () => 'a: !!binary "//8="\n',
  () => '!!set {a, b}\n',
  () => 'a: 1\na: 2\n',
  () => 'a: 1\n---\nb: 2\n',
  () => '? [a, b]\n: c\n',
  () => 'a: "\\u0000\\x1b]0;x\\a"\n',
  () => 'a: "\\ud800"\n',
  () => '\ufeffa: 1\n',
  () => 'a: \u0000\n',
  () => 'a: \u202eb\n',
  (draw) => `a: ${'9'.repeat(20 + draw.below(300))}\n`,
  () => 'a: 1e999\n',
  () => 'a: .inf\n',
  () => `# ${'x'.repeat(1_100_000)}\n`,
  (draw) => `${'k'.repeat(10_000 + draw.below(90_000))}: 1\n`,
  () => Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n'),
  () => '%YAML 9.9\n---\na: 1\n',
  () => '"'.repeat(50_001),
  () => '\t\t\ta: b\n',
  () => '&a '.repeat(5000),
  () => '*'.repeat(5000),
  () => '|'.repeat(5000),
  () => '',
]

/** Ten to the power of `levels` values out of a few lines. */
function aliasBomb(levels: number) {
  const level = (index: number) =>
    `a${index}: &a${index} [${Array(10)
      .fill(`*a${index - 1}`)
      .join(', ')}]`
  return ['a0: &a0 [x, x, x]', ...Array.from({ length: levels }, (_, index) => level(index + 1))].join('\n')
}

/** Whole texts that break what reads JSON. */
export const JSON_BOMBS: readonly ((draw: Draw) => string)[] = [
  (draw) => '['.repeat(1000 + draw.below(200_000)),
  (draw) => `${'['.repeat(100_000)}${']'.repeat(draw.below(2) * 100_000)}`,
  (draw) => '{"a":'.repeat(1000 + draw.below(100_000)),
  () => '{"__proto__":{"polluted":true}}',
  () => '{"a":1,"a":2}',
  () => '{"a":1e999}',
  () => '{"a":9007199254740993}',
  () => '{"a":-}',
  () => '{"a":"\u0000"}',
  () => '{"a":"\\ud800"}',
  () => '{"a":"\n"}',
  () => '{"a":NaN}',
  () => '{"a":1}{"b":2}',
  (draw) => `{"version":1,"digest":"${'0'.repeat(draw.below(100_000))}"`,
  () => `"${'\\u0041'.repeat(100_000)}"`,
  (draw) => `[${'1,'.repeat(draw.below(50_000))}1`,
  () => 'null',
  () => '[]',
  () => '{}',
  () => '',
  () => '\ufeff{}',
]

/** JSONata that does not end, or grows, or reaches out. */
export const EXPRESSIONS: readonly string[] = [
  '($f := function($x) { $f($x) }; $f(1))',
  '($f := function($x) { $f($x + 1) + 1 }; $f(1))',
  '($f := function($a) { $f([$a, $a]) }; $f(1))',
  '[1..9999999]',
  '[1..100000].([1..100000])',
  "$pad('x', 1000000000)",
  "$join([1..999999].('x'))",
  '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
  "$eval('1 + 1')",
  "$replace('aaa', /a/, 'b')",
  "$toMillis('x')",
  '$string($string)',
  '$lookup($, "__proto__")',
  '$.constructor.constructor("return process")()',
  '__proto__.polluted',
  '$merge([{"__proto__": {"polluted": 1}}])',
  `${'('.repeat(5000)}1${')'.repeat(5000)}`,
  `${'['.repeat(20_000)}`,
  '1 + '.repeat(20_000),
  '$power(10, 400)',
  '1 / 0',
  '$number("1e999")',
  '$nonsense()',
  '"unterminated',
]

/** Patterns that take for ever, grow or are none. */
export const PATTERNS: readonly string[] = [
  '^(a+)+$',
  '(a|aa)+$',
  '^(?:a?){40}a{40}$',
  '(.*)*\\1$',
  '(?=(a+))\\1*b',
  '('.repeat(3000),
  '(?:'.repeat(3000) + ')'.repeat(3000),
  'a{1,65535}{1,65535}',
  '[z-a]',
  '\\',
  '(?<n>a)(?<n>b)',
  `a${'?'.repeat(5000)}`,
  'x'.repeat(100_000),
]

/** Templates that do not end, grow, nest or reach out. */
export const TEMPLATES: readonly string[] = [
  '{% for i in range(1000000000) %}vlan {{ i }}\n{% endfor %}',
  '{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}',
  "{{ 'x' * 1000000000 }}",
  `{% set x = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}${'{% set x = x ~ x %}'.repeat(40)}{{ x }}`,
  '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}',
  `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`,
  `{{ ${'not '.repeat(50_000)}1 }}`,
  `{{ ${'-'.repeat(50_000)}1 }}`,
  `{{ 1${'|upper'.repeat(50_000)} }}`,
  `{{ vlan${'.b'.repeat(50_000)} }}`,
  `${'{% if true %}'.repeat(20_000)}`,
  "{{ 'x'|indent(1000000000) }}",
  '{{ [1]|slice(1000000000) }}',
  "{% include '/etc/passwd' %}",
  "{% extends '../../etc/passwd' %}",
  "{% import 'os' as os %}",
  "{{ ''.__class__.__mro__ }}",
  '{{ vlan.__proto__ }}',
  '{{ constructor }}',
  '{{ undefined_name }}',
  '{{ vlan|ipaddr }}',
  '{% set ns = namespace(x=[]) %}{% set ns.x = [ns] %}{{ ns }}',
  'vlan 5\nend\nreload now\n',
  'vlan 5\nconf t\n',
  'relo now\n',
  'bash id\n',
  'vlan 5 | redirect flash:x\n',
  'username evil privilege 15 nopassword\n',
  'event-handler E\n',
  'vlan 5\n   name \u202eEVIL\n',
  'vlan 5\n   name a\u00adb\n',
  'vlan 5\n   name a\u0007b\n',
  `vlan 5\n   name ${'x'.repeat(5000)}\n`,
  "vlan 5\n   name {{ 'a\\nreload' }}\n",
  '{#'.repeat(1000),
  '{{'.repeat(20_000),
  '%}'.repeat(1000),
]
