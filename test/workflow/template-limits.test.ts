import { describe, expect, test } from 'vitest'
import { renderTemplate, templateProblems } from '../../src/workflow/template/render.ts'

const AT = { file: 't.j2', line: 1, column: 1 }

/** The code of what is wrong with a template; afterwards the renderer has to be as good as new. */
function codeOf(text: string): string | undefined {
  const rendered = renderTemplate(text, AT, {})
  expect(renderTemplate('vlan {{ 5 }}', AT, {})).toEqual({ ok: true, value: 'vlan 5' })
  return rendered.ok ? undefined : rendered.problems[0].code
}

describe('a template that would take the process with it', () => {
  test.each([
    ['a text times a billion', "{{ 'x' * 1000000000 }}", 'template-size'],
    [
      'a text that doubles',
      `{% set x = 'aaaaaaaaaaaaaaaa' %}${'{% set x = x ~ x %}'.repeat(40)}{{ x }}`,
      'template-size',
    ],
    ['fifty thousand negations', `{{ ${'not '.repeat(50_000)}1 }}`, 'template-size'],
    ['fifty thousand filters', `{{ 1${'|upper'.repeat(50_000)} }}`, 'template-size'],
    ['an indent of a billion', "{{ 'x'|indent(1000000000) }}", 'template-size'],
    ['a list that holds itself', '{% set n = [] %}{% set _ = n.append(n) %}{{ n }}', 'template-size'],
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
    ['a file of the machine', "{% include '/etc/passwd' %}", 'template-error'],
  ])('%s is a problem, twice in one process', (_, text, code) => {
    expect([codeOf(text), codeOf(text)]).toEqual([code, code])
  })

  test('is a problem before it is rendered, too', () => {
    expect(templateProblems(`{{ ${'not '.repeat(50_000)}1 }}`, AT, [])).toMatchObject([{ code: 'template-size' }])
    expect(templateProblems('{{ 1 }}', AT, [])).toEqual([])
  })

  test('of a megabyte of lines is rendered', () => {
    const rendered = renderTemplate('{% for i in range(40000) %}interface Ethernet{{ i }}\n{% endfor %}', AT, {})
    expect(rendered.ok && rendered.value.length).toBe(948_890)
  })
})
