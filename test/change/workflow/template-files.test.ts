import { describe, expect, test } from 'vitest'
import { renderFile, templateFileProblems } from '../../../src/change/workflow/template/render.ts'
import { problemsOf } from '../../../src/text/source/located.ts'
import { linesOf, table } from '../../table.ts'

const FILES: Readonly<Record<string, string>> = {
  'templates/ntp.j2': 'ntp server {{ server }}\n',
  'templates/sub/deep.j2': "{% include 'templates/ntp.j2' %}\n",
  'templates/macros.j2': '{% set area = 7 %}{% macro port(n) %}interface Ethernet{{ n }}{% endmacro %}\n',
  'templates/base.j2':
    'hostname x\n{% block body %}\nbase\n{% endblock %}\nend {{ self.tail() }}{% block tail %}!{% endblock %}\n',
  'templates/broken.j2': 'line one\n{{ nope }}\n',
  'templates/unclosed.j2': 'a\n  {% if x %}\n',
  'templates/loop.j2': "{% include 'loop.j2' %}",
}
const files = (path: string) => FILES[path]
const source = (text: string) => ({ file: 'templates/main.j2', text })

function rendered(text: string) {
  const result = renderFile(source(text), { server: '192.0.2.1' }, files)
  if (result.ok) return result.value.text
  return problemsOf(result).map(({ code, at }) => `${code} ${at.file}:${at.line}:${at.column}`)
}

describe('a template that uses others', () => {
  // As Ansible 2.14 writes them: it drops the last line break of a file that is included.
  test.each([
    ...table`
    {% include 'templates/ntp.j2' %}                                    ntp server 192.0.2.1
    {% include 'sub/deep.j2' %}                                         ntp server 192.0.2.1
    {% include ['no.j2', 'ntp.j2'] %}                                   ntp server 192.0.2.1
    {% include 'no.j2' ignore missing %}x                               x
    {% set server = 'a' %}{% include 'ntp.j2' %}                        ntp server a
    {% for server in ['a', 'b'] %}{% include 'ntp.j2' %}{% endfor %}    ntp server antp server b
    {% import 'macros.j2' as m %}{{ m.port(3) }} {{ m.area }}           interface Ethernet3 7
    {% from 'macros.j2' import port as p, area %}{{ p(4) }} {{ area }}  interface Ethernet4 7
    {% from 'macros.j2' import nothing %}{{ nothing is defined }}       False
  `,
    ["{% include 'ntp.j2' %}\nend\n", 'ntp server 192.0.2.1end\n'],
    [
      "{% extends 'base.j2' %}{% block body %}\nmine\n{{ super() }}{% endblock %}ignored",
      'hostname x\nmine\nbase\nend !!',
    ],
    ["{% extends 'base.j2' %}{% set t = '?' %}{% block tail %}{{ t }}{% endblock %}", 'hostname x\nbase\nend ??'],
    ["{% extends 'base.j2' %}{% if false %}{% extends 'ntp.j2' %}{% endif %}", 'hostname x\nbase\nend !!'],
  ])('%s', (text, expected) => {
    expect(rendered(text)).toBe(expected)
  })

  test.each([
    ...table`
    {% include 'no.j2' %}                                                   template-error templates/main.j2:1:4
    {% set server = 'a' %}{% include 'ntp.j2' without context %}            template-undefined templates/ntp.j2:1:15
    {% include '/etc/passwd' ignore missing %}                              template-error templates/main.j2:1:4
    {% include 'unclosed.j2' %}                                             template-syntax templates/unclosed.j2:2:6
    {% include 'loop.j2' %}                                                 template-error templates/loop.j2:1:4
    {% from 'macros.j2' import port %}{{ port() }}                          template-undefined templates/macros.j2:1:59
    {% import 'macros.j2' as m %}{{ m }}                                    template-error templates/main.j2:1:33
    {% extends 'base.j2' %}{% block body %}{{ nope }}{% endblock %}         template-undefined templates/main.j2:1:43
    {% extends 'base.j2' %}{% block body %}{% extends 'ntp.j2' %}{% endblock %}  template-syntax templates/main.j2:1:43
    {% if false %}{% for i in [] %}{% extends 'base.j2' %}{% endfor %}{% endif %}  template-syntax templates/main.j2:1:35
  `,
    ["x\n{% include '../../secret' %}", 'template-error templates/main.j2:2:4'],
    ["\n{% include 'broken.j2' %}", 'template-undefined templates/broken.j2:2:4'],
    ["{% extends 'base.j2' %}\n{% extends 'ntp.j2' %}", 'template-syntax templates/main.j2:2:4'],
  ])('%s is refused where the fault is', (text, expected) => {
    expect(rendered(text)).toEqual(linesOf(expected))
  })

  test('names the files that it was made of, each once', () => {
    const result = renderFile(
      source("{% include 'ntp.j2' %}{% include 'ntp.j2' %}{% import 'macros.j2' as m %}"),
      { server: 'a' },
      files,
    )
    expect(result.ok && result.value.sources.map(({ file }) => file)).toEqual([
      'templates/main.j2',
      'templates/ntp.j2',
      'templates/macros.j2',
    ])
  })

  test('is read with all that it names before there are values', () => {
    const text =
      "{% include 'ntp.j2' %}{% include 'no.j2' %}\n{% include 'unclosed.j2' %}{{ servr }}{% include 'no.j2' ignore missing %}"
    const problems = templateFileProblems(source(text), ['server'], files)
    expect(problems.map(({ code, at }) => `${code} ${at.file}:${at.line}:${at.column}`)).toEqual([
      'template-undefined templates/main.j2:2:31',
      'no-such-file templates/main.j2:1:34',
      'template-syntax templates/unclosed.j2:2:6',
    ])
  })
})
