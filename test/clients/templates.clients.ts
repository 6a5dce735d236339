import { describe, expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { missingModules, renderedBeside, withoutModules } from './rendered-beside.ts'

/** Values that the generated templates know, as JSON text: 1.0 is a float. */
const VARIABLES = `{"n": 5, "neg": -7, "z": 0, "f": 1.5, "w": 2.0, "big": 123456789012345678901, "s": "Hello World", "e": "", "t": true,
"fa": false, "nul": null, "l": [3, 1, 2], "ls": ["b", "A", "c", "a"], "vlans": [10, 11, 12, 20], "d": {"b": 2, "a": 1, "C": 3},
"lst": [{"name": "b", "v": 2, "k": "x"}, {"name": "A", "v": 1, "k": "y"}, {"name": "c", "v": 3, "k": "x"}],
"nested": {"a": {"b": [1, [2, 3]]}}, "u": "Zürich ß ǆ 👍", "ml": "line1\\nline2\\n\\nline4\\n", "if": "Ethernet12/3",
"ip4": "10.1.2.3/24", "host": "192.0.2.9", "net": "10.0.0.0/22", "p2p": "10.0.0.1/31", "ip6": "2001:db8::1/64", "mac": "00:1c:73:aa:bb:0c"}`

const NUMBERS = ['n', 'neg', 'z', 'f', 'w', 'big', 't', '3', '-2', '2.5', '0', '1_000', '1e3', 'l|length', 's|length']
const TEXTS = [
  's',
  'e',
  'u',
  'ml',
  'if',
  '"a-b-c"',
  '"12"',
  "'x y  z'",
  '"%s"',
  'n ~ s',
  's|upper',
  '"abc"[1:]',
  '"3"',
  '"1.5"',
]
const LISTS = [
  'l',
  'ls',
  'vlans',
  'lst',
  '[]',
  '[1, "a", none]',
  'd.keys()',
  'range(4)',
  'ls|sort',
  's.split()',
  '[[1, 2], [3]]',
  'l[::-1]',
]
const ADDRESSES = [
  'ip4',
  'host',
  'net',
  'p2p',
  'ip6',
  "'10.1.2.0/24'",
  "'172.16.5.4/30'",
  "'fe80::1'",
  "'x'",
  "'10.0.0.5/255.255.255.0'",
  "'2001:db8::/126'",
]
const OTHERS = [
  'nul',
  'd',
  'nested',
  'missing',
  'd.zz',
  'nested.a.b',
  '(1, 2)',
  '{"a": 1}',
  'lst.0',
  'd["a"]',
  'lst[1].name',
]

const TEXT_FILTERS = [
  'upper',
  'lower',
  'title',
  'capitalize',
  'trim',
  'length',
  'list',
  'int',
  'float',
  'int(-1)',
  'reverse',
  'replace("l", "L")',
  'replace("", "-", 2)',
  'center(15)',
  'indent',
  'indent(2, true)',
  'indent(1, blank=true)',
  'truncate(8)',
  'truncate(8, true, "..", 0)',
  'wordcount',
  'string',
  'default("q", true)',
  'split("-")',
  'bool',
  'urlencode',
  'e',
  'to_json',
  'to_yaml',
  'to_nice_yaml(width=20)',
  'from_yaml',
  'quote',
  'hash("md5")',
  'b64encode',
  'basename',
  'dirname',
  'splitext',
  'regex_replace("[a-c]", "<\\\\g<0>>")',
  'regex_replace("(.)(.)", "\\\\2\\\\1")',
  'regex_search("[0-9]+")',
  'regex_findall("[A-Za-z]+")',
  'regex_findall("(.)/(.)")',
  'regex_escape',
  'first',
  'last',
  'sort',
  'unique',
  'max',
  'type_debug',
  'striptags',
]
const LIST_FILTERS = [
  'first',
  'last',
  'length',
  'sum',
  'min',
  'max',
  'sort',
  'sort(reverse=true)',
  'unique',
  'join(",")',
  'reverse',
  'list',
  'batch(2)',
  'slice(2)',
  'batch(2, "x")',
  'map("string")',
  'map("upper")|join',
  'map("int")|sum',
  'select("odd")',
  'reject("none")',
  'select',
  'select("string")',
  'flatten',
  'zip([1, 2])',
  'zip_longest([1, 2])',
  'map(attribute="name")',
  'map(attribute="v")|sum',
  'selectattr("v", "gt", 1)|map(attribute="name")',
  'sort(attribute="name")|map(attribute="v")',
  'groupby("k")',
  'map(attribute="zz", default="-")',
  'rejectattr("k", "equalto", "x")|list|length',
  'items2dict(key_name="name", value_name="v")',
  'to_json',
  'to_nice_json(indent=1)',
  'to_yaml',
  'to_nice_yaml(indent=2)',
  'combinations(2)',
  'product([1])',
  'permutations|length',
  'union([9])',
  'intersect([1, "a"])',
  'difference([1])',
  'symmetric_difference([1, 7])',
  'random is number',
  'vlan_parser',
  'tojson',
  'string',
  'default([])',
  'd("x", true)',
]
const NUMBER_FILTERS = [
  'abs',
  'int',
  'float',
  'round',
  'round(1)',
  'round(-1)',
  'round(1, "floor")',
  'round(0, "ceil")',
  'string',
  'pow(2)',
  'root',
  'filesizeformat',
  'bool',
  'ternary("y", "n")',
  'default(7)',
  'to_json',
  'log(2)',
  'length',
  'join',
  'upper',
]
const OTHER_FILTERS = [
  'default("x")',
  'd("x")|upper',
  'dictsort',
  'items',
  'dict2items',
  'combine({"a": 9})',
  'length',
  'list',
  'string',
  'to_json',
  'to_nice_json',
  'to_nice_yaml',
  'from_yaml',
  'int',
  'upper',
  'join("-")',
  'ternary("y", "n", "?")',
  'mandatory',
  'type_debug',
  'bool',
  'first',
]
const QUERIES = [
  '',
  'address',
  'network',
  'netmask',
  'prefix',
  'broadcast',
  'subnet',
  'host',
  'hostmask',
  'wildcard',
  'first_usable',
  'last_usable',
  'range_usable',
  'next_usable',
  'previous_usable',
  'peer',
  'size',
  'size_usable',
  'version',
  'type',
  'bool',
  'int',
  'revdns',
  'ip/prefix',
  'ip_netmask',
  'network_netmask',
  'network_wildcard',
  'net',
  'cidr',
  'gateway',
  'private',
  'public',
  'unicast',
  'multicast',
  'loopback',
  'link-local',
  'wrap',
  'ipv4',
  'ipv6',
  '6to4',
  '10.0.0.0/8',
  '2001:db8::/32',
  '1',
  '-1',
  '300',
  'zz',
]
const ADDRESS_FILTERS = [
  'ipv4',
  'ipv6',
  'ipv4("address")',
  'ipv6("prefix")',
  'ipwrap',
  'ipsubnet',
  'ipsubnet(26)',
  'ipsubnet(26, 1)',
  'ipsubnet(26, -1)',
  'ipsubnet(20, 0)',
  'ipsubnet("10.0.0.0/8")',
  'ipmath(3)',
  'ipmath(-300)',
  'nthhost(2)',
  'nthhost(-1)',
  'nthhost(400)',
  'next_nth_usable(2)',
  'previous_nth_usable(1)',
  'network_in_network("10.1.2.9")',
  'network_in_usable("10.1.2.255")',
  'ansible.utils.ip4_hex',
  'hwaddr',
  'slaac(mac)',
  'ansible.utils.ipaddr("network")',
  'ansible.netcommon.ipaddr("prefix")',
]
const TESTS = [
  'defined',
  'undefined',
  'none',
  'string',
  'number',
  'mapping',
  'iterable',
  'sequence',
  'odd',
  'even',
  'divisibleby 3',
  'gt 2',
  'le 5',
  'in [1, 5, "a"]',
  'eq 5',
  'match("H")',
  'search("o")',
  'boolean',
  'integer',
  'float',
  'contains(1)',
  'lower',
  'upper',
  'true',
  'truthy',
  'ansible.utils.ipv4',
  'version("1.4", ">")',
  'subset([1, 2, 3])',
]
const OPERATORS = ['+', '-', '*', '/', '//', '%', '~', '==', '!=', '<', '>=', 'in', 'not in', 'and', 'or']
const FORMATS = [
  '"%s|%5s|%-5s|" % (s, n, e)',
  '"%03d %x %+d" % (n, 255, neg)',
  '"%.2f %e %g" % (f, w, f)',
  '"{:>8}|{:<3}|{:^7}".format(s, n, "x")',
  '"{0} {1!r} {n:05d}".format(s, ls, n=n)',
  '"{:,} {:.1f} {:%}".format(big, f, w)',
  '"%s-%s"|format(n, ls)',
  '"{:x} {:#b} {:+}".format(n, n, f)',
  '"%r %s" % (u, d)',
]
const METHODS = [
  's.split("o")',
  's.find("o")',
  's.rsplit(" ", 1)',
  's.startswith("He")',
  's.replace("l", "")',
  's.zfill(14)',
  's.ljust(14) ~ "|"',
  's.title()',
  's.swapcase()',
  's.count("l")',
  's.partition(" ")',
  's.index("W")',
  'd.get("a")',
  'd.get("q", 7)',
  'd.values()|list',
  'd.items()|list',
  'l.index(1)',
  'ls.count("a")',
  '",".join(ls)',
  'ml.splitlines()',
  'u.upper()',
  'u.title()',
  'n.bit_length()',
  's.isalpha()',
  'if.lstrip("Ethernet")',
  '" a b ".strip()',
  'd.keys() ~ ""',
  's.center(14, "*")',
  's.expandtabs(2)',
  's.rpartition("o")',
  's.islower()',
]
const STATEMENTS = [
  '{% for x in LIST %}{{ loop.index }}{{ x }}{{ "," if not loop.last }}{% else %}none{% endfor %}',
  '{% for x in LIST if x %}\n  {{ x }}\n{% endfor %}\nend\n',
  '{% for x in LIST %}{{ loop.previtem|d("-") }}{{ loop.revindex0 }}{{ loop.first }}{% endfor %}',
  '{% if EXPR %}\na\n{% elif EXPR %}\nb\n{% else %}\nc\n{% endif %}\n!',
  '{% set x = EXPR %}{{ x }}{{ x is defined }}',
  '{% set x %}\n{{ EXPR }}\n{% endset %}[{{ x }}]',
  '{% macro m(a, b=EXPR) %}{{ a }}-{{ b }}{% endmacro %}{{ m(EXPR) }}{{ m(1, 2) }}',
  '{% set ns = namespace(v=0) %}{% for x in LIST %}{% set ns.v = ns.v + loop.index %}{% endfor %}{{ ns.v }}',
  '  {%- if EXPR -%}  a  {%- else %}  b {% endif +%}\n x',
  '{% filter upper %}a{{ EXPR }}{% endfilter %}',
  '{% with a = EXPR, b = n %}{{ a }}{{ b }}{% endwith %}',
  '{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{{ EXPR }}',
  '{% for x in LIST %}{% if loop.index > 2 %}{% break %}{% endif %}{{ x }}{% endfor %}',
  '{% filter CHAIN %}a{{ EXPR }} b,c{% endfilter %}|',
  '{% set x|CHAIN %}{{ EXPR }} Ab{% endset %}[{{ x }}]',
  '{% set x | CHAIN %}a-B{% endset %}{% filter CHAIN %}{{ x }}{% endfilter %}',
  '{% set x = EXPR %}{% for i in LIST %}{% include "seen.j2" CONTEXT %}{{ loop.index }}{% endfor %}',
  '{% set x = EXPR %}{% include ["no.j2", "outer.j2"] CONTEXT %}{% include "no.j2" ignore missing CONTEXT %}',
  '{% set x = EXPR %}{% import "macros.j2" as m CONTEXT %}{{ m.one(EXPR) }}{{ m.kept|d("-") }}{{ m.x is defined }}',
  '{% from "macros.j2" import one, count as c CONTEXT %}{{ one(n) }}{{ c() }}{{ c() }}{% import "macros.j2" as m CONTEXT %}{{ m.count() }}',
  '{% for x in LIST %}{% for y in LIST if loop.index < 3 %}{{ y }}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}',
  '{% set k = {1.5: "a", 1: "b", true: EXPR, 2.0: "d", "1": e} %}{{ k }}{{ k[1] }}{{ k[2]|d("-") }}{{ k["1"] }}{{ k[1.5] }}',
  '{# note #}\n   {{ EXPR }}\n{% raw %}{{ x }}{% endraw %}\n',
]

/** The templates that they take in, by name. */
const TAKEN_IN: Readonly<Record<string, string>> = {
  'seen.j2': '[{{ n|d("-") }} {{ x|d("-") }} {{ range(2)|list }} {{ loop is defined }}]',
  'outer.j2': '{% set w = 7 %}{% include "seen.j2" %}{% include "seen.j2" without context %}',
  'macros.j2':
    '{% set ns = namespace(c=0) %}{% set kept = n|d("unset") %}{% macro one(a) %}{{ a }}:{{ n|d("-") }}:{{ x|d("-") }}{{ range(1)|list }}{% endmacro %}{% macro count() %}{% set ns.c = ns.c + 1 %}{{ ns.c }}{% endmacro %}',
}

/** Templates that are made by chance, always the same ones for a seed. */
function generatedTemplates(seed: number, count: number) {
  const generator = new Generator(seed)
  return Array.from({ length: count }, () => generator.template())
}

class Generator {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  template(): string {
    if (this.#number(3) > 0) return `{{ ${this.#expression(2)} }}`
    const statement = this.#one(STATEMENTS)
    return statement
      .replaceAll('CHAIN', () => Array.from({ length: 1 + this.#number(3) }, () => this.#one(TEXT_FILTERS)).join('|'))
      .replaceAll('CONTEXT', () => this.#one(['', 'with context', 'without context']))
      .replaceAll('EXPR', () => this.#expression(1))
      .replaceAll('LIST', () => this.#one(LISTS))
  }

  #expression(depth: number): string {
    switch (this.#number(depth === 0 ? 6 : 12)) {
      case 0:
        return `${this.#one(NUMBERS)}|${this.#one(NUMBER_FILTERS)}`
      case 1:
        return `${this.#one(TEXTS)}|${this.#one(TEXT_FILTERS)}`
      case 2:
        return `(${this.#one(LISTS)})|${this.#one(LIST_FILTERS)}`
      case 3:
        return `${this.#one(OTHERS)}|${this.#one(OTHER_FILTERS)}`
      case 4:
        return `${this.#one(ADDRESSES)}|ipaddr("${this.#one(QUERIES)}")`
      case 5:
        return this.#one([...FORMATS, ...METHODS])
      case 6:
        return `${this.#one(ADDRESSES)}|${this.#one(ADDRESS_FILTERS)}`
      case 7:
        return `(${this.#expression(depth - 1)}) is ${this.#one(['', 'not '])}${this.#one(TESTS)}`
      case 8:
        return `(${this.#expression(depth - 1)}) ${this.#one(OPERATORS)} (${this.#expression(depth - 1)})`
      case 9:
        return `${this.#one(NUMBERS)} ${this.#one(OPERATORS)} ${this.#one(NUMBERS)}`
      case 10:
        return `[${this.#expression(depth - 1)}, ${this.#one(OTHERS)}]`
      default:
        return `(${this.#expression(depth - 1)})|${this.#one([...LIST_FILTERS, ...TEXT_FILTERS, ...OTHER_FILTERS])}`
    }
  }

  #one(items: readonly string[]): string {
    return items[this.#number(items.length)] ?? ''
  }

  /** A number below a limit (mulberry32). */
  #number(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit) | 0
  }
}

/** Another seed and more of them are tried with `TEMPLATES=SEED,COUNT`. */
const [SEED = 20261121, COUNT = extentOfLong(500, 1_500)] = (process.env.TEMPLATES ?? '')
  .split(',')
  .filter(Boolean)
  .map(Number)

describe.skipIf(missingModules.length > 0)(`templates beside Jinja2 and Ansible${withoutModules}`, () => {
  test(`made by chance, seed ${SEED}, render the same or are refused`, () => {
    // docs/templates.md: `type_debug` of what `string`, `to_json` and the like made is the one answer that differs.
    const templates = [...new Set(generatedTemplates(SEED, COUNT))].filter(
      (text) => !/(?:string|to_(?:nice_)?(?:json|yaml)).*type_debug/.test(text),
    )
    const judged = renderedBeside(templates, VARIABLES, TAKEN_IN)
    expect(judged.length).toBe(templates.length)
    expect(templates.length).toBeGreaterThan((COUNT * 2) / 3)
    expect(judged.filter(({ text, isSame }) => text !== undefined && !isSame)).toEqual([])
    const rendered = judged.filter(({ wanted }) => wanted.length > 0)
    const same = rendered.filter(({ isSame }) => isSame)
    process.stdout.write(
      `templates, seed ${SEED}: ${rendered.length} rendered by the reference, ${same.length} the same\n`,
    )
    expect(same.length / rendered.length).toBeGreaterThan(0.93)
  })
})
