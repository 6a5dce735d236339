import { expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { seenFabric } from '../../../src/change/inventory/seen-device.ts'
import { datumText, parseDatum, Readings, sightIn } from '../../../src/change/plan/readings.ts'
import { renderTemplate } from '../../../src/change/workflow/template/render.ts'
import { table } from '../../table.ts'

const INVENTORY = `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: u, password: p, simulated: true } }
groups: { hasOwnProperty: { vars: { toString: 6 } } }
devices:
  leaf1:
    host: 127.0.0.1
    port: 1
    groups: [hasOwnProperty]
    tags: { hasOwnProperty: y }
    vars: { m: { b: 2, a: 1, 'a.b': 9, '10': ten }, l: [{ k: 1 }, { k: 2 }], none: null, hasOwnProperty: 5 }
  leaf2: { host: 127.0.0.1, port: 2, vars: { m: { a: 1 } } }
`

test.each([
  ...table`
  {{ device.vars.m.a }}                                            1                        leaf1: vars.m.a
  {{ device.vars.m['a.b'] }}                                       9                        leaf1: vars.m["a.b"]
  {{ 'zz' in device.vars.m }}                                      False                    leaf1: vars.m.zz
  {{ device.vars.zz | default('d') }}                              d                        leaf1: vars.zz
  {{ (device.vars.m | default({})).a }}                            1                        leaf1: vars.m.a
  {{ device.vars.m is mapping }}                                   True                     leaf1: kind(vars.m)
  {{ fabric.leaf2.vars.m is defined }}                             True                     leaf2: kind(vars.m)
  {% macro of(m) %}{{ m.a }}{% endmacro %}{{ of(device.vars.m) }}  1                        leaf1: vars.m.a
  {% set m = device.vars.m %}{{ m.b }}                             2                        leaf1: vars.m.b
  {{ device.vars.m.get('a') }}                                     1                        leaf1: vars.m.a
  {{ device.vars.m == fabric.leaf2.vars.m }}                       False                    leaf1: keys(vars.m); leaf2: keys(vars.m)
  {{ device.vars.m | list }}                                       ['b', 'a', 'a.b', '10']  leaf1: keys(vars.m)
  {{ fabric.leaf2.vars.m | to_json }}                              {"a": 1}                 leaf2: keys(vars.m) vars.m.a
  {{ device.vars.l | map(attribute='k') | sort | join(' ') }}      1 2                      leaf1: length(vars.l) vars.l[0].k vars.l[1].k
  {{ device.vars.l[-1].k }}                                        2                        leaf1: length(vars.l) vars.l[1].k
  {{ device.vars.none is none }}                                   True                     leaf1: vars.none
  {{ fabric | length }}                                            2                        *: keys()
  {{ device.vars.constructor | default('none') }}                  none                     leaf1: vars.constructor
`,
  ["{{ 'leaf9' in fabric }}", 'False', 'leaf9: '],
  ["{{ fabric['*'] is defined }}{{ fabric['constructor'] is defined }}", 'FalseFalse', ''],
  [
    "{{ device.vars.hasOwnProperty }}{{ device.tags.hasOwnProperty }}{{ device.vars.toString }}{{ 'hasOwnProperty' in device.groups }}",
    '5y6True',
    'leaf1: groups tags.hasOwnProperty vars.hasOwnProperty vars.toString',
  ],
])('%s reads no more than it needs', (template, text, expected) => {
  const inventory = parseInventory(INVENTORY, 'inventory.yaml')
  if (!inventory.ok) throw new Error(inventory.problems.map(({ message }) => message).join())
  const readings = new Readings()
  const sightOf = sightIn(inventory.value, seenFabric(inventory.value), readings)
  const [leaf1] = inventory.value.devices.map(sightOf)
  if (leaf1 === undefined) throw new RangeError('no leaf1')
  const { device, fabric } = leaf1
  const rendered = renderTemplate(template, { file: 'w.yaml', line: 1, column: 1 }, {}, { device, fabric })
  expect(rendered).toEqual({ ok: true, value: text })
  const read = [...readings.all()]
  expect(read.map(([name, data]) => `${name}: ${data.map(datumText).join(' ')}`).join('; ')).toBe(expected)
  // What a plan names is found again.
  for (const datum of read.flatMap(([, data]) => data)) expect(parseDatum(datumText(datum))).toEqual(datum)
})
