import { describe, expect, test } from 'vitest'
import { templateProblems } from '../../../src/change/workflow/template/render.ts'
import { type RenderedTemplate, renderTemplate } from '../../../src/index.ts'

const MIB = 2 ** 20
const NUMBERS = Array.from({ length: 100_000 }, (_, index) => index)
/** A part that a plain search finds the end of only after going through half of it at each place. */
const KNOTTY = `${'a'.repeat(MIB / 8)}b${'a'.repeat(MIB / 8)}`
const NESTED =
  '{% set n = namespace(x=[], y=[]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}'

/** The text of a template, or the code of why there is none. */
function outcome(rendered: RenderedTemplate) {
  return rendered.ok ? rendered.text : (rendered.problems[0]?.code ?? '')
}

/** Each took from seven seconds to longer than anybody waits. The limit is of the processor's time: that of the clock is the machine's load. */
describe('a template that is slow elsewhere ends soon', { tags: ['long', 'turn'], timeout: 60_000 }, () => {
  test.each([
    ['{{ x|striptags|length }}', { x: '<!--'.repeat(50_000) }, '200000'],
    ['{{ x|striptags|length }}', { x: '<'.repeat(200_000) }, '200000'],
    [`${'\n'.repeat(300_000)}x{%- if true %}y{% endif %}`, {}, `${'\n'.repeat(300_000)}xy`],
    [`x${'\n'.repeat(300_000)}y{{- 1 }}`, {}, `x${'\n'.repeat(300_000)}y1`],
    ['{{ x|trim|length }}', { x: `x${' '.repeat(MIB)}x` }, '1048578'],
    ['{{ x|permutations }}', { x: 'a'.repeat(MIB) }, 'template-size'],
    ['{{ x|combinations(500000) }}', { x: 'a'.repeat(MIB) }, 'template-size'],
    ['{% for a in l %}{{ l.index(a) }}{% endfor %}', { l: NUMBERS }, 'template-fuel'],
    ['{% for a in l %}{{ l.count(a) }}{% endfor %}', { l: NUMBERS }, 'template-fuel'],
    ['{% for a in l %}{% set _ = l.insert(0, a) %}{% endfor %}', { l: NUMBERS }, 'template-fuel'],
    ['{% for a in range(100000) %}{% set _ = {k: 1} %}{% endfor %}', { k: 'a'.repeat(MIB) }, 'template-fuel'],
    ['{% for a in range(100000) %}{% set _ = m[k] %}{% endfor %}', { k: 'a'.repeat(MIB), m: {} }, 'template-fuel'],
    ['{% for a in range(100000) %}{% set _ = k in m %}{% endfor %}', { k: 'a'.repeat(MIB), m: {} }, 'template-fuel'],
    ['{% set _ = ([k] * 100000)|unique %}', { k: 'a'.repeat(MIB) }, 'template-fuel'],
    ['{% set _ = dict([[k, 1]] * 100000) %}', { k: 'a'.repeat(MIB) }, 'template-fuel'],
    ["{% set _ = ([{'key': k, 'value': 1}] * 100000)|items2dict %}", { k: 'a'.repeat(MIB) }, 'template-fuel'],
    ["{% for i in range(100000) %}{% set _ = l|replace('a', 'b') %}{% endfor %}", { l: NUMBERS }, 'template-fuel'],
    ["{% for i in range(100000) %}{% set _ = '{:.1000000f}'.format(1e-300) %}{% endfor %}", {}, 'template-fuel'],
    ['{% for i in range(100000) %}{% set _ = x % () %}{% endfor %}', { x: '%%'.repeat(MIB / 2) }, 'template-fuel'],
    [`{% for i in range(50000) %}{% macro m() %}${'{{ a }}'.repeat(2000)}{% endmacro %}{% endfor %}`, {}, ''],
    ['{{ p in x }}', { x: 'a'.repeat(MIB), p: KNOTTY }, 'False'],
    ['{{ x.rfind(p) }} {{ x.count(p) }} {{ x.split(p)|length }}', { x: 'a'.repeat(MIB), p: KNOTTY }, '-1 0 1'],
    ['{{ x in l * 5000 }}', { x: `${'x'.repeat(MIB)}y`, l: [`${'x'.repeat(MIB)}z`] }, 'template-fuel'],
    [`${NESTED}{{ n.x|upper }}`, {}, 'template-fuel'],
    [`${NESTED}{{ n.x is eq(n.y) }}`, {}, 'template-fuel'],
    [`${NESTED}{{ [n.x] is contains(n.y) }}`, {}, 'template-fuel'],
    [`${NESTED}{{ n.x|pprint }}`, {}, 'template-fuel'],
    [`${NESTED}{% for i in [n.x, n.y] %}{{ loop.changed(i) }}{% endfor %}`, {}, 'template-fuel'],
  ])('%#: %.60s', (template, variables, expected) => {
    const begin = process.cpuUsage()
    const shown = outcome(renderTemplate(template, variables))
    expect(shown === expected ? expected : shown.slice(0, 100)).toBe(expected)
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(6000)
  })
})

describe('a long part is found where a short one is', () => {
  const text = `${'abcabcabd'.repeat(1000)}${'abcabcabe'.repeat(10)}${'abcabcabd'.repeat(1000)}`
  const part = 'abcabcabeabcabcabeabcabcabe'

  test.each([
    ['{{ text.find(part) }} {{ text.rfind(part) }} {{ text.count(part) }}', '9000 9063 3'],
    ['{{ text.split(part)|map("length")|join(" ") }}', '9000 0 0 9009'],
    ['{{ text.replace(part, "-")|length }} {{ text.replace(part, "-", 1)|length }}', '18012 18064'],
    ['{{ part in text }} {{ (part ~ "x") in text }} {{ text.partition(part)[2]|length }}', 'True False 9063'],
  ])('%s', { tags: 'long' }, (template, expected) => {
    expect(text.length * part.length).toBeGreaterThan(65_536)
    expect(renderTemplate(template, { text, part })).toEqual({ ok: true, text: expected })
  })
})

test('many faults on many lines are placed soon, each where it is', { tags: ['long', 'turn'], timeout: 60_000 }, () => {
  const begin = process.cpuUsage()
  const problems = templateProblems('\r\n{{ u }}x{{ v }}'.repeat(40_000), { file: 't.j2', line: 3, column: 5 }, [])
  expect(problems).toHaveLength(80_000)
  expect(problems[0]?.at).toEqual({ file: 't.j2', line: 4, column: 4 })
  expect(problems[79_999]?.at).toEqual({ file: 't.j2', line: 40_003, column: 12 })
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(6000)
})
