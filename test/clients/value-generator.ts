import { Draw } from '../hostile/hostile-text.ts'

/** Variables of a host, some of which are templates themselves, as JSON text: 1.0 is a float. */
export const HOST_VARIABLES = `{"n": 5, "z": 0, "neg": -3, "f": 2.5, "b": true, "no": false, "nul": null, "t": "text", "e": "", "num": "5",
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
export function generatedValues(seed: number, count: number): readonly string[] {
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
