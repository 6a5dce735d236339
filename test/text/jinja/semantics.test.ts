import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/change/workflow/template/library.ts'
import { table } from '../../table.ts'

const VARIABLES = `{"n": 5, "neg": -7, "f": 1.0, "big": 123456789012345678901234567890, "s": "Hello World", "e": "", "t": true,
  "nul": null, "l": [3, 1, 2], "d": {"b": 2, "a": 1, "C": 3}, "lst": [{"name": "b", "v": 2, "k": "x"}, {"name": "A", "v": 1},
  {"name": "c", "v": 3, "k": "x"}], "tree": [{"n": "a", "c": [{"n": "b", "c": []}]}, {"n": "c", "c": []}], "tag": "65101"}`

function shown(template: string) {
  const rendered = renderTemplate(template, VARIABLES)
  return rendered.ok ? rendered.text : `${rendered.problems[0]?.code}`
}

// Worked by hand after the documentation of Jinja2 3.1, of Python 3.11 and of Ansible 2.14.
describe('a template', () => {
  test.each([
    ...table`
      # Printing
      {{ t }} {{ none }}| {{ f }} {{ big }}                             True | 1.0 123456789012345678901234567890
      {{ ['a', "it's", 1.5, none, true] }}                              ['a', "it's", 1.5, None, True]
      {{ (1,) }} {{ () }} {{ {"a": (1, 2)} }}                           (1,) () {'a': (1, 2)}
      {{ 1e16 }} {{ 1e15 }} {{ 0.0001 }} {{ 1e-5 }} {{ -0.0 }}          1e+16 1000000000000000.0 0.0001 1e-05 -0.0
      {{ d }} {{ d.keys() }} {{ range(3) }}                             {'b': 2, 'a': 1, 'C': 3} ['b', 'a', 'C'] [0, 1, 2]
      # Arithmetic
      {{ -7 // 2 }} {{ -7 % 2 }} {{ 7 % -2 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }}  -4 1 -1 3.0 0.5
      {{ 4 / 2 }} {{ 2 ** 64 }} {{ 2 ** -1 }} {{ 0.1 * 3 }}             2.0 18446744073709551616 0.5 0.30000000000000004
      {{ 1 / 3 }} {{ 10 ** 30 / 10 ** 29 }} {{ t + 1 }} {{ -2 ** 2 }}   0.3333333333333333 10.0 2 4
      {{ 5 / 0 }}                                                       template-error
      {{ 1 + "2" }}                                                     template-error
      {{ "ab" * 2 }} {{ [1] * 2 + [3] }} {{ "a" ~ 1.0 ~ none }}         abab [1, 1, 3] a1.0None
      # What stands behind all others is given by its name alone
      {{ [1]|zip_longest([2, 3], [4]) }}                                [(1, 2, 4), (None, 3, None)]
      {{ [1]|zip_longest([2, 3], [4], fillvalue=0) }}                   [(1, 2, 4), (0, 3, 0)]
      {{ {'a': 1}|combine({'b': 2}, {'a': 3}) }}                        {'a': 3, 'b': 2}
      {{ 'a12'|regex_search('a(\d)(\d)', '\\2', '\\1') }} {{ 'A1'|regex_search('a', ignorecase=true) }}  ['2', '1'] A
      # Comparisons
      {{ 1 == 1.0 }} {{ 1 in [true] }} {{ (1, 2) == [1, 2] }} {{ "b" > "a" }} {{ 1 < 2 < 3 }}  True True False True True
      {{ [1, 2] < [1, 3] }} {{ "a" in d }} {{ "ell" in s }} {{ 4 not in l }}  True True True True
      {{ "10" > 9 }}                                                    template-error
      {{ tag == 65101 }}                                                template-error
      {{ 65101 in [tag] }}                                              template-error
      {{ tag == "65101" }} {{ s == 5 }} {{ tag|int == 65101 }}          True False True
      # What is not there
      {{ missing }}                                                     template-undefined
      {{ not missing }}                                                 template-undefined
      {{ missing == 'a' }}                                              template-undefined
      {{ missing ~ 'a' }}                                               template-undefined
      {{ missing|int + 1500 }}                                          template-undefined
      {{ missing|upper }}                                               template-undefined
      {{ missing|join(',')|default('x') }}                              template-undefined
      {% if d.up %}{% endif %}                                          template-undefined
      {% set x = missing %}{{ x is defined }}                           False
      {% set x = missing %}{{ x }}                                      template-undefined
      {{ missing in [] }}                                               template-undefined
      {{ [missing] }}                                                   template-undefined
      {{ [1, missing] is ansible.utils.ipv4 }} {{ [1] is ansible.utils.ipv4 }}  template-undefined
      {{ [1] is ansible.utils.ipv4 }}                                   False
      {{ missing is defined }} {{ missing is undefined }} {{ missing|d("x") }} {{ missing.a.b|default("y") }}  False True x y
      {{ none|default("x") }}| {{ none|default("x", true) }} {{ ""|d("z", true) }}  | x z
      {{ "a" if false }}|                                               |
      # Order and loops
      {% for x in l if x > 1 %}{{ loop.index }}{{ x }}{{ loop.last }};{% else %}none{% endfor %}  13False;22True;
      {% set ns = namespace(done=false) %}{% for i in l if not ns.done %}{% set ns.done = true %}{{ i }}{% endfor %}  3
      {% for x in tree recursive %}{{ x.n }}{{ loop.depth }}({{ loop(x.c) }}){% endfor %}  a1(b2())c1()
      {% for a, (b, c) in [(1, (2, 3))] %}{{ a + b + c }}{% endfor %}   6
      {% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}  32
      {% for x in [] %}{% else %}empty{% endfor %}                      empty
      {% for x in l %}{{ loop.cycle("a", "b") }}{{ loop.changed(x > 2) }}{% endfor %}  aTruebTrueaFalse
      {% for i in range(2) %}{% set z = i %}{% endfor %}{{ z is defined }}  False
      # Blocks, macros, calls
      {% macro m(a, b=2) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 3, 4, c=5) }}  13(4,){'c': 5}
      {% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, z=2) }}              template-error
      {% macro m() %}<{{ caller(7) }}>{% endmacro %}{% call(x) m() %}{{ x }}{% endcall %}  <7>
      {% macro m() %}{{ n }}{% endmacro %}{% set n = 9 %}{{ m() }}      9
      {% set x | upper %}a{{ n }}{% endset %}{{ x }}                    A5
      {% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}  3False
      {% block x %}b{{ self.x is defined }}{% endblock %}               bTrue
      {% do l.append(4) %}{{ l }}                                       [3, 1, 2, 4]
      {% set a, b = [1, 2] %}{{ a }}{{ b }}                             12
      {% raw %}{{ x }}{% endraw %}{# gone #}                            {{ x }}
      {% if n > 9 %}a{% elif n == 5 %}b{% else %}c{% endif %}           b
      {% set c = cycler("a", "b") %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{% set j = joiner("-") %}{{ j() }}{{ j() }}  aba-
      # White space
      a {%- if t %} b {%- endif %} c                                    a b c
      # Access and slices
      {{ lst.0.name }} {{ l[-1] }} {{ s[1:4] }} {{ s[::-1] }} {{ l[5] is defined }}  b 2 ell dlroW olleH False
      {{ d.items }}                                                     template-error
      {{ "".__class__ }}                                                template-error
    `,
    ['{{ "a\\u00e9\\n" }}|{{ ["a\\n\\u200b"] }}', "aé\n|['a\\n\\u200b']"],
    ['{% for k in {"deny": 1, "allow": 2} %}{{ k }} {% endfor %}', 'deny allow '],
    [
      '{% for x in l %}{{ loop.previtem|d("-") }}{{ loop.nextitem|d("-") }}{{ loop.revindex }}{{ loop.length }} {% endfor %}',
      '-133 3223 1-13 ',
    ],
    ['{% filter indent(3) %}\nvlan 10\nname x\n{% endfilter %}\nend', 'vlan 10\n   name x\nend'],
    ['  {% if t %}\n  a\n  {% endif %}\nb\n', '  a\nb\n'],
    ['  {%+ if t %}x{% endif +%}\ny', '  x\ny'],
    ['a\r\n{% if t %}\r\nb\r\n{% endif %}', 'a\nb\n'],
    ['#jinja2: trim_blocks: False\n{% if t %}\nx\n{% endif %}\n', '\nx\n'],
    ['#jinja2: variable_start_string: "[["\nx', 'template-error'],
    ['{{ "👍é"|length }} {{ "👍é"[1] }} {{ d["a"] }} {{ d.get("z", "y") }} {{ d.get("z") is none }}', '2 é 1 y True'],
  ])('%s', (template = '', expected) => {
    expect(shown(template)).toBe(expected)
  })

  test.each([
    ...table`
      # The three ways to format
      {{ "%s-%s"|format(1, [2]) }} {{ "%(a)s" % {"a": 1} }}             1-[2] 1
      {{ "%d" % "a" }}                                                  template-error
      {{ "%s" % (1, 2) }}                                               template-error
      {{ "{0[0]} {a.b} {{}} {!r}".format(l, a={"b": 1}) }}              template-error
      {{ "{0[0]} {a[b]} {{}} {0!r}".format(l, a={"b": 1}) }}            3 1 {} [3, 1, 2]
      # Methods
      {{ "Ethernet1".lstrip("Ethernet") }} {{ "7".zfill(3) }} {{ "ab".center(5, "*") }} {{ "x".join(["a", "b"]) }}  1 007 **ab* axb
      {{ s.find("o") }} {{ s.rfind("o") }} {{ s.find("zz") }} {{ s.count("l") }} {{ s.startswith(("x", "He")) }}  4 7 -1 3 True
      {{ "o'neill".title() }} {{ 'ǆ'.title() }} {{ 'ß'.upper() }} {{ '٣'.isdigit() }}  O'Neill ǅ SS True
      {{ l.index(1) }} {{ l.pop() }} {{ l }} {{ d.pop("a") }} {{ d }}   1 2 [3, 1] 1 {'b': 2, 'C': 3}
      {{ "abc".encode() }}                                              template-error
      # Filters of lists
      {{ ["b", "A", "a"]|sort }} {{ ["b", "A", "a"]|sort(case_sensitive=true) }} {{ l|sort(reverse=true) }}  ['A', 'a', 'b'] ['A', 'a', 'b'] [3, 2, 1]
      {{ lst|sort(attribute="k,name") }}                                template-undefined
      {{ lst|sort(attribute="v,name")|map(attribute="name")|join(",") }}  A,b,c
      {% for k, g in lst|groupby("k", default="-") %}{{ k }}:{{ g|length }};{% endfor %}  -:1;x:2;
      {{ lst|selectattr("k", "defined")|map(attribute="v")|list }} {{ lst|rejectattr("v", "gt", 1)|map(attribute="name")|first }}  [2, 3] A
      {{ [1, 1.0, 2]|unique }} {{ ["a", "A"]|unique }} {{ [[1], [1]]|unique }}  [1, 2] ['a'] [[1]]
      {{ l|batch(2) }} {{ l|slice(2) }} {{ l|sum }} {{ lst|sum(attribute="v") }} {{ l|min }} {{ l|max }}  [[3, 1], [2]] [[3, 1], [2]] 6 6 1 3
      {{ []|first }}                                                    template-undefined
      {{ []|first|default("x") }} {{ d|dictsort }}                      x [('a', 1), ('b', 2), ('C', 3)]
      {{ {'a': 1}|combine({'b': 2}, {'a': 3}) }} {{ [1, [2, [none, 3]]]|flatten }} {{ d|dict2items|first }}  {'a': 3, 'b': 2} [1, 2, 3] {'key': 'b', 'value': 2}
      {{ {'a': {'x': [1]}}|combine({'a': {'x': [2]}}, recursive=true, list_merge='append') }}  {'a': {'x': [1, 2]}}
      {{ [1, 2]|zip(["a", "b"])|list }} {{ [1, 2, 3]|intersect([2, 3]) }} {{ [1]|union([2]) }} {{ [1, 2]|difference([2]) }}  [(1, 'a'), (2, 'b')] [2, 3] [1, 2] [1]
      # Filters of texts and numbers
      {{ "o'neill de-gaulle"|title }} {{ "aBC"|capitalize }} {{ "a b"|replace(" ", "_") }} {{ " x "|trim }}  O'neill De-Gaulle Abc a_b x
      {{ "12abc"|int }} {{ "0x1F"|int(base=16) }} {{ " 1_0 "|int }} {{ "1e3"|int }} {{ "x"|int(-1) }} {{ 3.9|int }}  0 31 10 1000 -1 3
      {{ 2.5|round }} {{ 2.675|round(2) }} {{ 42.55|round(1, "ceil") }} {{ 5|round }} {{ 25|round(-1) }}  2.0 2.67 42.6 5 20
      {{ 'no'|bool }} {{ 'off'|bool }} {{ '0'|bool }} {{ 'Yes'|bool }} {{ 'x'|bool }} {{ none|bool }}|  False False False True False |
      {{ 'a'|ternary('y', 'n') }} {{ none|ternary(1, 2, 3) }} {{ 'x'|hash('md5') }}  y 3 9dd4e461268c8034f5c8564e155c67a6
      {{ {'b': 1, 'a': [1, 1.5, none, true]}|to_json }} {{ {'b': 1, 'a': 2}|tojson }}  {"b": 1, "a": [1, 1.5, null, true]} {"a": 2, "b": 1}
      {{ '{"a": [1, 1.0, 12345678901234567890]}'|from_json }}           {'a': [1, 1.0, 12345678901234567890]}
      # Regular expressions
      {{ 'Ethernet1/2'|regex_replace('^Ethernet(\\d+).*', 'Po\\1') }} {{ 'aXbX'|regex_replace('x', '-', ignorecase=true) }}  Po1 a-b-
      {{ 'Et12'|regex_search('(\\d)(\\d)', '\\2', '\\1') }} {{ 'a1b2'|regex_findall('[a-z]\\d') }} {{ 'a.b'|regex_escape }}  ['2', '1'] ['a1', 'b2'] a\.b
      {{ 'x'|regex_search('y') is none }} {{ 'leaf1' is match('leaf') }} {{ 'xleaf1' is match('leaf') }} {{ 'xleaf1' is search('leaf\\d$') }}  True True False True
      {{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'|regex_replace('(a+)+$', 'x') }}  template-fuel
      {{ 'aa'|regex_replace('(a)\\1', 'x') }}                           template-filter
      {{ 'ab'|regex_replace('(?P<x>a)(?P<y>b)', '\\g<y>\\g<x>') }} {{ 'abc'|regex_replace('b*', '-') }}  ba -a--c-
      # Tests
      {{ n is odd }} {{ n is divisibleby 5 }} {{ "1.10" is version("1.9", ">") }} {{ [1] is subset([1, 2]) }} {{ l is contains 2 }}  True True True True True
      {{ f is float }} {{ n is integer }} {{ t is boolean }} {{ t is number }} {{ s is string and s is iterable }} {{ d is mapping }}  True True True True True True
      # Refused by name
      {{ l|random }}                                                    template-error
      {{ now() }}                                                       template-error
      {{ lookup('file', 'x') }}                                         template-error
      {{ 'x'|password_hash('sha512') }}                                 template-error
      {{ "a b"|wordwrap(1) }}                                           template-error
    `,
    ['{{ "%03d|%-4s|%+.1f|%x|%5.1f%%" % (7, "a", 2.25, 255, 9.96) }}', '007|a   |+2.2|ff| 10.0%'],
    [
      '{{ "{:>5}|{:<4}|{:^5}|{:03d}|{:,}|{:.2f}|{:#x}".format("a", "b", "c", 7, 1234567, 2.675, 255) }}',
      '    a|b   |  c  |007|1,234,567|2.67|0xff',
    ],
    [
      '{{ "a-b-c".rsplit("-", 1) }} {{ " a  b ".split() }} {{ "a,b".partition(",") }}',
      "['a-b', 'c'] ['a', 'b'] ('a', ',', 'b')",
    ],
    ['{{ "a\\nb\\n"|indent(2) }}c', 'a\n  b\nc'],
    ['{{ "a\\n\\nb"|indent(2, true) }} {{ "abcdefghijkl"|truncate(6, true) }}', '  a\n\n  b abc...'],
  ])('%s', (template = '', expected) => {
    expect(shown(template)).toBe(expected)
  })
})
