import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import type { LazyValue } from '../../../src/model/once.ts'
import { problemsOf } from '../../../src/text/source/located.ts'

const HEAD = `credentials: { op: { username: a, password: "\${env:A}" } }\ndefaults: { credentials: op }\n`

/** Everything of a value, as JSON. */
function whole(value: LazyValue | undefined): unknown {
  if (value === undefined || value.kind === 'scalar') return value?.value
  if (value.kind === 'list') return Array.from({ length: value.length }, (_, index) => whole(value.item(index)))
  return Object.fromEntries(value.keys().map((key) => [key, whole(value.member(key))]))
}

function deviceOf(text: string, name: string) {
  const parsed = parseInventory(HEAD + text, 'inventory.yaml')
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const found = parsed.value.devices.find((device) => device.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

const FABRIC = `groups:
  all:    { vars: { ntp: [192.0.2.1], domain: example.net } }
  DC1:    { vars: { site: dc1, mtu: 9214, bgp: { asn: 65000, hold: 30 } }, children: [LEAVES, SPINES] }
  LEAVES: { vars: { mtu: 9000, bgp: { asn: 65100 } } }
  SPINES: {}
devices:
  leaf1:  { host: 10.0.0.1, groups: [LEAVES], vars: { asn: 65101, tagline: '{{ not rendered }}' } }
  spine1: { host: 10.0.0.2, groups: [SPINES] }
  alone:  { host: 10.0.0.3 }
`

describe('vars and groups of inventory.yaml', () => {
  test.each<[string, string[], Record<string, unknown>]>([
    [
      'leaf1',
      ['DC1', 'LEAVES'],
      {
        ntp: ['192.0.2.1'],
        domain: 'example.net',
        site: 'dc1',
        mtu: 9000,
        bgp: { asn: 65100 },
        asn: 65101,
        tagline: '{{ not rendered }}',
      },
    ],
    [
      'spine1',
      ['DC1', 'SPINES'],
      { ntp: ['192.0.2.1'], domain: 'example.net', site: 'dc1', mtu: 9214, bgp: { asn: 65000, hold: 30 } },
    ],
    ['alone', [], { ntp: ['192.0.2.1'], domain: 'example.net' }],
  ])('%s has what its groups have, whole values replaced by stronger ones', (name, groups, vars) => {
    const device = deviceOf(FABRIC, name)
    expect(device.groups).toEqual(groups)
    expect(device.vars.names()).toEqual(Object.keys(vars))
    expect(Object.fromEntries(device.vars.names().map((one) => [one, whole(device.vars.get(one))]))).toEqual(vars)
    expect(device.vars.get('no_such')).toBeUndefined()
  })

  test('a variable knows where it is written, part by part, and what it hides', () => {
    const { vars } = deviceOf(FABRIC, 'leaf1')
    expect(vars.origin('mtu')).toEqual({
      of: 'group LEAVES',
      at: { file: 'inventory.yaml', line: 6, column: 26 },
      overrode: [{ of: 'group DC1', at: { file: 'inventory.yaml', line: 5, column: 37 } }],
    })
    const bgp = vars.get('bgp')
    expect(bgp?.kind === 'map' && bgp.member('asn')?.at).toEqual({ file: 'inventory.yaml', line: 6, column: 44 })
    expect(vars.origin('no_such')).toBeUndefined()
  })

  // Ansible 2.14: depth, then ansible_group_priority, then the name decides; what decides last is the stronger.
  test.each([
    ['the later name', 'A: { vars: { x: a } }, B: { vars: { x: b } }', 'b'],
    ['the higher priority', 'A: { vars: { x: a }, priority: 2 }, B: { vars: { x: b } }', 'a'],
    [
      'the deeper group before priority',
      'A: { vars: { x: a }, children: [B], priority: 9 }, B: { vars: { x: b } }',
      'b',
    ],
    [
      'the deepest way in counts',
      'Z: { vars: { x: z } }, C: { children: [D] }, D: { children: [A] }, A: { vars: { x: a } }, B: {}',
      'a',
    ],
  ])('of two groups %s is stronger', (_why, groups, wins) => {
    const members = groups.includes('Z:') ? '[A, Z]' : '[A, B]'
    const { vars } = deviceOf(`groups: { ${groups} }\ndevices: { leaf1: { host: h, groups: ${members} } }\n`, 'leaf1')
    expect(whole(vars.get('x'))).toBe(wins)
  })

  test.each<[string, string, string[]]>([
    [
      'a group that is in itself',
      'groups: { A: { children: [B] }, B: { children: [A] } }\ndevices: { a: { host: h } }\n',
      ['3:49 inventory-cycle: the group `A` is in itself: A > B > A'],
    ],
    [
      'a group that nobody has',
      'groups: { LEAVES: { children: [LEAFS] } }\ndevices: { a: { host: h, groups: [LEAVE] } }\n',
      ['3:32 unknown-group: there is no group `LEAFS`', '4:35 unknown-group: there is no group `LEAVE`'],
    ],
    ['no group at all', 'devices: { a: { host: h, groups: [X] } }\n', ['3:35 unknown-group: there is no group `X`']],
    ['a variable that no template can name', 'devices: { a: { host: h, vars: { a-b: 1 } } }\n', ['3:34 ']],
    ['a variable that is of Python', 'devices: { a: { host: h, vars: { __a: 1 } } }\n', ['3:34 ']],
    ['a group name with a blank', 'groups: { "A B": {} }\ndevices: { a: { host: h } }\n', ['3:11 ']],
    ['the group of all as a child', 'groups: { A: { children: [all] } }\ndevices: { a: { host: h } }\n', ['3:27 ']],
    ['groups that are no list', 'groups: { A: {} }\ndevices: { a: { host: h, groups: A } }\n', ['4:34 ']],
  ])('refuses %s with its place', (_what, text, expected) => {
    const found = problemsOf(parseInventory(HEAD + text, 'inventory.yaml'))
    const shown = found.map(({ at, code, message }) => `${at.line}:${at.column} ${code}: ${message}`)
    expect(shown.length).toBe(expected.length)
    for (const [index, line] of shown.entries()) expect(line.startsWith(expected[index] ?? '?'), line).toBe(true)
  })

  test('5,000 switches in 50 groups are read, and no value of theirs', { tags: ['long', 'turn'] }, () => {
    const groups = Array.from({ length: 50 }, (_, n) => `  G${n}: { vars: { v${n}: [1, 2, 3] } }`)
    const devices = Array.from(
      { length: 5000 },
      (_, n) => `  d${n}: { host: h${n}, groups: [G${n % 50}], vars: { n: ${n} } }`,
    )
    const device = deviceOf(`groups:\n${groups.join('\n')}\ndevices:\n${devices.join('\n')}\n`, 'd4999')
    expect(device.vars.names()).toEqual(['v49', 'n'])
    expect(whole(device.vars.get('n'))).toBe(4999)
  })
})
