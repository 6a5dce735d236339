import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { varsOf } from '../../src/inventory/device-vars.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'
import { parseSelector, select, selectDevices } from '../../src/inventory/selector.ts'
import { plainValue } from '../../src/roster/plain-value.ts'
import { problemsOf } from '../../src/source/checked.ts'

const device = (name: string, tags: Record<string, string>) => ({
  name,
  host: name,
  port: 443,
  transport: 'eapi' as const,
  protocol: 'https' as const,
  tls: { mode: 'system' as const },
  credentials: 'op',
  tags,
  groups: [],
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
  test.each([
    ['leaf1', ['leaf1']],
    ['leaf*', ['leaf1', 'leaf2', 'leaf3']],
    ['*1', ['spine1', 'leaf1']],
    ['leaf?', ['leaf1', 'leaf2', 'leaf3']],
    ['*', ['spine1', 'spine2', 'leaf1', 'leaf2', 'leaf3', 'border-1.dc2']],
    ['role:leaf', ['leaf1', 'leaf2', 'leaf3']],
    ['role:*p*', ['spine1', 'spine2']],
    ['role:leaf and site:dc1 and not leaf2', ['leaf1']],
    ['spine1 or role:leaf and site:dc2', ['spine1', 'leaf3']],
    ['(spine1 or role:leaf) and site:dc2', ['leaf3']],
    ['not role:leaf and not role:spine', ['border-1.dc2']],
    ['not(role:leaf or role:spine)', ['border-1.dc2']],
    ['not not leaf1', ['leaf1']],
    ['border-1.dc2', ['border-1.dc2']],
  ])('%s', (expression, expected) => {
    const selected = selectDevices(expression, inventory)
    expect(selected.ok && selected.value.map(({ name }) => name)).toEqual(expected)
  })

  test.each([
    ['', 'selector-syntax 1:1', 'tag:value'],
    ['leaf1 leaf2', 'selector-syntax 1:7', 'and'],
    ['leaf1 and', 'selector-syntax 1:10', 'tag:value'],
    ['(leaf1', 'selector-syntax 1:7', ')'],
    ['leaf1)', 'selector-syntax 1:6', 'delete'],
    ['leaf1,leaf2', 'selector-syntax 1:1', 'leaf1 or leaf2'],
    ['or leaf1', 'selector-syntax 1:1', 'tag:value'],
    ['role:', 'selector-syntax 1:1', 'tag:value'],
    ['leaf9', 'unknown-target 1:1', 'leaf1'],
    ['role:leaf and rloe:leaf', 'unknown-target 1:15', 'role'],
    ['role:lef', 'unknown-target 1:1', 'leaf'],
    ['leaf1 and spine1', 'nothing-selected 1:1', 'tags'],
  ])('%j is refused', (expression, expected, hint) => {
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

  test('a selector of many words is refused, not overflowing', () => {
    expect(problemsOf(parseSelector('('.repeat(10_000)))[0]?.message).toContain('200 words')
  })
})
