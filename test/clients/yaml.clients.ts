import { describe, expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { Draw } from '../hostile/hostile-text.ts'
import { YAML_SCALARS } from './inventory-generator.ts'
import { missingModules, renderedBeside, withoutModules } from './rendered-beside.ts'

/** What the generated templates know, as JSON text. */
const YAML_VARIABLES = `{"n": 7, "f": 1.5, "w": 2.0, "t": true, "nul": null, "s": "text", "l": [3, "b", null], "e": [], "em": {},
"d": {"b": 2, "a": "1", "C": [1]}, "lst": [{"name": "b", "v": [1, 2]}, {"name": "A", "v": {"x": ""}}], "u": "Zürich 👍"}`

const NAMES = [
  'n',
  'f',
  'w',
  't',
  'nul',
  's',
  'l',
  'e',
  'em',
  'd',
  'lst',
  'u',
  'd.C',
  'lst[0]',
  'lst[1].v',
  'd|dict2items',
]
const NUMBERS = [
  '0',
  '-1',
  '7',
  '1.0',
  '-0.0',
  '0.1',
  '1e16',
  '1.5e-7',
  '1e300',
  '123456789012345678901234567890',
  'true',
  'false',
  'none',
]
/** Values in which Python may have one list or mapping twice: Ansible writes an anchor then, and eosflow must refuse. */
const SHARED = [
  ...['[l, l]', '[l] * 2', '[l, l|list]', '[l, l[:]]', '[l, l + []]', '[l, l|default([])]', '[l, true|ternary(l, e)]'],
  ...[
    '[d, d|combine({})]',
    '[d, {}|combine(d)]',
    '[d, d|combine(d)]',
    '[d, d.copy()]',
    '[d, dict(d)]',
    '[d.C, d|combine({"z": 1})]',
  ],
  ...['[d, d|combine({"z": 1}, recursive=true)]', '[d.C, d|combine({"z": {}}, recursive=true)]', '[em, em|combine(d)]'],
  ...[
    '[d, [d]|combine]',
    '[lst, lst|sort(attribute="name")]',
    'lst + lst',
    'lst + lst|reverse|list',
    '[lst[0], lst|first]',
  ],
  ...[
    '[lst, lst|map(attribute="v")|list]',
    '[l, lst|map(attribute="zz", default=l)|list]',
    '[lst, lst|unique]',
    'lst|union(lst)',
  ],
  ...[
    '[lst, lst|selectattr("name", "eq", "b")]',
    '[lst[1].v, lst|sum(attribute="zz", start=em)]',
    '[e, e|flatten]',
    '[l, [l]|flatten]',
  ],
  ...[
    '[lst, [lst, l]|flatten(levels=1)]',
    'd|dict2items + d|dict2items',
    '[d.C, d|dict2items]',
    'lst|items2dict(key_name="name", value_name="v")',
  ],
  ...[
    '[(1, 2), (1, 2), n]',
    '[(), (), n]',
    '[(l, 1), (l, 1)]',
    'lst|groupby("name")',
    'l|batch(2, e)|list',
    'l|slice(2, e)|list',
  ],
  ...[
    '[lst]|product([1])',
    'l|zip(lst)',
    'l|zip_longest(e, fillvalue=d)',
    'd.values()|list + [d.C]',
    'd.items()|list',
    'd|dictsort',
  ],
  ...[
    'lst|subelements("v", skip_missing=true)',
    '["C", "a"]|map("extract", d)|list + [d.C]',
    'lst|map("combine", {"z": l})|list',
  ],
  ...[
    'lst|map("combine", d)|list',
    '[d.setdefault("q", l), l]',
    '[d.get("zz", e), e]',
    '[l, s|from_yaml, l]',
    '"[&x [1], *x]"|from_yaml',
  ],
  ...[
    '"{a: &x {b: 1}, c: {<<: *x}}"|from_yaml',
    '"{a: &x {b: [1]}, c: {<<: *x}}"|from_yaml',
    '[l|to_json, l|to_json]',
    '[s|e]',
  ],
  ...[
    '[d.keys()]',
    '[range(2)]',
    '[l|max(attribute="x")|default(l), l]',
    '[lst|random(seed=1)|type_debug]',
    'lst|intersect(lst) + lst',
  ],
  ...[
    'lst|difference(e) + [lst[0]]',
    '[l, l|mandatory]',
    '[l, l|from_yaml]',
    'lst|map("default")|list + lst',
    'lst|map(attribute="v")|map("first")|list',
  ],
]
/** The same in statements: `X` is what is written. */
const STATEMENTS = [
  '{% set r = [] %}{% for i in [1, 2] %}{% set x = r.append((1, 2)) %}{% endfor %}{{ r|X }}',
  '{% set r = [] %}{% for i in [1, 2] %}{% set x = r.append([1, 2]) %}{% endfor %}{{ r|X }}',
  '{% set r = [] %}{% for i in lst %}{% set x = r.append(i) %}{% endfor %}{{ (r + lst)|X }}',
  '{% set r = {} %}{% for i in lst %}{% set x = r.update({i.name: i}) %}{% endfor %}{{ r|X }}',
  '{% set r = {} %}{% set x = r.update({"a": l, "b": l}) %}{{ r|X }}',
  '{% macro m(a, b=[]) %}{{ [a, b]|X }}{% endmacro %}{{ m(l) }}{{ m(e, e) }}',
  '{% set x = [1, [2]] %}{% set y = x %}{{ [x, y]|X }}',
  '{% set x = {"a": []} %}{% with y = x.a %}{{ {"y": y, "z": x.a}|X }}{% endwith %}',
  '{% set ns = namespace(a=l) %}{{ [ns.a, l]|X }}',
  '{% set y %}{{ d|X }}{% endset %}{{ [y|from_yaml, y|from_yaml]|X }}',
  '{% filter from_yaml|X %}a: [1, {b: 2}]\nc: text{% endfilter %}',
  '{% for k, v in d.items() %}{{ {k: v}|X }}{% endfor %}',
  '{{ lst|map("X")|list }}',
]
/** Pieces of texts, each of which means something to YAML somewhere. */
const PIECES = [
  ...YAML_SCALARS.filter((text) => !text.startsWith('"') && !text.includes('\n')),
  ...["'", '"', '\\', '\n', '\n\n', '\t', ' ', '  ', ' \n', '\n ', '\r', '\0', '\x07', '\x1b', '\x7f', '\x85', '\xa0'],
  ...[
    '\u2028',
    '\u2029',
    '\ufeff',
    '\ufffd',
    '\u{1f44d}',
    'ß',
    '-',
    '- ',
    '--- ',
    '...',
    ': ',
    ':',
    ' #',
    '#',
    '?',
    '? ',
  ],
  ...['{', '}', '[', ']', ',', ', ', '&', '*', '!', '|', '>', '%', '@', '`', '=', '<<', '~', '!!str '],
  ...['router bgp 65101', 'neighbor 10.0.0.1 remote-as 65102', 'a-word-that-is-longer-than-most-words-of-a-text'],
]
const OPTIONS = [
  ...['indent=2', 'indent=3', 'indent=8', 'indent=9', 'indent=10', 'indent=1', 'indent=none', 'indent=4'],
  ...['width=20', 'width=50', 'width=80', 'width=120', 'width=-1', 'width=1', 'width=1000000'],
  ...['sort_keys=false', 'sort_keys=true', 'explicit_start=true', 'explicit_end=true'],
  ...['default_flow_style=false', 'default_flow_style=true', 'default_flow_style=none'],
  ...['default_style="\'"', "default_style='\"'", 'default_style="|"', 'default_style=">"', 'allow_unicode=false'],
]

/** Templates that write values as YAML and read texts of it, always the same ones for a seed. */
function generatedYaml(seed: number, count: number): readonly string[] {
  const draw = new Draw(seed)
  return Array.from({ length: count }, () => (draw.below(3) > 0 ? writing(draw) : reading(draw)))
}

function writing(draw: Draw): string {
  const options = Array.from({ length: [0, 0, 1, 1, 2, 3][draw.below(6)] ?? 0 }, () => draw.of(OPTIONS))
  const own = new Map(options.map((option) => [option.split('=')[0], option]))
  const name = draw.of(['to_yaml', 'to_nice_yaml', 'ansible.builtin.to_nice_yaml'])
  const first = draw.below(12) === 0 ? ['2'] : []
  const given = [...first, ...own.values()].join(', ')
  if (draw.below(12) === 0) return draw.of(STATEMENTS).replaceAll('X', name)
  const value = draw.below(6) === 0 ? draw.of(SHARED) : writtenValue(draw, 3)
  return `{{ (${value})|${name}${given === '' ? '' : `(${given})`} }}${draw.of(['', '', '|', '\n'])}`
}

function writtenValue(draw: Draw, depth: number): string {
  const kind = draw.below(depth > 0 ? 10 : 5)
  if (kind < 3) return literal(textOf(draw))
  if (kind < 4) return draw.of(NUMBERS)
  if (kind < 5) return draw.of(NAMES)
  const inside = Array.from({ length: draw.below(4) }, () => writtenValue(draw, depth - 1))
  if (kind < 7) return `[${inside.join(', ')}]`
  if (kind < 8 && draw.below(3) === 0) return `(${inside.map((one) => `${one},`).join(' ')})`
  return `{${inside.map((one) => `${keyOf(draw)}: ${one}`).join(', ')}}`
}

function keyOf(draw: Draw): string {
  const kind = draw.below(20)
  if (kind < 2) return draw.of(NUMBERS)
  if (kind < 3) return draw.of(['(1, "a")', '()', '(1,)'])
  return literal(kind < 14 ? draw.of(['b', 'a', 'C', 'name', 'vlans', 'Ethernet1/1', '10', 'yes', '']) : textOf(draw))
}

function textOf(draw: Draw): string {
  const size = [1, 1, 2, 4, 12, 30][draw.below(6)] ?? 1
  const pieces = Array.from({ length: size }, () => draw.of(PIECES))
  return pieces.join(draw.of(['', ' ', ' ', '\n']))
}

function literal(text: string): string {
  const inside = text.replaceAll(/["\\]|[^ -~]/gu, (sign) => {
    if (sign === '"' || sign === '\\') return `\\${sign}`
    return `\\U${(sign.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`
  })
  return `"${inside}"`
}

function reading(draw: Draw): string {
  const text = literal(documentOf(draw))
  const behind = draw.of(['', '|to_json', '|to_yaml', '|to_nice_yaml(indent=2)', '|type_debug'])
  return draw.below(4) === 0
    ? `{% set x = ${text} %}{% for one in [x|from_yaml] %}{{ one${behind} }}{% endfor %}`
    : `{{ ${text}|from_yaml${behind} }}`
}

function documentOf(draw: Draw): string {
  const start = draw.of(['', '', '---\n', '# text\n', '...\n', '%YAML 1.1\n---\n'])
  const made = `${start}${blockOf(draw, '', 3)}${draw.of(['', '\n', '\n...\n', '\n---\nb: 1\n'].slice(0, draw.below(12) === 0 ? 4 : 2))}`
  return draw.below(6) === 0 ? made.replaceAll('\n', draw.of(['\r\n', '\r\n', '\r'])) : made
}

function blockOf(draw: Draw, blanks: string, depth: number): string {
  const kind = draw.below(depth > 0 ? 8 : 3)
  if (kind < 2) return draw.of(YAML_SCALARS)
  if (kind < 3) return draw.of(['[a, 1, {b: ~}]', '{a: 1, b: [x]}', '[]', '{}', '[[1, 2], [3]]', '!!str 5', '&x [1]'])
  const lines = Array.from({ length: 1 + draw.below(3) }, () => {
    const before = kind < 5 ? '-' : `${documentKey(draw)}:`
    const isDeep = draw.below(3) === 0
    const inner = `${blanks}${draw.of(['  ', '    '])}`
    return isDeep
      ? `${before}\n${inner}${blockOf(draw, inner, depth - 1)}`
      : `${before} ${draw.below(9) === 0 ? `|\n${inner}text\n${inner}more` : draw.of(YAML_SCALARS)}`
  })
  return lines.join(`\n${blanks}`)
}

function documentKey(draw: Draw): string {
  if (draw.below(8) > 0) return draw.of(['a', 'b', 'name', 'vlans', 'x y', '"q"'])
  return draw.of([
    '10',
    '"10"',
    'yes',
    '1.5',
    '1',
    '1.0',
    '~',
    'true',
    "'true'",
    '2001-12-14',
    '<<',
    '[1, 2]',
    '=',
    '0x1F',
  ])
}

/** Another seed and more of them are tried with `YAML=SEED,COUNT`. */
const [SEED = 20261124, COUNT = extentOfLong(1_000, 3_000)] = (process.env.YAML ?? '')
  .split(',')
  .filter(Boolean)
  .map(Number)

describe.skipIf(missingModules.length > 0)(`YAML in templates beside PyYAML and Ansible${withoutModules}`, () => {
  test(`made by chance, seed ${SEED}, is written byte by byte and read the same, or is refused`, () => {
    const templates = [...new Set(generatedYaml(SEED, COUNT))]
    const judged = renderedBeside(templates, YAML_VARIABLES, {})
    expect(templates.length).toBeGreaterThan((COUNT * 2) / 3)
    expect(judged.length).toBe(templates.length)
    expect(judged.filter(({ text, isSame }) => text !== undefined && !isSame)).toEqual([])
    for (const filter of ['to_', 'from_yaml']) {
      const rendered = judged.filter(({ template, wanted }) => template.includes(filter) && wanted.length > 0)
      const same = rendered.filter(({ isSame }) => isSame)
      process.stdout.write(`${filter}…, seed ${SEED}: ${rendered.length} by Ansible, ${same.length} the same\n`)
      expect(rendered.length).toBeGreaterThan(COUNT / 8)
      expect(same.length / rendered.length).toBeGreaterThan(0.8)
    }
  })
})
