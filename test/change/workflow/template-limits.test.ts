// @module-tag long
import { describe, expect, test } from 'vitest'
import { renderTemplate, templateProblems } from '../../../src/change/workflow/template/render.ts'
import { everyNthOfLong } from '../../extent.ts'

const AT = { file: 't.j2', line: 1, column: 1 }

/** The code of what is wrong with a template; afterwards the renderer has to be as good as new. */
function codeOf(text: string) {
  const rendered = renderTemplate(text, AT, {})
  expect(renderTemplate('vlan {{ 5 }}', AT, {})).toEqual({ ok: true, value: 'vlan 5' })
  return rendered.ok ? undefined : rendered.problems[0].code
}

/** What each is called, the template, and the code of the problem. */
const HUNGRY: readonly (readonly [string, string, string])[] = [
  ['a text times a billion', "{{ 'x' * 1000000000 }}", 'template-size'],
  [
    'a text that doubles',
    `{% set x = 'aaaaaaaaaaaaaaaa' %}${'{% set x = x ~ x %}'.repeat(40)}{{ x }}`,
    'template-size',
  ],
  ['fifty thousand negations', `{{ ${'not '.repeat(50_000)}1 }}`, 'template-size'],
  ['fifty thousand filters', `{{ 1${'|upper'.repeat(50_000)} }}`, 'template-size'],
  ['an indent of a billion', "{{ 'x'|indent(1000000000) }}", 'template-size'],
  ['a hundred letters for each of a million', "{{ ('a' * 1000000)|replace('a', 'b' * 100)|length }}", 'template-size'],
  ['twelve million signs that are escaped', "{{ ('&' * 12000000)|e|length }}", 'template-size'],
  ['a list that holds itself', '{% set n = [] %}{% set _ = n.append(n) %}{{ n }}', 'template-size'],
  [
    'a list of lists that holds a million ones',
    '{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}',
    'template-fuel',
  ],
  [
    'the same as JSON',
    '{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x|to_json }}',
    'template-fuel',
  ],
  [
    'the same in capitals',
    '{% set n = namespace(x=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x|upper }}',
    'template-fuel',
  ],
  [
    'the same as a key',
    '{% set n = namespace(x=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}{{ {n.x: 1} }}',
    'template-size',
  ],
  [
    'a mapping of mappings, combined',
    "{% set n = namespace(x={}) %}{% for i in range(60) %}{% set n.x = {'a': n.x, 'b': n.x} %}{% endfor %}{{ n.x|combine(n.x, recursive=true) }}",
    'template-fuel',
  ],
  [
    'a tuple of tuples, put in order',
    '{% set n = namespace(x=(1,), y=(1,)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% set n.y = (n.y, n.y) %}{% endfor %}{{ n.x < n.y }}',
    'template-fuel',
  ],
  [
    'the items of a long mapping, asked for often',
    '{% set d = dict(range(50000)|zip(range(50000))) %}{% for i in range(9999) %}{% for k, v in d.items() %}{% break %}{% endfor %}{% endfor %}',
    'template-size',
  ],
  ['a namespace that holds itself', '{% set n = namespace(x=[]) %}{% set n.x = [n] %}{{ n }}', 'template-error'],
  [
    'a loop of a hundred million',
    '{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}',
    'template-fuel',
  ],
  ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', 'template-error'],
  ['all orders of twelve', '{{ range(12)|permutations|list|length }}', 'template-size'],
  [
    'two long lists compared often',
    '{% set l = range(99999)|list %}{% for i in range(999) %}{{ l == l|list }}{% endfor %}',
    'template-fuel',
  ],
  ['a range of a trillion', "{{ '1-9999999/1-9999999'|arista.avd.range_expand }}", 'template-size'],
  ['a number of half a million digits', "{{ ('9' * 500000)|int }}", 'template-filter'],
  ['a billion blanks', "{{ 'a'|center(1000000000) }}", 'template-size'],
  ['a number of a billion digits', "{{ '%1000000000d'|format(1) }}", 'template-size'],
  ['a power of a billion', '{{ 10 ** (10 ** 9) }}', 'template-size'],
  ['a range of a hundred million', "{{ '1-99999999'|arista.avd.range_expand }}", 'template-size'],
  [
    'a macro that calls itself twice',
    '{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(50) }}',
    'template-fuel',
  ],
  ['a pattern that comes back', "{{ ('a' * 5000)|regex_replace('(a+)+$b', 'x') }}", 'template-fuel'],
  [
    'a pattern that comes back a little, often',
    "{% for i in range(1000) %}{{ ('a' * 20 ~ i)|regex_search('^(a+)+$') }}{% endfor %}",
    'template-fuel',
  ],
  ['a pattern with four ways', "{{ ('x' * 200000)|regex_replace('x*x*x*y', '') }}", 'template-fuel'],
  [
    'a plain pattern, often',
    "{% for i in range(100000) %}{{ ('a' * 3000) is search('a*b') }}{% endfor %}",
    'template-fuel',
  ],
  ['a pattern with a million parts', "{{ 'a' is match('(?:a{1000}){1000}') }}", 'template-error'],
  ['a pattern with a million places to come back to', "{{ ('a' * 1100000) is match('(?:a|b)*c') }}", 'template-size'],
  [
    'a text searched often',
    "{% set l = 'a' * 10000000 %}{% for i in range(9999) %}{{ 'b' in l }}{% endfor %}",
    'template-fuel',
  ],
  [
    'a text of two halves a letter, measured often',
    "{% set l = 'ä😀' * 5000000 %}{% for i in range(9999) %}{{ l|length }}{% endfor %}",
    'template-fuel',
  ],
  ['a long number raised often', '{% for i in range(99999) %}{% set y = 3 ** 12000 %}{% endfor %}', 'template-fuel'],
  [
    'a long number read often',
    "{% for i in range(99999) %}{% set x = ('9' * 4000)|int %}{% endfor %}",
    'template-fuel',
  ],
  ...['l|urlencode', 'l|title', 'l|capitalize', 'l.title()', 'l.swapcase()'].map((slow): [string, string, string] => [
    `a long text, letter by letter, often: ${slow}`,
    `{% set l = 'a' * 10000000 %}{% for i in range(9999) %}{% set x = ${slow} %}{% endfor %}`,
    'template-fuel',
  ]),
  [
    'new patterns with long programs, often',
    "{% for i in range(99999) %}{% set x = 'b' is match('a{900}' ~ i) %}{% endfor %}",
    'template-fuel',
  ],
  ['a file of the machine', "{% include '/etc/passwd' %}", 'template-error'],
]

describe('a template that would take the process with it', () => {
  test.each(everyNthOfLong(6, 'templates that would take the process with them', HUNGRY))(
    '%s is a problem, twice in one process',
    (_, text, code) => {
      expect([codeOf(text), codeOf(text)]).toEqual([code, code])
    },
  )

  test('ends after as many steps as a new one where its pattern was matched before', () => {
    const stops = [1, 2].map(() => {
      const template = '{% for i in range(99999) %}{% set x = "b" is match("a{900}c") %}{{ i }} {% endfor %}'
      const rendered = renderTemplate(template, AT, {})
      return rendered.ok ? 'rendered' : rendered.problems[0].message
    })
    expect(stops).toEqual(['the template takes more than 1000000 steps', 'the template takes more than 1000000 steps'])
  })

  test('is a problem before it is rendered, too', () => {
    expect(templateProblems(`{{ ${'not '.repeat(50_000)}1 }}`, AT, [])).toMatchObject([{ code: 'template-size' }])
    expect(templateProblems('{{ 1 }}', AT, [])).toEqual([])
  })

  test('ends at the same step whenever it is rendered, and names the pattern', { tags: ['long', 'turn'] }, () => {
    const template = "{% for i in range(99) %}{{ i }}{{ ('a' * i) is match('(a+)+$b') }}{% endfor %}"
    const problems = [1, 2].map(() => {
      const rendered = renderTemplate(template, AT, {})
      return rendered.ok ? [] : rendered.problems
    })
    expect(problems[0]).toEqual(problems[1])
    expect(problems[0]).toMatchObject([
      {
        code: 'template-fuel',
        message: 'the template takes more than 1000000 steps, matching `\\A(?:(a+)+$b)`',
        hint: 'write the pattern without a repetition inside a repetition: (a+)+ takes for ever',
      },
    ])
  })

  test('of a megabyte of text is searched with a usual pattern', () => {
    const template =
      "{% set text = 'interface Ethernet1\\n   no shutdown\\n' * 27000 %}{{ text|regex_findall('(?m)^interface (\\\\S+)$')|length }}"
    expect(renderTemplate(template, AT, {})).toEqual({ ok: true, value: '27000' })
  })

  test('that asks for the subnets of the whole internet gets their number', () => {
    expect(renderTemplate("{{ '0.0.0.0/0'|ipsubnet(32) }}", AT, {})).toEqual({ ok: true, value: '4294967296' })
  })

  test('of a megabyte of lines is rendered', () => {
    const rendered = renderTemplate('{% for i in range(40000) %}interface Ethernet{{ i }}\n{% endfor %}', AT, {})
    expect(rendered.ok && rendered.value.length).toBe(948_890)
  })
})
