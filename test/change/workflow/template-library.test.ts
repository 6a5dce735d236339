import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/index.ts'

describe('renderTemplate of the library', () => {
  test('gives the text', () => {
    expect(renderTemplate('vlan {{ vlan }}\n', { vlan: 110 })).toEqual({ ok: true, text: 'vlan 110\n' })
    expect(
      renderTemplate('{{ a }} {{ b }} {{ c }}', { a: 10n ** 20n, b: [null, true], c: new Map([['z', 1]]) }),
    ).toEqual({
      ok: true,
      text: "100000000000000000000 [None, True] {'z': 1}",
    })
  })

  test('gives problems with line and column', () => {
    expect(renderTemplate('vlan 1\nvlan {{ vlna }}\n', { vlan: 110 }, { file: 'vlan.j2' })).toEqual({
      ok: false,
      problems: [
        {
          code: 'template-undefined',
          message: '`vlna` is not defined',
          at: { file: 'vlan.j2', line: 2, column: 9 },
          hint: 'did you mean `vlan`?; a parameter is declared under `params`',
        },
      ],
    })
  })

  test('keeps 1 and 1.0 apart in JSON text, and refuses a number that has lost digits', () => {
    expect(renderTemplate('{{ a }} {{ b }}', '{"a": 1.0, "b": 12345678901234567890}')).toEqual({
      ok: true,
      text: '1.0 12345678901234567890',
    })
    const lost = renderTemplate('{{ a }}', { a: 2 ** 60 })
    expect(!lost.ok && lost.problems[0]?.message).toBe('the number 1152921504606847000 has lost digits')
    expect(renderTemplate('{{ a }}', '{"a": }').ok).toBe(false)
  })

  test('finds other templates where it is shown how, and leaves white space as it is asked to', () => {
    const find = (name: string) => (name === 'a.j2' ? 'A{{ x }}' : undefined)
    expect(renderTemplate("{% include 'a.j2' %}", { x: 1 }, { find })).toEqual({ ok: true, text: 'A1' })
    expect(renderTemplate("{% include 'b.j2' %}", { x: 1 }, { find }).ok).toBe(false)
    expect(renderTemplate("{% include 'a.j2' %}", { x: 1 }).ok).toBe(false)
    const text = '  {% if true %}\nx\n  {% endif %}\n'
    expect(renderTemplate(text, {}, { trimBlocks: false, lstripBlocks: false })).toEqual({
      ok: true,
      text: '  \nx\n  \n',
    })
  })
})
