import { describe, expect, test } from 'vitest'
import { AVD_LAB_CLASSES, compareRows, type LabClass, publishedFabric, SUZIEQ_CLASSES } from './published.ts'

/** The rows of `npm run soak -- labs`, on material of our own: recordings belong to their sources. */

const asked = {
  name: 'a',
  config: 'vlan 10,20-22\n!\ninterface Vlan10\n!\n',
  show: { 'show vlan': '1197* VLAN1197\n20    x' },
}

const rowsOf = (classes: readonly LabClass[], command: string, answer: unknown) =>
  classes.find((one) => one.command === command)?.rows(answer, asked)

describe('rows of an answer', () => {
  test('of JSON: every leaf but counts, times and the VLANs that the switch chose', () => {
    const answer = {
      vlans: {
        10: { name: 'ten', interfaces: { Vxlan1: { privatePromoted: false } } },
        1197: { name: 'VLAN1197', interfaces: {} },
      },
      lastChangeTime: 12,
      sourceDetail: '',
    }
    expect(rowsOf(SUZIEQ_CLASSES, 'show vlan brief', answer)).toEqual([
      '/vlans/10/name: "ten"',
      '/vlans/10/interfaces/Vxlan1/privatePromoted: false',
      '/sourceDetail: ""',
    ])
  })

  test('of text: lines without blanks, rulers and times', () => {
    const answer =
      'VLAN  Name   Status\n----- ------ ------\n20    x      active\n1197* VLAN1197 active\n\n* indicates a Dynamic VLAN\n'
    expect(rowsOf(AVD_LAB_CLASSES, 'show vlan', answer)).toEqual(['VLAN Name Status', '20 x active'])
    const counted = '  10.0.0.1 4 65001   31   32   0    0 00:13:37 Estab   23     23'
    expect(rowsOf(AVD_LAB_CLASSES, 'show ip bgp summary vrf all', counted)).toEqual([
      '10.0.0.1 4 65001 MESSAGES TIME Estab 23 23',
    ])
  })

  test('of routes: one row with its ways in any order', () => {
    const answer =
      ' B E      10.1.0.0/24 [20/0] via 10.0.0.2, Ethernet2\n                           via 10.0.0.1, Ethernet1\n C        10.2.0.0/24 is directly connected, Vlan10\n'
    expect(rowsOf(AVD_LAB_CLASSES, 'show ip route vrf all', answer)).toEqual([
      'B E 10.1.0.0/24 [20/0]  via 10.0.0.1, Ethernet1 via 10.0.0.2, Ethernet2',
      'C 10.2.0.0/24  is directly connected, Vlan10',
    ])
  })

  test('of neighbours: what a configuration decides, with the neighbour', () => {
    const answer = {
      output:
        'BGP neighbor is 10.0.0.1, remote AS 65001, internal link\n  Last read 00:00:34\n  Local TCP address is 10.0.0.2, local port is 179\n',
    }
    expect(rowsOf(SUZIEQ_CLASSES, 'show ip bgp neighbors vrf all', answer)).toEqual([
      '10.0.0.1 BGP neighbor is 10.0.0.1, remote AS 65001, internal link',
      '10.0.0.1 Local TCP address is 10.0.0.2',
    ])
  })
})

test('a row that only one side has, or has more often, is a difference', () => {
  expect(compareRows(['a', 'b', 'b'], ['b', 'c', 'a'])).toEqual({ equal: 2, total: 4, different: ['- b', '+ c'] })
})

test('what is around a lab takes the place of the cables that are guessed', () => {
  const config = 'hostname leaf1\n!\ninterface Ethernet3\n   no switchport\n!\nend\n'
  const sends = [{ mac: '02:00:00:00:00:0a', address: '10.0.0.9' }]
  const { devices, cabling } = publishedFabric({
    name: 'lab',
    switches: [{ name: 'leaf1', config, show: {} }],
    around: [{ name: 'srv', config: 'interface Ethernet1\n', cables: [['Ethernet1', 'leaf1', 'Ethernet3']], sends }],
  })
  expect(devices.map(({ name }) => name)).toContain('srv')
  expect(cabling).toEqual([
    { a: { device: 'leaf1', port: 'Ethernet3' }, b: { device: 'srv', port: 'Ethernet1' }, sends },
  ])
})
