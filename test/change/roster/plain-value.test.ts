import { expect, test } from 'vitest'
import { plainValue } from '../../../src/change/roster/rendered-roster.ts'
import { keepKeys, WholeFloat } from '../../../src/model/json.ts'
import { lazyJinja } from '../../../src/text/jinja/object/arithmetic.ts'
import { render } from '../../../src/text/jinja/render.ts'

test('a template sees a plain value as it is written: a float, and keys that are numbers in their order', () => {
  const vlans = { 10: 'a', 20: 'b', x: 'c' }
  keepKeys(vlans, [20, 10, 'x'])
  const at = { file: 'hosts.yml', line: 1, column: 1 }
  const value = plainValue({ value: { ratio: new WholeFloat(2), vlans }, at })
  const text = '{{ v.ratio }} {{ v.vlans }} {{ v.vlans[10] }} {{ 10 in v.vlans }}'
  const rendered = render({ file: 't.j2', text }, { variables: [['v', lazyJinja(value)]] })
  expect(rendered).toMatchObject({ ok: true, text: "2.0 {20: 'b', 10: 'a', 'x': 'c'} a True" })
})
