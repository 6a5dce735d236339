import { describe, expect, test } from 'vitest'
import { withMemoryLimit } from '../../src/workflow/template/memory-limit.ts'
import { renderTemplate, templateFault } from '../../src/workflow/template/render.ts'

const AT = { file: 't.j2', line: 1, column: 1 }

/** The code of what is wrong with a template; afterwards the engine has to be as good as new. */
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
    ['a name that holds itself', '{% set n = namespace(x=[]) %}{% set n.x = [n] %}{{ n }}', 'template-size'],
    [
      'a loop of a hundred million',
      '{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}',
      'template-fuel',
    ],
    ['a macro that calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}', 'template-error'],
    ['a file of the machine', "{% include '/etc/passwd' %}", 'template-error'],
  ])('%s is a problem, twice in one process', (_, text, code) => {
    expect([codeOf(text), codeOf(text)]).toEqual([code, code])
  })

  test('is a problem before it is rendered, too', () => {
    expect(templateFault(`{{ ${'not '.repeat(50_000)}1 }}`, AT)).toMatchObject({ code: 'template-size' })
    expect(templateFault('{{ 1 }}', AT)).toBeUndefined()
  })

  test('of a megabyte of lines is rendered', () => {
    const rendered = renderTemplate('{% for i in range(40000) %}interface Ethernet{{ i }}\n{% endfor %}', AT, {})
    expect(rendered.ok && rendered.value.length).toBe(948_890)
  })
})

describe('the end of a memory', () => {
  /** `(module (memory (export "m") 1) ...)`: header, one memory of a page without a maximum, and its export. */
  const MODULE = Buffer.from('0061736d010000000503010001070501016d0200', 'hex')
  const run = (bytes: Uint8Array): { grow(pages: number): number } => {
    const { Module, Instance } = Reflect.get(globalThis, 'WebAssembly')
    return new Instance(new Module(bytes)).exports.m
  }

  test('is where it was set: a page before it there is room, and behind it none', () => {
    expect(run(MODULE).grow(200)).toBe(1)
    const limited = run(withMemoryLimit(MODULE, 200))
    expect(limited.grow(199)).toBe(1)
    expect(() => limited.grow(1)).toThrow(RangeError)
  })

  test('is not set where there is no memory, or one that has an end', () => {
    expect(() => withMemoryLimit(MODULE.subarray(0, 8), 1)).toThrow(RangeError)
    expect(() => withMemoryLimit(withMemoryLimit(MODULE, 200), 1)).toThrow(RangeError)
  })
})
