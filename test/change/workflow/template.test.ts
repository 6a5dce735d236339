import { describe, expect, test } from 'vitest'
import { renderTemplate, templateProblems, type Variables } from '../../../src/change/workflow/template/render.ts'
import { problemsOf } from '../../../src/text/source/located.ts'
import { table } from '../../table.ts'

const AT = { file: 'templates/vlan.j2', line: 1, column: 1 }
const VARIABLES: Variables = {
  vlan: 120,
  label: 'PROD',
  vlans: [10, 11, 20],
  device: { name: 'leaf1', host: '10.0.0.11', tags: { role: 'leaf' } },
}

const rendered = (text: string) => {
  const result = renderTemplate(text, AT, VARIABLES)
  return result.ok ? result.value : result.problems
}

describe('renderTemplate', () => {
  test('renders as Jinja2 with trimmed blocks', () => {
    const text =
      'vlan {{ vlan }}\n   name {{ label }}\n{% if device.tags.role == "leaf" %}\n  {% for v in vlans %}\nvlan {{ v }}\n  {% endfor %}\n{% endif %}\nend\n'
    expect(rendered(text)).toBe('vlan 120\n   name PROD\nvlan 10\nvlan 11\nvlan 20\nend\n')
  })

  test('nothing is escaped as in HTML', () => {
    expect(renderTemplate('{{ x }}', { ...AT, file: 'x.html' }, { x: '<a> & "b"' })).toEqual({
      ok: true,
      value: '<a> & "b"',
    })
  })

  // Values by hand; the names and answers are those of Ansible's documentation of ipaddr where it has them.
  test.each(table`
    '192.0.2.10/24'|ipaddr('address')                              192.0.2.10
    '192.0.2.10/24'|ipaddr('network')                              192.0.2.0
    '192.0.2.10/24'|ipaddr('subnet')                               192.0.2.0/24
    '192.0.2.10/24'|ipaddr('netmask')                              255.255.255.0
    '192.0.2.10/24'|ipaddr('prefix') + 1                           25
    '192.0.2.10/24'|ipaddr('broadcast')                            192.0.2.255
    '192.0.2.10/24'|ipaddr('wildcard')                             0.0.0.255
    '192.0.2.10'|ipaddr('host')                                    192.0.2.10/32
    '192.0.2.0/24'|ipaddr(1)                                       192.0.2.1/24
    '192.0.2.0/24'|ipaddr(-1)                                      192.0.2.255/24
    '192.0.2.0/24'|ipaddr('first_usable')                          192.0.2.1
    '192.0.2.0/24'|ipaddr('last_usable')                           192.0.2.254
    '192.0.2.0/31'|ipaddr('last_usable')                           192.0.2.1
    '192.0.2.0/24'|ipaddr('size')                                  256
    '10.0.1.0/31'|ipaddr('peer')                                   10.0.1.1
    '10.0.1.2/30'|ipaddr('peer')                                   10.0.1.1
    '2001:db8::/127'|ipaddr('peer')                                2001:db8::1
    '10.0.1.1/31'|ansible.utils.ipaddr('address')                  10.0.1.1
    '10.0.1.1/31'|ansible.netcommon.ipaddr('network')              10.0.1.0
    '10.0.1.1/20'|ipaddr('netmask')                                255.255.240.0
    '10.0.1.1/20'|ipaddr('hostmask')                               0.0.15.255
    '10.0.1.1/20'|ipaddr('broadcast')                              10.0.15.255
    '10.0.0.0/8'|nthhost(305)                                      10.0.1.49
    '2001:db8::/64'|nthhost(255)                                   2001:db8::ff
    '192.168.1.5'|ipmath(5)                                        192.168.1.10
    '192.168.0.255'|ipmath(1)                                      192.168.1.0
    '192.168.1.0'|ipmath(-1)                                       192.168.0.255
    '192.168.0.0/16'|ipsubnet(20, 1)                               192.168.16.0/20
    '192.168.0.0/16'|ipsubnet(20, -1)                              192.168.240.0/20
    '192.168.144.5' is ansible.utils.in_network('192.168.0.0/16')  True
    '192.169.0.1' is ansible.utils.in_network('192.168.0.0/16')    False
    '2001:db8::1'|ipv6                                             2001:db8::1
    '10.0.0.1'|ipv6                                                False
    '001c.7300.0099'|hwaddr('linux')                               00:1c:73:00:00:99
    '00:1C:73:00:00:99'|hwaddr('cisco')                            001c.7300.0099
    '10-12,20'|ansible.netcommon.vlan_expander|join('+')           10+11+12+20
    vlans|arista.avd.list_compress                                 10-11,20
    vlans|vlan_parser|first                                        10,11,20
    range(3)|list                                                  [0, 1, 2]
    'a,b'.split(',')|join('-')                                     a-b
  `)('{{ %s }} is %s', (expression, expected) => {
    expect(rendered(`{{ ${expression} }}`)).toBe(expected)
  })

  test.each([
    ['an undefined name', 'vlan {{ vlan }}\n  name {{ lable }}', 'template-undefined 2:11', 'did you mean `label`'],
    ['an undefined tag', 'router bgp {{ device.tags.asn }}', 'template-undefined 1:27', 'inventory'],
    ['an undefined name in a condition', '{% if no_such %}x{% endif %}', 'template-undefined 1:7', 'params'],
    ['an unclosed block', 'a\n{% if vlan %}\nb\n', 'template-syntax 2:4', '{% endif %}'],
    ['an unclosed expression', 'vlan {{ vlan', 'template-syntax 1:9', 'write `}}` at its end'],
    ['an unknown filter', 'a {{ vlan | ipadr }}', 'template-error 1:13', 'did you mean `ipaddr`'],
    ['an include', "{% include 'x' %}", 'template-error 1:4', 'project'],
    [
      'a loop without end',
      '\n{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}',
      'template-fuel 2:',
      'loop',
    ],
    ['a value that is no address', 'a {{ vlan }}\n   ip {{ label | ipmath(1) }}', 'template-filter 2:18', '`ipmath`'],
    [
      'a second use that does not fit',
      '{{ "10.0.0.1"|ipmath(1) }}\n{{ label|ipmath(1) }}{{ 1 }}',
      'template-filter 2:10',
      '`ipmath`',
    ],
    ['a filter fault inside a default', '{{ label|ipmath(1)|default("x") }}', 'template-filter 1:10', '`ipmath`'],
    ['an address outside', "{{ '10.0.0.0/30'|nthhost(-5) }}", 'template-filter 1:18', '`nthhost`'],
    ['an unknown query', "{{ '10.0.0.0/30'|ipaddr('constructor') }}", 'template-filter 1:18', 'first_usable'],
  ])('names %s', (_, text, expected, hint) => {
    const [problem] = problemsOf(renderTemplate(text, AT, VARIABLES))
    expect(`${problem?.code} ${problem?.at.line}:${problem?.at.column}`).toContain(expected)
    expect(problem?.hint).toContain(hint)
    expect(problem?.at.file).toBe('templates/vlan.j2')
  })

  test('a fault is where the text begins in its file', () => {
    const [problem] = problemsOf(renderTemplate('vlan {{ vlna }}', { file: 'w.yaml', line: 7, column: 11 }, VARIABLES))
    expect(problem?.at).toEqual({ file: 'w.yaml', line: 7, column: 19 })
  })

  test('a fault leaves nothing behind', () => {
    for (let round = 0; round < 50; round += 1) {
      expect(problemsOf(renderTemplate('{{ label|ipmath(1) }}', AT, VARIABLES))).toHaveLength(1)
      expect(rendered('{{ vlan }}')).toBe('120')
    }
  })
})

describe('templateProblems', () => {
  const problems = (text: string) =>
    templateProblems(text, AT, ['vlan']).map(({ code, at, message }) => `${code} ${at.line}:${at.column} ${message}`)

  test.each([
    ['{{ vlan }} {{ device is defined }} {{ range(3) }}', []],
    ['a\n{% endif %}', ['template-syntax 2:4 `{% endif %}` closes nothing here: no block is open']],
    ['{{ vlan|uper }}', ['template-error 1:9 there is no filter `uper`']],
    ['{% if vlan is od %}{% endif %}', ['template-error 1:15 there is no test `od`']],
    ["{{ [vlan]|map('uper') }}", ['template-error 1:15 there is no filter `uper`']],
    ["{{ [vlan]|select('od')|list }}", ['template-error 1:18 there is no test `od`']],
    [
      '{{ vlna }}\n{{ vlan }}{{ label }}',
      ['template-undefined 1:4 `vlna` is not defined', 'template-undefined 2:14 `label` is not defined'],
    ],
    ["{{ vlna|default('x') }} {{ vlna }}", []],
    ['{% for v in vlan %}{{ loop.index }}{{ v }}{% endfor %}', []],
    ['{% set a = 1 %}{% macro m(b) %}{{ a }}{{ b }}{{ varargs }}{% endmacro %}{{ m(1) }}', []],
    ["{{ 'x'|random }}", ['template-error 1:8 the filter `random` is not rendered here']],
    [
      "{{ lookup('file', 'x') }}",
      ['template-error 1:4 `lookup` is not rendered here: it reads files, programs and services while it renders'],
    ],
  ])('%s', (text, expected) => {
    expect(problems(text)).toEqual(expected)
  })
})
