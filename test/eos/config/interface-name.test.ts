import { describe, expect, test } from 'vitest'
import {
  canonicalInterface,
  compareInterfaces,
  interfacesOf,
  isPhysical,
} from '../../../src/eos/config/text/interface-name.ts'
import { table } from '../../table.ts'

describe('names of interfaces', () => {
  test.each(table`
    lo1             Loopback1
    et1/1           Ethernet1/1
    Eth2.100        Ethernet2.100
    ethernet 3      Ethernet3
    po10            Port-Channel10
    port-channel10  Port-Channel10
    ma0             Management0
    vl110           Vlan110
    vx1             Vxlan1
    Tu5             Tunnel5
    Ethernet1       Ethernet1
    Foo7            Foo7
    v1              v1
  `)('%s is %s', (typed, canonical) => {
    expect(canonicalInterface(typed)).toBe(canonical)
  })

  test.each([
    ['Ethernet1-3,7', ['Ethernet1', 'Ethernet2', 'Ethernet3', 'Ethernet7']],
    ['et3/1/1,3/2/1', ['Ethernet3/1/1', 'Ethernet3/2/1']],
    ['Et1/1-1/3', ['Ethernet1/1', 'Ethernet1/2', 'Ethernet1/3']],
    ['Et1/1-3', ['Ethernet1/1', 'Ethernet1/2', 'Ethernet1/3']],
    ['Et1,Po2', ['Ethernet1', 'Port-Channel2']],
    ['Vlan10', ['Vlan10']],
    ['Ethernet3-1', ['Ethernet3-1']],
  ])('%s means %j', (typed, names) => {
    expect(interfacesOf(typed)).toEqual(names)
  })

  test('the order is by kind, then by numbers', () => {
    const names = [
      'Vlan2',
      'Ethernet10',
      'Ethernet2',
      'Ethernet2.5',
      'Vxlan1',
      'Port-Channel1',
      'Management1',
      'Ethernet2/1',
      'Loopback0',
      'Vlan10',
      'Dps1',
      'Tunnel1',
    ]
    expect(names.sort(compareInterfaces)).toEqual([
      'Port-Channel1',
      'Dps1',
      'Ethernet2',
      'Ethernet2/1',
      'Ethernet2.5',
      'Ethernet10',
      'Loopback0',
      'Management1',
      'Tunnel1',
      'Vlan2',
      'Vlan10',
      'Vxlan1',
    ])
  })

  test('ports are Ethernet and Management, no sub-interface', () => {
    const names = ['Ethernet1', 'Ethernet1/2/3', 'Management0', 'Ethernet1.10', 'Vlan1', 'Port-Channel1']
    expect(names.filter(isPhysical)).toEqual(['Ethernet1', 'Ethernet1/2/3', 'Management0'])
  })
})
