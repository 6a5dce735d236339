import { describe, expect, test } from 'vitest'
import { groupChanges } from '../../../src/report/plan/group-lines.ts'
import { evidenceOf, merge, planOf, VLAN_120 } from './material.ts'

describe('groups', () => {
  test('switches that change alike are one, those that do not change come last', () => {
    const first = evidenceOf(1, merge('vlan 110', '   name PROD-WEB'))
    const plan = planOf({}, [first, evidenceOf(2, merge(...VLAN_120)), evidenceOf(3, merge(...VLAN_120))])
    expect(groupChanges(plan)).toEqual([
      {
        devices: ['leaf2', 'leaf3'],
        diff: [
          { sign: '+', text: 'vlan 120' },
          { sign: '+', text: '   name TENANT-A' },
          { sign: ' ', text: 'interface Ethernet2' },
          { sign: '-', text: '   switchport access vlan 110' },
          { sign: '+', text: '   switchport access vlan 120' },
        ],
        added: 3,
        removed: 1,
      },
      { devices: ['leaf1'], diff: [], added: 0, removed: 0 },
    ])
  })

  test('one other line makes another group', () => {
    const other = evidenceOf(2, merge(...VLAN_120.with(1, '   name TENANT-B')))
    const groups = groupChanges(planOf({}, [evidenceOf(1, merge(...VLAN_120)), other]))
    expect(groups.map(({ devices }) => devices)).toEqual([['leaf1'], ['leaf2']])
  })

  test('what another secret changes is another group', () => {
    const community = (n: number, secret: string) => evidenceOf(n, merge(`snmp-server community ${secret} ro`))
    const same = groupChanges(planOf({}, [community(1, 'S3cret-0ne'), community(2, 'S3cret-0ne')]))
    expect(same.map(({ devices }) => devices)).toEqual([['leaf1', 'leaf2']])
    const differing = groupChanges(planOf({}, [community(1, 'S3cret-0ne'), community(2, 'S3cret-tw0')]))
    expect(differing.map(({ devices }) => devices)).toEqual([['leaf1'], ['leaf2']])
  })
})
