import { describe, expect, test } from 'vitest'
import type { RosterValue } from '../../../../src/change/roster/hosts/roster.ts'
import { hostValues } from '../../../../src/change/roster/value/host-values.ts'
import { keepKeys, WholeFloat } from '../../../../src/model/json.ts'
import { ValueFault } from '../../../../src/model/once.ts'
import { ownHost, plain } from '../own-tree.ts'

const map = { a: 1, b: ['x'], 10: 'ten' }
keepKeys(map, ['a', 'b', 10])

const VARS: Readonly<Record<string, RosterValue>> = {
  n: 5,
  f: new WholeFloat(1),
  b: true,
  nul: null,
  t: 'text',
  num: '5',
  list: [1, 'two', { three: 3 }],
  map,
  via: '{{ n }}',
  viab: '{{ b }}',
  vial: '{{ list }}',
  und: '{{ missing }}',
  jsonish: '{"a": true, "b": null}',
  tpl: '{{ "{{ n }}" }}',
  json: '{{ list | to_json }}',
}

/** Texts, and what the Templar of ansible-core 2.14.18 makes of them with these variables (lookups off). */
const RENDERED: readonly (readonly [text: string, value: unknown])[] = [
  ['{{ n }}', 5],
  ['{{n}}', 5],
  ['{{ n }}\n', 5],
  [' {{ n }}', ' 5'],
  ['{{ n }}{{ n }}', '55'],
  ['{{ n + 1 }}', '6'],
  ['{{ f }}', 'float 1'],
  ['{{ b }}', true],
  ['{{ not b }}', false],
  ['{{ not b }}\n', false],
  ['{{ nul }}', null],
  ['x{{ nul }}', 'x'],
  ['{{ num }}', '5'],
  ['{{ list }}', [1, 'two', { three: 3 }]],
  ['{{ map }}', { a: 1, b: ['x'], 10: 'ten' }],
  ['{{ map.a }}', '1'],
  ['{{ map[10] }}', 'ten'],
  ['{{ via }}', '5'],
  ['{{ viab }}', true],
  ['{{ vial }}', [1, 'two', { three: 3 }]],
  ['{{ vial[2].three }}', '3'],
  ["{{ und | default('d') }}", 'd'],
  ['{{ und is defined }}', false],
  ['{{ jsonish }}', { a: true, b: null }],
  ['{{ tpl }}', '{{ n }}'],
  ['[{{ n }}, {{ n }}]', [5, 5]],
  ['{a: {{ n }}}', '{a: 5}'],
  [
    "{'a': {{ n }}, 'b': (1, 2), 'c': None, 'd': 1e3, 'e': 0x10, 'f': -1}",
    { a: 5, b: [1, 2], c: null, d: 'float 1000', e: 16, f: -1 },
  ],
  ['{{ t }} {# c #}', 'text '],
  ['{# c #}', ''],
  ['{% raw %}{{ x }}{% endraw %}', '{{ x }}'],
  ['{% if b %}\n yes\n  {% endif %}\nend\n', ' yes\n  end\n'],
  ["{{ 'a\\1b' }}", 'a\\1b'],
  ["{{ 'ab' | regex_replace('(a)', '\\1\\1') }}", 'aab'],
  ['%H__%D{%H:%M:%S}%v%P', '%H__%D{%H:%M:%S}%v%P'],
  ['{{ unclosed', '{{ unclosed'],
  ['{{ a) }}', '{{ a) }}'],
  ["{{ 'x }}", "{{ 'x }}"],
  ['x }} {{ n }}', 'x }} 5'],
  ["{{ {'a': [1]} }}", { a: [1] }],
  ['{{ range(3) }}', [0, 1, 2]],
  ["{{ [1,2] | map('string') }}", ['1', '2']],
  [
    '{{ map.items() }}',
    [
      ['a', 1],
      ['b', ['x']],
      [10, 'ten'],
    ],
  ],
  ["{{ [1,2,3] | join(',') }}", '1,2,3'],
  ["{{ '[1, 2' }}", '[1, 2'],
  ["{{ '[a, b]' }}", '[a, b]'],
  ["{{ 'True' }}", true],
  ["{{ 'true' }}", 'true'],
  ["{{ '[true, null]' }}", [true, null]],
  ["{{ '[1] # c' }}", [1]],
  ["{{ '[1]\\n' }}", '[1]\\n'],
  ["{{ '[1][0]' }}", '[1][0]'],
  ["{{ '[1, 1+2]' }}", '[1, 1+2]'],
  ["{{ '[007]' }}", '[007]'],
  ["{{ \"['a' 'b']\" }}", ['ab']],
  ["{{ '[1,]' }}", [1]],
  ["{{ '(1, 2)' }}", '(1, 2)'],
  ['{{ list }}, {{ n }}', [[1, 'two', { three: 3 }], 5]],
  ["{{ '[1],' }}", [[1]]],
  ["{{ '[1]' }}\n  {# c #}", '[1]\n  '],
  ["{{ '[1]' }}\n  {% if b %}{% endif %}\n", '[1]\n  \n'],
  ["{{ '[1]' }}\n, 2", '[1]\n, 2'],
  ['{{ 1.0 }}', '1.0'],
  ['{{ [1.0, 2.50] }}', ['float 1', 2.5]],
  ["{{ n == 5 and 'yes' }}", 'yes'],
  ["{{ t | upper }}{{ '' }}", 'TEXT'],
  ["{{ '' }}", ''],
  ['#jinja2: trim_blocks: False\n{% if b %}\nx{% endif %}\n', '\nx\n'],
  ['a\n{{ n }}\n\n', 'a\n5\n\n'],
  ['{{ list | to_json }}', '[1, "two", {"three": 3}]'],
  ['{{ [1, 2] | to_yaml }}', '[1, 2]\n'],
  ['{{ [1, 2] | to_yaml | trim }}', [1, 2]],
  ["{{ '[1, 2]' | from_yaml }}", [1, 2]],
  ['{{ json }}', '[1, "two", {"three": 3}]'],
  ["{{ json | default('d') }}", '[1, "two", {"three": 3}]'],
  ["{{ und | default('[1]') }}", [1]],
  ['{{ json }}{{ t[:0] }}', [1, 'two', { three: 3 }]],
  ['{{ 12345678901234567890 }}', '12345678901234567890'],
  ['{{ [12345678901234567890] }}', [12345678901234567890n]],
]

/** Texts that Ansible refuses too. */
const REFUSED: readonly (readonly [text: string, message: string])[] = [
  ["{{ map['10'] }}", 'there is no `10` here (a dict)'],
  ['{{ und }}', '`missing` is not defined'],
  ['{{ x y }}', 'the end of the expression is expected, not `y`'],
  ['{% if %}', 'an expression is expected, not the end of the tag'],
  ["{{ lookup('env', 'HOME') }}", "lookup('env') is not run"],
  ["{{ lookup('file', '/etc/motd') }}", "lookup('file') is not run"],
  ["{{ lookup('template', 'a.j2') }}", "lookup('template') is not run"],
  ['{{ omit }}', '`omit` is not defined'],
  ['{{ vars.n }}', '`vars` is not read: a value sees the variables of one host alone'],
]

describe('what Ansible makes of a text', () => {
  test.each(RENDERED)('[V7] %j', (text, value) => {
    expect(plain(hostValues(ownHost({ ...VARS, asked: text })).get('asked'))).toEqual(value)
  })

  test.each(REFUSED)('%j is refused', (text, message) => {
    const values = hostValues(ownHost({ ...VARS, asked: text }))
    expect(() => values.get('asked')).toThrow(ValueFault)
    expect(() => values.get('asked')).toThrow(message)
    expect(plain(values.get('n'))).toBe(5)
  })
})
