import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareAddresses, ipv4, networkOf, parsePrefix } from '../../../src/eos/sim/converge/address.ts'
import { compareInterfaces, fullName, parseRange, shortName } from '../../../src/eos/sim/converge/interface-name.ts'
import { dotted } from '../../../src/model/ip-address.ts'
import { formatRanges } from '../../../src/model/vlan-list.ts'
import { table } from '../../table.ts'

describe('addresses', () => {
  test.each([
    ['0.0.0.0', 0],
    ['10.0.0.1', 167_772_161],
    ['192.0.2.255', 3_221_226_239],
    ['255.255.255.255', 4_294_967_295],
    ['256.0.0.1', undefined],
    ['10.0.0', undefined],
    ['10.0.0.', undefined],
    ['10.0.0.1.2', undefined],
    ['.10.0.0.1', undefined],
    ['10..0.1', undefined],
    ['10.0.0.a', undefined],
    ['', undefined],
    ['leaf1', undefined],
  ])('%s is %s', (text, value) => {
    expect(ipv4(text)).toBe(value)
  })

  test('every number has one dotted form', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => ipv4(dotted(value)) === value))
  })

  test.each([
    ['10.0.1.1', 31, '10.0.1.0/31'],
    ['10.0.1.1', 0, '0.0.0.0/0'],
    ['192.0.2.200', 25, '192.0.2.128/25'],
    ['203.0.113.9', 32, '203.0.113.9/32'],
  ])('%s/%d lies in %s', (address, maskLen, network) => {
    expect(networkOf(address, maskLen)).toBe(network)
  })

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '/8', '10.0.0.0/x'])('%s is no prefix', (text) => {
    expect(parsePrefix(text)).toBeUndefined()
  })

  test('are ordered as numbers, what is none comes last', () => {
    const sorted = ['b', '10.0.0.10', 'a', '10.0.0.9', '9.0.0.1'].sort(compareAddresses)
    expect(sorted).toEqual(['9.0.0.1', '10.0.0.9', '10.0.0.10', 'a', 'b'])
  })
})

describe('interface names', () => {
  test('are in EOS order', () => {
    const names = [
      'Vxlan1',
      'Vlan110',
      'Vlan9',
      'Management1',
      'Loopback0',
      'Ethernet49/1',
      'Ethernet10',
      'Ethernet9',
      'Port-Channel2',
    ]
    expect([...names].sort(compareInterfaces)).toEqual([
      ...['Port-Channel2', 'Ethernet9', 'Ethernet10', 'Ethernet49/1', 'Loopback0', 'Management1'],
      ...['Vlan9', 'Vlan110', 'Vxlan1'],
    ])
  })

  test.each(table`
    et1             Ethernet1       Et1
    Eth49/1         Ethernet49/1    Et49/1
    po10            Port-Channel10  Po10
    port-channel10  Port-Channel10  Po10
    lo0             Loopback0       Lo0
    ma1             Management1     Ma1
    vl110           Vlan110         Vl110
    vx1             Vxlan1          Vx1
    Ethernet1.101   Ethernet1.101   Et1.101
  `)('%s is %s, printed %s', (typed, full, short) => {
    expect(fullName(typed)).toBe(full)
    expect(shortName(full)).toBe(short)
  })

  test.each(['v1', 'ethernet', 'nonsense1', '1', ''])('%s names none', (typed) => {
    expect(fullName(typed)).toBeUndefined()
  })
})

describe('number ranges', () => {
  test.each([
    ['10', [10]],
    ['10,20-22', [10, 20, 21, 22]],
    ['none', []],
    ['', []],
  ])('%s', (text, numbers) => {
    expect(parseRange(text)).toEqual(numbers)
  })

  test('are printed as they are read', () => {
    const ascending = fc
      .uniqueArray(fc.integer({ min: 1, max: 4094 }), { maxLength: 40 })
      .map((all) => all.sort((a, b) => a - b))
    fc.assert(
      fc.property(ascending, (numbers) => {
        expect(parseRange(formatRanges(numbers))).toEqual(numbers)
      }),
    )
    expect(formatRanges([110, 111, 112, 120, 121, 210])).toBe('110-112,120-121,210')
  })
})
