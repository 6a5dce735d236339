import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/plan.ts'
import { judgeBehind } from '../../src/plan/queue-order.ts'
import { BASE, planOn } from './carry-material.ts'

const PORT2 = ['interface Ethernet2', '   description host C']
const behind = (
  later: readonly string[],
  earlier: readonly string[],
  { never = [], isKept = true }: { readonly never?: readonly string[]; readonly isKept?: boolean } = {},
) => {
  const plan = planOn(BASE, later, isKept ? {} : { carries: undefined as never })
  const { blocks } = plan.evidence
  return judgeBehind({ plan, never, ...(blocks === undefined ? {} : { blocks }) }, { plan: planOn(BASE, earlier) })
}

/** What is approved later, what is sent before it, and what becomes of the approvals of the later one. */
const CASES: readonly (readonly [string, readonly string[], readonly string[], string, readonly string[]])[] = [
  ['another port', ['interface Ethernet3', '   description host D'], PORT2, 'carries', []],
  ['a new VLAN that nothing names', ['vlan 140', '   name NEW'], PORT2, 'carries', []],
  [
    'the same port',
    ['interface Ethernet2', '   switchport access vlan 120'],
    PORT2,
    'conflict',
    ['leaf1: the base differs in `interface Ethernet2`, which the change touches'],
  ],
  [
    'a VLAN that the other one renames',
    ['interface Ethernet2', '   switchport access vlan 120'],
    ['vlan 120', '   name OTHER'],
    'conflict',
    ['leaf1: the base differs in `vlan 120`, which the change touches'],
  ],
  [
    'a list of a route-map that the neighbours have',
    ['router bgp 65001', '   neighbor 10.0.0.0 description spine1'],
    ['ip prefix-list PL-IN seq 20 permit 172.16.0.0/12'],
    'conflict',
    ['leaf1: the base differs in `prefix-list PL-IN`, which the change touches'],
  ],
  [
    'a port that is put into the VLAN',
    ['vlan 120', '   name OTHER'],
    ['interface Ethernet3', '   switchport access vlan 120'],
    'conflict',
    ['leaf1: the base differs in `interface Ethernet3`, which names `vlan 120`, and the change touches that'],
  ],
  [
    'what may reach further',
    PORT2,
    ['ntp server 192.0.2.2'],
    'conflict',
    ['leaf1: the base differs in `ntp`, which may reach further than its own lines'],
  ],
  ['an interface that goes', PORT2, ['no interface Vlan130'], 'carries', []],
]

describe('a plan behind another one', () => {
  test.each(CASES)('%s', (_, later, earlier, relation, reasons) => {
    expect(behind(later, earlier)).toEqual({ switches: ['leaf1'], relation, reasons })
  })

  test('looked at every relation', () => {
    expect(CASES.filter(([, , , relation]) => relation === 'conflict')).toHaveLength(5)
    expect(CASES.filter(([, , , relation]) => relation === 'carries')).toHaveLength(3)
  })

  test('whose approvals carry to no plan shares the switch, and is approved again', () => {
    const never = ['no rule of the policy lets its approvals carry']
    expect(behind(['vlan 140', '   name NEW'], PORT2, { never })).toEqual({
      switches: ['leaf1'],
      relation: 'again',
      reasons: never,
    })
  })

  test('that keeps no base is compared block by block of both diffs', () => {
    expect(behind(['interface Ethernet2', '   switchport access vlan 120'], PORT2, { isKept: false })).toEqual({
      switches: ['leaf1'],
      relation: 'conflict',
      reasons: ['leaf1: both change `interface Ethernet2`'],
    })
    expect(behind(['vlan 140', '   name NEW'], PORT2, { isKept: false })).toEqual({
      switches: ['leaf1'],
      relation: 'again',
      reasons: ['the plan does not keep its base block by block'],
    })
  })

  test('that was made again itself is judged as the one that people have approved', () => {
    const plan = planOn(BASE, ['vlan 140', '   name NEW'], { rebases: `sha256:${'5'.repeat(64)}` })
    const { blocks = {} } = plan.evidence
    expect(judgeBehind({ plan, never: [], blocks }, { plan: planOn(BASE, PORT2) })?.relation).toBe('carries')
  })

  test('on other switches is behind nothing', () => {
    const later = planOn(BASE, PORT2)
    const earlier = planOn(BASE, PORT2)
    const elsewhere: Plan = { ...earlier, content: { ...earlier.content, waves: [['leaf9']] } }
    expect(judgeBehind({ plan: later, never: [] }, { plan: elsewhere })).toBeUndefined()
  })
})
