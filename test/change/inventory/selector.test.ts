import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { varsOf } from '../../../src/change/inventory/device-vars.ts'
import type { Inventory } from '../../../src/change/inventory/inventory.ts'
import { parseSelector, select, selectDevices } from '../../../src/change/inventory/selector.ts'
import { plainValue } from '../../../src/change/roster/rendered-roster.ts'
import { problemsOf } from '../../../src/text/source/located.ts'
import { lists } from '../../table.ts'

const device = (name: string, tags: Record<string, string>, groups: readonly string[] = []) => ({
  name,
  host: name,
  port: 443,
  transport: 'eapi' as const,
  protocol: 'https' as const,
  tls: { mode: 'system' as const },
  credentials: 'op',
  tags,
  groups,
  vars: varsOf({ name, at: { file: 'inventory.yaml', line: 1, column: 1 }, groups: [], layers: [] }, plainValue),
})

const inventory: Inventory = {
  file: 'inventory.yaml',
  credentials: {},
  groups: new Map(),
  warnings: [],
  devices: [
    device('spine1', { role: 'spine', site: 'dc1' }),
    device('spine2', { role: 'spine', site: 'dc2' }),
    device('leaf1', { role: 'leaf', site: 'dc1' }),
    device('leaf2', { role: 'leaf', site: 'dc1' }),
    device('leaf3', { role: 'leaf', site: 'dc2' }),
    device('border-1.dc2', { role: 'border' }),
  ],
}

describe('selectDevices', () => {
  test.for(lists`
    leaf1 | leaf1
    leaf* | leaf1; leaf2; leaf3
    *1 | spine1; leaf1
    leaf? | leaf1; leaf2; leaf3
    * | spine1; spine2; leaf1; leaf2; leaf3; border-1.dc2
    role:leaf | leaf1; leaf2; leaf3
    role:*p* | spine1; spine2
    role:leaf and site:dc1 and not leaf2 | leaf1
    spine1 or role:leaf and site:dc2 | spine1; leaf3
    (spine1 or role:leaf) and site:dc2 | leaf3
    not role:leaf and not role:spine | border-1.dc2
    not(role:leaf or role:spine) | border-1.dc2
    not not leaf1 | leaf1
    border-1.dc2 | border-1.dc2
    leaf1,leaf2 | leaf1; leaf2
    leaf2, spine1 ,leaf2 | spine1; leaf2
    role:leaf and site:dc1, spine2 | spine2; leaf1; leaf2
    role:leaf and (leaf1, leaf3, spine1) | leaf1; leaf3
    spine1, role:spine and site:dc2 or leaf1, leaf3 | spine1; spine2; leaf1; leaf3
    not role:leaf, leaf1 | spine1; spine2; leaf1; border-1.dc2
    not(leaf1,leaf2,leaf3),leaf2 | spine1; spine2; leaf2; border-1.dc2
  `)('%s', ([expression, expected]) => {
    const selected = selectDevices(expression, inventory)
    expect(selected.ok && selected.value.map(({ name }) => name)).toEqual(expected)
  })

  test.for(lists`
    | selector-syntax 1:1 | tag:value
    leaf1 leaf2 | selector-syntax 1:7 | and
    leaf1 and | selector-syntax 1:10 | tag:value
    (leaf1 | selector-syntax 1:7 | )
    leaf1) | selector-syntax 1:6 | delete
    leaf1, | selector-syntax 1:7 | tag:value
    ,leaf1 | selector-syntax 1:1 | tag:value
    leaf1,,leaf2 | selector-syntax 1:7 | tag:value
    (leaf1,) | selector-syntax 1:8 | tag:value
    leaf1,leaf9 | unknown-target 1:7 | leaf1
    and | selector-syntax 1:1 | tag:value
    leaf1, not | selector-syntax 1:11 | tag:value
    @switches.txt | selector-syntax 1:1 | names of the switches
    leaf1, @/etc/shadow | selector-syntax 1:8 | names of the switches
    @ | selector-syntax 1:1 | names of the switches
    failed:@latest | selector-syntax 1:1 | a tag or a group
    not failed:01JD | selector-syntax 1:5 | a tag or a group
    group:DC1 | unknown-target 1:1 | delete it
    or leaf1 | selector-syntax 1:1 | tag:value
    role: | selector-syntax 1:1 | tag:value
    leaf9 | unknown-target 1:1 | leaf1
    role:leaf and rloe:leaf | unknown-target 1:15 | role
    role:lef | unknown-target 1:1 | leaf
    leaf1 and spine1 | nothing-selected 1:1 | tags
  `)('%j is refused', ([expression, [expected = ''] = [], [hint = ''] = []]) => {
    const [problem] = problemsOf(selectDevices(expression, inventory))
    expect(`${problem?.code} ${problem?.at.line}:${problem?.at.column}`).toBe(expected)
    expect(problem?.hint).toContain(hint)
  })

  test('a selector and its negation share out the inventory', () => {
    const terms = ['leaf1', 'spine*', 'role:leaf', 'site:dc1', 'role:leaf and site:dc2', 'leaf1 or spine2']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...terms), { minLength: 1, maxLength: 4 }), (parts) => {
        const expression = parts.map((part) => `(${part})`).join(' or ')
        const names = (text: string) => {
          const parsed = parseSelector(text)
          return parsed.ok ? select(inventory, parsed.value).map(({ name }) => name) : []
        }
        expect([...names(expression), ...names(`not (${expression})`)].sort()).toEqual(
          inventory.devices.map(({ name }) => name).sort(),
        )
      }),
    )
  })

  test('no glob stalls', () => {
    const long = { ...inventory, devices: [device('a'.repeat(64), {})] }
    const parsed = parseSelector(`${'*a'.repeat(40)}b`)
    expect(parsed.ok && select(long, parsed.value)).toEqual([])
  })

  test.each(['('.repeat(10_000), 'not '.repeat(10_000), 'role:a,'.repeat(10_000), 'a or '.repeat(10_000)])(
    'a selector of many words is refused, not overflowing: %#',
    (expression) => {
      expect(problemsOf(parseSelector(expression))[0]?.message).toContain('200 words')
    },
  )

  test('names between commas are as many as switches can be, and are looked up', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `switch-${index}`)
    const many = { ...inventory, devices: names.map((name) => device(name, {})) }
    const begun = performance.now()
    const found = selectDevices(names.toReversed().join(','), many)
    expect(found.ok && found.value.length).toBe(20_000)
    expect(problemsOf(selectDevices(names.map((name) => `${name}x`).join(','), many)).length).toBe(20_000)
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(problemsOf(selectDevices('a,'.repeat(50_001), many))[0]?.message).toContain('50000 names')
  })
})

describe('group:NAME', () => {
  const grouped: Inventory = {
    ...inventory,
    devices: [device('leaf1', {}, ['DC1', 'LEAVES']), device('leaf2', {}, ['DC2', 'LEAVES']), device('spine1', {})],
  }

  test.each([
    ['group:DC1', ['leaf1']],
    ['group:LEAVES and not group:DC2', ['leaf1']],
    ['group:DC?', ['leaf1', 'leaf2']],
    ['group:*', ['leaf1', 'leaf2']],
    ['not group:*', ['spine1']],
  ])('%s', (expression, expected) => {
    const selected = selectDevices(expression, grouped)
    expect(selected.ok && selected.value.map(({ name }) => name)).toEqual(expected)
  })

  test('a slip names the group that was meant', () => {
    expect(problemsOf(selectDevices('group:LEAVS', grouped))[0]).toMatchObject({
      code: 'unknown-target',
      message: 'no switch is in a group `LEAVS`',
      hint: 'did you mean `LEAVES`?',
    })
  })

  test.each([
    ['LEAVES', 'did you mean `group:LEAVES`?'],
    ['spine', 'did you mean `role:spine`?'],
  ])('a group or a tag that is named as a switch is, as Ansible has it, says how it is named: %s', (word, hint) => {
    const [first, ...others] = grouped.devices
    const tagged = {
      ...grouped,
      devices: [{ ...first, tags: { role: 'spine' } } as typeof first, ...others],
    } as Inventory
    expect(problemsOf(selectDevices(word, tagged))[0]).toMatchObject({
      message: `there is no switch \`${word}\` in inventory.yaml`,
      hint,
    })
  })

  test('where no switch has tags, none is likened to the one that is meant', () => {
    const bare = { ...grouped, devices: grouped.devices.map((one) => ({ ...one, tags: {} })) }
    expect(problemsOf(selectDevices('role:leaf', bare))[0]?.hint).toContain(
      'no switch has tags: select by name or by group',
    )
  })

  test('is the tag `group` where no switch has a group, and neither where both are there', () => {
    const tagged = { ...inventory, devices: [device('leaf1', { group: 'a' }), device('leaf2', { group: 'b' })] }
    const selected = selectDevices('group:b', tagged)
    expect(selected.ok && selected.value.map(({ name }) => name)).toEqual(['leaf2'])
    const both = { ...inventory, devices: [...tagged.devices, device('leaf3', {}, ['b'])] }
    expect(problemsOf(selectDevices('leaf1, group:b', both))).toMatchObject([
      { code: 'ambiguous-group', at: { column: 8 }, hint: 'rename the tag' },
    ])
  })
})
