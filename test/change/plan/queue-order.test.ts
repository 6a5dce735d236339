import { describe, expect, test } from 'vitest'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { judgeBehind } from '../../../src/change/plan/queue-order.ts'
import { BASE, planOn } from './material.ts'

const PORT2 = ['interface Ethernet2', '   description host C']
const KINDS = ['interface.description', 'vlan.name']
const behind = (later: readonly string[], earlier: readonly string[], never: readonly string[] = []) =>
  judgeBehind({ plan: planOn(BASE, later), never, kinds: KINDS }, { plan: planOn(BASE, earlier) })

/** What is approved later, what is sent before it, and what becomes of the approvals of the later one. */
const CASES: readonly (readonly [string, readonly string[], readonly string[], string, readonly string[]])[] = [
  ['another port', ['interface Ethernet3', '   description host D'], PORT2, 'carries', []],
  [
    'the name of a VLAN',
    ['interface Ethernet2', '   switchport access vlan 120'],
    ['vlan 120', '   name OTHER'],
    'carries',
    [],
  ],
  [
    'the same port',
    ['interface Ethernet2', '   switchport access vlan 120'],
    PORT2,
    'conflict',
    ['leaf1: both change `interface Ethernet2`'],
  ],
  [
    'a VLAN of a list that it makes',
    ['vlan 140-141'],
    ['vlan 141', '   name OTHER'],
    'conflict',
    ['leaf1: both change `vlan 141`'],
  ],
  [
    'a list of VLANs with one that it names',
    ['vlan 141', '   name MINE'],
    ['vlan 140-142'],
    'conflict',
    ['leaf1: both change `vlan 141`'],
  ],
  [
    'a list of a route-map that the neighbours have',
    ['router bgp 65001', '   neighbor 10.0.0.0 description spine1'],
    ['ip prefix-list PL-IN seq 20 permit 172.16.0.0/12'],
    'again',
    ['leaf1: the earlier one changes lines of prefix-list, over which none carries'],
  ],
  [
    'a port that gets another VLAN, and its description',
    ['vlan 120', '   name OTHER'],
    ['interface Ethernet3', '   description host D', '   switchport access vlan 120'],
    'again',
    ['leaf1: the earlier one changes lines of interface.access-vlan, over which none carries'],
  ],
  [
    'a description of a kind that no rule lists',
    PORT2,
    ['interface Vlan130', '   description GW'],
    'again',
    ['leaf1: the earlier one changes lines of svi.description, over which none carries'],
  ],
]

describe('a plan behind another one', () => {
  test.each(CASES)('%s', (_, later, earlier, relation, reasons) => {
    expect(behind(later, earlier)).toEqual({ switches: ['leaf1'], relation, reasons })
  })

  test('looked at every relation', () => {
    const of = (relation: string) => CASES.filter(([, , , one]) => one === relation).length
    expect([of('conflict'), of('carries'), of('again')]).toEqual([3, 2, 3])
  })

  test('whose approvals carry to no plan is approved again', () => {
    const never = ['no rule of the policy lets its approvals carry']
    expect(behind(['vlan 140', '   name NEW'], PORT2, never)).toEqual({
      switches: ['leaf1'],
      relation: 'again',
      reasons: never,
    })
  })

  test('that was made again itself is judged as the one that people have approved', () => {
    const plan = planOn(BASE, ['vlan 140', '   name NEW'], { rebases: `sha256:${'5'.repeat(64)}` })
    expect(judgeBehind({ plan, never: [], kinds: KINDS }, { plan: planOn(BASE, PORT2) })?.relation).toBe('carries')
  })

  test('that changes a block of which a secret is hidden, as the earlier one does under another digest', () => {
    const withRoot = (secret: string) => {
      const plan = planOn(BASE, PORT2)
      const [device] = plan.content.devices
      if (device === undefined) throw new Error('no switch')
      const diff: typeof device.diff = [
        { sign: ' ', text: `mac security profile <redacted:${secret}>` },
        { sign: '+', text: '   description X' },
      ]
      return { ...plan, content: { ...plan.content, devices: [{ ...device, diff }] } }
    }
    const judged = judgeBehind({ plan: withRoot('0123abcd'), never: [], kinds: KINDS }, { plan: withRoot('4567cdef') })
    expect(judged?.relation).toBe('conflict')
  })

  test('on other switches is behind nothing', () => {
    const later = planOn(BASE, PORT2)
    const earlier = planOn(BASE, PORT2)
    const elsewhere: Plan = { ...earlier, content: { ...earlier.content, waves: [['leaf9']] } }
    expect(judgeBehind({ plan: later, never: [], kinds: KINDS }, { plan: elsewhere })).toBeUndefined()
  })
})
