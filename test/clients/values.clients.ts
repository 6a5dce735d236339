import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { RosterValue } from '../../src/change/roster/hosts/roster.ts'
import { hostValues } from '../../src/change/roster/value/host-values.ts'
import { ValueFault } from '../../src/model/once.ts'
import { ownHost, plain } from '../change/roster/own-tree.ts'
import { extentOfLong } from '../extent.ts'
import { Draw } from '../hostile/hostile-text.ts'

/** Variables of a host, some of which are templates themselves, as JSON text: 1.0 is a float. */
const HOST_VARIABLES = `{"n": 5, "z": 0, "neg": -3, "f": 2.5, "b": true, "no": false, "nul": null, "t": "text", "e": "", "num": "5",
"sp": " a b ", "li": [1, "two", {"three": 3}], "em": [], "m": {"a": 1, "b": ["x", "y"], "c": {"d": null, "e": true}},
"ip": "192.0.2.1/24", "via": "{{ n }}", "vib": "{{ b }}", "vil": "{{ li }}", "vim": "{{ m }}", "und": "{{ missing }}",
"js": "{\\"a\\": true, \\"b\\": [null, 1.5]}", "tr": "{{ t }}-{{ n }}", "ifx": "{% if b %}yes{% else %}no{% endif %}",
"nest": {"x": "{{ n }}", "y": ["{{ t }}", "{{ vil }}"], "z": "{{ tr|upper }}"}, "bs": "a\\\\b", "q": "it's", "uni": "üß☂",
"nl": "a\\nb", "raw": "{% raw %}{{ x }}{% endraw %}", "jn": "{{ m | to_json }}"}`

const NAMES = Object.keys(JSON.parse(HOST_VARIABLES) as object).filter((name) => name !== 'jn')
const LITERALS = ["'a'", "'[1, 2]'", "'True'", '1', '2.0', 'none', 'true', '[]', '{}', "'it\\'s'", "'\\n'", "'\\\\d'"]
const PARTS = [
  'm.a',
  'm.b[0]',
  'm["c"].d',
  'm.c.e',
  'li[0]',
  'li[-1]',
  'li[2].three',
  'nest.x',
  'nest.y',
  'nest.z',
  'm.q',
  'li[9]',
  'vil[1]',
  'vim.b',
  't[0]',
  't[1:]',
  'missing',
]
const FILTERS = [
  'upper',
  'length',
  'int',
  'string',
  'list',
  'join(",")',
  'default("d")',
  'default(none)',
  'first',
  'last',
  'bool',
  'float',
  'trim',
  'to_json',
  'tojson',
  'title',
  'unique',
  'sort',
  'dict2items',
  'replace("t", "T")',
  'regex_replace("t(.)", "\\\\1")',
  'split("e")',
  'quote',
  'abs',
  'sum',
  'map("string")',
  'select("defined")|list',
  'reverse',
  'hash("md5")',
  'b64encode',
  'from_json',
  'to_yaml',
  'to_nice_yaml(indent=2)',
  'from_yaml',
  'min',
  'combine({"k": 1})',
  'ternary("y", "n")',
  'indent(2)',
  'ansible.utils.ipaddr("address")',
]
const TESTS = ['defined', 'not defined', 'string', 'mapping', 'sequence', 'number', 'none']
const OPERATORS = [' + ', ' ~ ', ' == ', ' and ', ' or ', ' in ', ' * ', ' - ', ' != ']
const FIXED = [
  '{# c #}{{ n }}',
  '{{- n -}} ',
  '{{ n',
  '{% raw %}{{{% endraw %}',
  '}} {{',
  '{{ "}}" }}',
  '%H{%H:%M}',
  '{{ jn }}',
  '{{ jn }}{{ e }}',
  '{{ a) }}',
]

/** Values as a file of variables may hold them: texts, most of them templates. */
function generatedValues(seed: number, count: number): readonly string[] {
  const draw = new Draw(seed)
  return Array.from({ length: count }, () => textOf(draw))
}

function textOf(draw: Draw): string {
  const expression = (): string => expressionOf(draw, 0)
  const kind = draw.below(100)
  if (kind < 45) return `{{ ${expression()} }}`
  if (kind < 60)
    return `${draw.of(['x ', '[', '{"a": ', '', 'a\n'])}{{ ${expression()} }}${draw.of([' y', ']', '}', '\n', '\n\n', ''])}`
  if (kind < 75) return `{{ ${expression()} }}${draw.of([', ', '', ' '])}{{ ${expression()} }}`
  if (kind < 85)
    return `{% if ${expression()} %}\n${draw.of(['yes', `{{ ${expression()} }}`])}\n  {% else %}no{% endif %}${draw.of(['', '\n'])}`
  if (kind < 92)
    return `{% for i in ${draw.of(['li', 'm', 'em', '[1, 2]', 'nest.y', 't'])} %}{{ ${draw.of(['i', 'loop.index', 'i|string|upper'])} }}${draw.of(['', ',', '\n'])}{% endfor %}`
  // That JSON stays text behind a name of the template is not kept here: atoms alone.
  return kind < 96 ? `{% set x = ${atomOf(draw, 2)} %}{{ x }}` : draw.of(FIXED)
}

function expressionOf(draw: Draw, depth: number): string {
  const atom = (): string => atomOf(draw, depth)
  const kind = draw.below(100)
  if (kind < 35) return atom()
  if (kind < 70) return `${atom()}|${draw.of(FILTERS)}`
  if (kind < 80) return `${atom()}${draw.of(OPERATORS)}${atom()}`
  if (kind < 90) return `${atom()} is ${draw.of(TESTS)}`
  return kind < 95 ? `${atom()} if ${atom()} else ${atom()}` : `[${atom()}, ${atom()}]`
}

function atomOf(draw: Draw, depth: number): string {
  const kind = draw.below(100)
  if (kind < 50) return draw.of(NAMES)
  if (kind < 60) return draw.of(LITERALS)
  return kind < 80 || depth > 1 ? draw.of(PARTS) : `(${expressionOf(draw, depth + 1)})`
}

const PYTHON = '/usr/bin/python3'
const driver = fileURLToPath(new URL('python/template_values.py', import.meta.url))
const missing = ['ansible.template', 'ansible_collections.ansible.utils', 'netaddr'].filter(
  (module) => spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0,
)
const without = missing.length === 0 ? '' : ` (skipped: not installed: ${missing.join(' ')})`

const SEED = 20261122
const COUNT = extentOfLong(1_000, 2_000)

type Answer = { readonly value: unknown } | { readonly error: string }

function answersOf(values: readonly string[]): readonly Answer[] {
  const input = `{"variables": ${HOST_VARIABLES}, "values": ${JSON.stringify(values)}}`
  const ran = spawnSync(PYTHON, [driver], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return JSON.parse(ran.stdout)
}

function ownAnswer(text: string): Answer {
  const vars = JSON.parse(HOST_VARIABLES) as Record<string, RosterValue>
  try {
    return { value: plain(hostValues(ownHost({ ...vars, asked: text })).get('asked')) }
  } catch (thrown) {
    if (thrown instanceof ValueFault) return { error: thrown.problem.message }
    throw thrown
  }
}

/** Bigints are numbers here: no generated whole number is larger than JavaScript counts. */
const shown = (answer: Answer): string =>
  JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))

describe.skipIf(missing.length > 0)(`values of hosts beside Ansible's Templar${without}`, () => {
  test(`made by chance, seed ${SEED}, are the same or are refused`, () => {
    const texts = [...new Set(generatedValues(SEED, COUNT))]
    const judged = answersOf(texts).map((theirs, index) => ({
      text: texts[index],
      theirs,
      ours: ownAnswer(texts[index] ?? ''),
    }))
    const rendered = judged.filter(({ theirs }) => 'value' in theirs)
    const differ = judged.filter(({ theirs, ours }) => 'value' in ours && shown(ours) !== shown(theirs))
    expect(judged.length).toBeGreaterThan(COUNT * 0.75)
    expect(rendered.length).toBeGreaterThan(COUNT / 2)
    expect(differ).toEqual([])
    const same = rendered.filter(({ ours }) => 'value' in ours)
    process.stdout.write(`values, seed ${SEED}: ${rendered.length} rendered by Ansible, ${same.length} the same\n`)
    // What Ansible lets pass is refused: a test on what is undefined, a text of digits compared with a number.
    expect(same.length / rendered.length).toBeGreaterThan(0.97)
  })
})
