import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../src/index.ts'

/** Found by trying, each beside Jinja2 3.1.6 and Ansible 2.14.18, which agree on what is expected here. */
describe('a template renders what Ansible renders', () => {
  test.each([
    ["{{ '%04x' % 10 }}", '000a'],
    ["{{ '%02X' % 10 }}", '0A'],
    ["{{ '%02x:%02x'|format(10,200) }}", '0a:c8'],
    ["{{ '%05d' % 42 }}", '00042'],
    ["{{ '%05s' % 'ab' }}", '   ab'],
    ["{{ '0.0.0.255' is ansible.utils.ipv4_hostmask }}", 'True'],
    ["{{ '0.0.0.1' is ansible.utils.ipv4_hostmask }}", 'True'],
    ["{{ '0.0.0.0' is ansible.utils.ipv4_hostmask }}", 'False'],
    ["{{ '255.255.255.255' is ansible.utils.ipv4_hostmask }}", 'False'],
    ["{{ '0.0.0.0' is ansible.utils.ipv4_netmask }}", 'False'],
    ["{{ '255.255.255.255' is ansible.utils.ipv4_netmask }}", 'True'],
    ["{{ '255.255.255.0' is ansible.utils.ipv4_netmask }}", 'True'],
    ["{{ '10.0.0.1' is ansible.utils.ipv4_netmask }}", 'False'],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, {})).toEqual({ ok: true, text })
  })
})

describe('what a template sees of the one that takes it in', () => {
  const files: Readonly<Record<string, string>> = {
    'macros.j2': '{% macro m(p) %}vlan {{ p }} on {{ vlan|default("nv") }}{% endmacro %}',
    'strict.j2': '{% macro m(p) %}vlan {{ p }} on {{ vlan }}{% endmacro %}',
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
    ["{{ 'from_yaml' is filter }}", '`from_yaml` is not rendered here'],
    ["{{ 'ansible.builtin.random' is filter }}", '`ansible.builtin.random` is not rendered here'],
    ["{{ 'changed' is test }}", '`changed` is not rendered here'],
  ])('is refused for %s, which Ansible has', (template, message) => {
    expect(renderTemplate(template, {})).toMatchObject({ ok: false, problems: [{ message }] })
  })
})
