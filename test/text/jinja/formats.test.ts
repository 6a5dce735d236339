import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/index.ts'
import { linesOf, table } from '../../table.ts'

/** Recorded from Jinja2 3.1 and Ansible 2.14.18 on Python 3.11. */
describe('a format writes what Python writes', () => {
  test.each([
    ...table`
    {{ '{:05}'.format(true) }}              00001
    {{ '{:,}'.format(true) }}               1
    {{ '{a[b]}'.format(a={'b': 1}) }}       1
    {{ '{a[a:b]}'.format(a={'a:b': 5}) }}   5
    {{ '{n.x}'.format(n=namespace(x=5)) }}  5
    {{ '{:05}'.format('a') }}               a0000
    {{ '{:_X}'.format(123456789) }}         75B_CD15
    {{ '{:#.0f}'.format(3.0) }}             3.
    {{ '{:#.0%}'.format(3.0) }}             300.%
    {{ '{:#.3}'.format(3.0) }}              3.00
    {{ '{:.0}'.format(3.0) }}               3e+00
    {{ '{:#}'.format(1e20) }}               1.e+20
    {{ '{:z.1f}'.format(-0.01) }}           0.0
    {{ '{:07,}'.format(i|float) }}          0000inf
    {{ '{:012,.0e}'.format(1234567) }}      0,000,001e+06
    {{ '%#.0f' % 3 }}                       3.
    {{ '%#.0E' % 3 }}                       3.E+00
    {{ '%05f' % (i|float) }}                00inf
    {{ '%.*f' % (-1, 2.5) }}                2
    {{ '%*s|' % (true, 'ab') }}             ab|
    {{ 'x' % [1] }}                         x
    {{ '%(a.b)s' % {'a.b': 'xyz'} }}        xyz
    {{ '%(a(b))s' % {'a(b)': 1} }}          1
  `,
    ["{{ '{:5}'.format(true) }}", '    1'],
    ["{{ '{!a:>9}'.format('é') }}", "   '\\xe9'"],
    ["{{ '{:5c}|'.format(65) }}", '    A|'],
    ["{{ '%-#5.0f|' % 3 }}", '3.   |'],
    ["{{ '%a' % 'é𝒳' }}", "'\\xe9\\U0001d4b3'"],
    ["{{ '%.3a' % 'éabc' }}", "'\\x"],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, { i: 'inf' })).toEqual({ ok: true, text })
  })

  test.each(
    linesOf(`
    {{ '{:.1}'.format(true) }}
    {{ '{a.b}'.format(a={'b': 1}) }}
    {{ '{a[items]}'.format(a={'b': 1}) }}
    {{ '{n[x]}'.format(n=namespace(x=5)) }}
    {{ '{:,o}'.format(5) }}
    {{ '{:,b}'.format(5) }}
    {{ '{:,n}'.format(5) }}
    {{ '{:_n}'.format(5) }}
    {{ '{:,c}'.format(65) }}
    {{ '{:_c}'.format(65) }}
    {{ '{:+c}'.format(65) }}
    {{ '{:#c}'.format(65) }}
    {{ '{:-s}'.format('a') }}
    {{ '%5%' % () }}
  `),
  )('refuses %s, as Python does', (template) => {
    expect(renderTemplate(template, { i: 'inf' }).ok).toBe(false)
  })
})
