import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/index.ts'
import { table } from '../../table.ts'

/** Found by trying, each beside Jinja2 3.1.6 and Ansible 2.14.18, which agree on what is expected here. */
describe('a template renders what Ansible renders', () => {
  test.each([
    ...table`
    {{ '%04x' % 10 }}                                       000a
    {{ '%02X' % 10 }}                                       0A
    {{ '%02x:%02x'|format(10,200) }}                        0a:c8
    {{ '%05d' % 42 }}                                       00042
    {{ '0.0.0.255' is ansible.utils.ipv4_hostmask }}        True
    {{ '0.0.0.1' is ansible.utils.ipv4_hostmask }}          True
    {{ '0.0.0.0' is ansible.utils.ipv4_hostmask }}          False
    {{ '255.255.255.255' is ansible.utils.ipv4_hostmask }}  False
    {{ '0.0.0.0' is ansible.utils.ipv4_netmask }}           False
    {{ '255.255.255.255' is ansible.utils.ipv4_netmask }}   True
    {{ '255.255.255.0' is ansible.utils.ipv4_netmask }}     True
    {{ '10.0.0.1' is ansible.utils.ipv4_netmask }}          False
  `,
    ["{{ '%05s' % 'ab' }}", '   ab'],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, {})).toEqual({ ok: true, text })
  })
})

// Each beside Ansible 2.14.18; the first is the case that was found.
describe('the filters of a block', () => {
  test.each([
    ...table`
    {% set x | replace("ACTION", "deny") | upper %}20 ACTION ip{% endset %}{{ x }}  20 DENY IP
    {% set x|upper|replace("B", "c") %}ab{% endset %}{{ x }}                Ac
    {% filter lower|upper %}aB{% endfilter %}                               AB
    {% filter split(",")|map("trim")|join("-") %}a, b,c{% endfilter %}      a-b-c
    {% set x|split|length %}a b c{% endset %}{{ x + 1 }}                    4
    {% filter first|default("q") %}{% endfilter %}                          q
    {% filter upper|length %}abc{% endfilter %}                             3
    {% filter list %}abc{% endfilter %}                                     ['a', 'b', 'c']
    {% filter regex_search("zz") %}abc{% endfilter %}|{{ none }}            None|
  `,
    [
      '{% filter replace("ACTION", "deny")|indent(2) %}20 ACTION ip any any\n30 ACTION tcp any any{% endfilter %}',
      '20 deny ip any any\n  30 deny tcp any any',
    ],
  ])('[V1] %s', (template, text) => {
    expect(renderTemplate(template, {})).toEqual({ ok: true, text })
  })
})

// Each beside Ansible 2.14.18.
describe('loop in the condition of a loop', () => {
  test.each([
    ['{% for x in [1] %}{% for y in [1, 2] if loop.index == 1 %}{{ y }}{% endfor %}{% endfor %}', '12'],
    [
      '{% for x in [1] %}{% for y in [1, 2] if loop.index == 1 %}{{ y }}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}',
      '11221',
    ],
    ['{% for x in [[3]] recursive %}{% for y in [1, 2] if loop.index == 1 %}{{ y }}{% endfor %}{% endfor %}', '12'],
    ['{% for y in [1, 2] if loop is defined %}{{ y }}{{ loop.index }}{% endfor %}', ''],
  ])('[V6] is that of the loop around it: %s', (template, text) => {
    expect(renderTemplate(template, {})).toEqual({ ok: true, text })
  })

  test('is not there without one', () => {
    expect(
      renderTemplate('{% for y in [1, 2] if loop.index == 1 %}{{ y }}{{ loop.index }}{% endfor %}', {}),
    ).toMatchObject({
      ok: false,
      problems: [{ code: 'template-undefined', message: '`loop` is not defined' }],
    })
  })
})

describe('what a template sees of the one that takes it in', () => {
  const files: Readonly<Record<string, string>> = {
    'macros.j2': '{% macro m(p) %}vlan {{ p }} on {{ vlan|default("nv") }}{% endmacro %}',
    'strict.j2': '{% macro m(p) %}vlan {{ p }} on {{ vlan }}{% endmacro %}',
    'seen.j2': '[{{ vlan|d("-") }} {{ x|d("-") }} {{ range(2)|list }} {{ loop is defined }}]',
    'seen-within.j2': '{% include "seen.j2" %}',
    'names.j2': '{% macro m() %}{{ range(2)|list }}{{ vlan|d("-") }}{% endmacro %}{% set v = vlan|d("unset") %}',
    'counts.j2':
      '{% set ns = namespace(c=0) %}{% macro up() %}{% set ns.c = ns.c + 1 %}{{ ns.c }}{% endmacro %}at {{ ns.c }} ',
    'loop.j2': '{% if loop is defined %}L{{ loop.index }}{% else %}noloop{% endif %}',
  }
  const find = (name: string) => files[name]
  const render = (template: string) => renderTemplate(template, { vlan: 110 }, { find })

  test('an import sees no variable, unless it says with context', () => {
    expect(render('{% import "macros.j2" as b %}{{ b.m(1) }}')).toEqual({ ok: true, text: 'vlan 1 on nv' })
    expect(render('{% from "macros.j2" import m with context %}{{ m(1) }}')).toEqual({
      ok: true,
      text: 'vlan 1 on 110',
    })
    expect(render('{% import "strict.j2" as b %}{{ b.m(1) }}').ok).toBe(false)
  })

  // Each beside Ansible 2.14.18.
  test.each(table`
    {% include "seen.j2" without context %}                                 [- - [0, 1] False]
    {% set x = 4 %}{% for i in [1] %}{% include "seen.j2" without context %}{{ loop.index }}{% endfor %}  [- - [0, 1] False]1
    {% set x = 4 %}{% for i in [1] %}{% include "seen.j2" %}{{ loop.index }}{% endfor %}  [110 4 [0, 1] True]1
    {% set x = 4 %}{% include "seen-within.j2" without context %}           [- - [0, 1] False]
    {% set x = 4 %}{% include "seen-within.j2" with context %}              [110 4 [0, 1] False]
    {% include ["no.j2", "seen.j2"] ignore missing without context %}       [- - [0, 1] False]
    {% import "names.j2" as a %}{{ a.m() }} {{ a.v }}                       [0, 1]- unset
    {% import "names.j2" as a with context %}{{ a.m() }} {{ a.v }}          [0, 1]110 110
    {% set x = 4 %}{% import "names.j2" as a with context %}{{ a.x is defined }}  False
    {% import "counts.j2" as a %}{% import "counts.j2" as b %}{{ a.up() }}{{ b.up() }}{% include "counts.j2" without context %}{{ a.up() }}  12at 0 3
    {% import "counts.j2" as a with context %}{% import "counts.j2" as b with context %}{{ a.up() }}{{ b.up() }}  11
  `)('[V3] %s', (template, text) => {
    expect(render(template)).toEqual({ ok: true, text })
  })

  test('an include sees the loop where its body names it', () => {
    expect(render('{% for i in [5] %}{% include "loop.j2" %}{% endfor %}')).toEqual({ ok: true, text: 'noloop' })
    expect(render('{% for i in [5] %}{{ loop.index }}{% include "loop.j2" %}{% endfor %}')).toEqual({
      ok: true,
      text: '1L1',
    })
  })
})

describe('whether there is a filter or a test', () => {
  test.each([
    // Jinja2's answer; Ansible ends with an error where there is none.
    ["{{ 'nosuch' is filter }} {{ 'nosuch' is test }} {{ 'constructor' is filter }}", 'False False False'],
    ["{{ 'upper' is filter }} {{ 'ansible.builtin.combine' is filter }} {{ 'defined' is test }}", 'True True True'],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, {})).toEqual({ ok: true, text })
  })

  test.each([
    ["{{ 'from_yaml_all' is filter }}", '`from_yaml_all` is not rendered here'],
    ["{{ 'ansible.builtin.random' is filter }}", '`ansible.builtin.random` is not rendered here'],
    ["{{ 'changed' is test }}", '`changed` is not rendered here'],
  ])('is refused for %s, which Ansible has', (template, message) => {
    expect(renderTemplate(template, {})).toMatchObject({ ok: false, problems: [{ message }] })
  })
})
