import { describe, expect, test } from 'vitest'
import { renderTemplate, templateProblems } from '../../../src/change/workflow/template/render.ts'

const AT = { file: 't.j2', line: 1, column: 1 }
const VARIABLES = { device: { name: 'leaf1', host: 'h', tags: { asn: '65101' } }, vlans: [10, 20], mtu: 9000 }

function shown(text: string) {
  const rendered = renderTemplate(text, AT, VARIABLES)
  return rendered.ok ? rendered.value : `${rendered.problems[0].code}: ${rendered.problems[0].message}`
}

// Each row was rendered as another text, or was not refused, by the renderer that was here before.
describe('a template does not plan another line than it says', () => {
  test.each([
    [
      '[M1] a missing tag in a condition',
      '{% if not device.tags.keep_up %} shutdown{% endif %}',
      'template-undefined: there is no `keep_up` here (a dict)',
    ],
    ['[M1] a slip in a name', 'mtu {{ mttu|int + 1500 }}', 'template-undefined: `mttu` is not defined'],
    ['[M1] a missing name compared', "{{ nope == 'a' }}", 'template-undefined: `nope` is not defined'],
    ['[M1] a missing name joined', "{{ nope ~ 'a' }}", 'template-undefined: `nope` is not defined'],
    [
      '[M2] a mapping keeps its order',
      '{% for k in {"deny-bogons": 1, "allow": 2} %}{{ loop.index * 10 }} {{ k }};{% endfor %}',
      '10 deny-bogons;20 allow;',
    ],
    ['[M2] a printed mapping too', '{{ {"b": 1, "a": 2} }}', "{'b': 1, 'a': 2}"],
    [
      '[M3] arguments by name',
      "{{ '10.0.0.0/16'|ipsubnet(24, index=3) }} {{ '10.1.2.3/24'|ipaddr(query='network') }}",
      '10.0.3.0/24 10.1.2.0',
    ],
    [
      '[M3] an argument that there is not',
      "{{ '10.0.0.1'|ipaddr(qury='network') }}",
      'template-filter: `ipaddr`: it takes no `qury`',
    ],
    [
      '[M4] indent keeps the last line end',
      "{{ 'description A\\n'|indent(3) }}interface Ethernet2",
      'description A\ninterface Ethernet2',
    ],
    ['[M4] so does the block', '{% filter indent(3) %}\na\nb\n{% endfilter %}\nc', 'a\n   b\nc'],
    ['[M5] no is false', "{% if 'no'|bool %}shutdown{% else %}no shutdown{% endif %}", 'no shutdown'],
    ['[M5] and so are these', "{{ 'false'|bool }} {{ 'off'|bool }} {{ '0'|bool }}", 'False False False'],
    [
      '[M6] a tag beside a number',
      '{{ device.tags.asn == 65101 }}',
      "template-error: the text '65101' is compared with the number 65101: they are never equal",
    ],
    [
      '[M7] the condition of a loop sees the rounds before',
      '{% set n = namespace(d=0) %}{% for v in vlans if not n.d %}{% set n.d = 1 %}{{ v }}{% endfor %}',
      '10',
    ],
    [
      'sort by two keys',
      '{{ [{"a": 1, "b": 2}, {"a": 1, "b": 1}]|sort(attribute="a,b")|map(attribute="b")|join }}',
      '12',
    ],
    [
      'sort from the highest keeps equal ones in order',
      '{{ [[1, "x"], [2, "y"], [1, "z"]]|sort(attribute="0", reverse=true)|map("last")|join }}',
      'yxz',
    ],
    ['[M8] negative division', '{{ -7 // 2 }} {{ -7 % 3 }}', '-4 2'],
    ['division by zero', '{{ mtu / 0 }}', 'template-error: division by zero'],
    ['the size of an IPv6 prefix', "{{ '2001:db8::/32'|ipaddr('size') }}", '79228162514264337593543950336'],
    [
      'an attribute that an item does not have',
      "{{ [{'a': 1}, {}]|map(attribute='a')|join(',') }}",
      'template-undefined: there is no `a` here (a dict)',
    ],
    ['[M8] raw', '{% raw %}{{ x }}{% endraw %}', '{{ x }}'],
    ['[M8] CR LF', 'a\r\nb\r\n', 'a\nb\n'],
    ["Ansible's header", '#jinja2: lstrip_blocks: True\na', 'a'],
    ['None prints as nothing', 'a{{ none }}b', 'ab'],
    ['[M8] round', '{{ 2.5|round }} {{ 42.55|round(1, "floor") }}', '2.0 42.5'],
  ])('%s', (_, text, expected) => {
    expect(shown(text)).toBe(expected)
  })

  test.each([
    ["{{ '10.0.0.1'|ansible.utils.ipaddr }}{% if mtu is arista.avd.defined %}{% endif %}", []],
    ["{{ '10.0.0.1'|ansible.utils.ipadr }}", ['there is no filter `ansible.utils.ipadr`']],
    ["{{ '10.0.0.1'|netmask }}", ['the filter `netmask` is not rendered here']],
    ['{% if mtu is arista.avd.definde %}{% endif %}', ['there is no test `arista.avd.definde`']],
  ])('what there is not is named before there are values: %s', (text, expected) => {
    const problems = templateProblems(text, AT, ['mtu'])
    expect(problems.map(({ message }) => message)).toEqual(expected)
    expect(problems.filter(({ hint }) => hint === undefined || hint === '')).toEqual([])
  })
})
