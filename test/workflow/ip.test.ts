import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAddress, formatIp, lastOf, networkOf, parseIp } from '../../src/workflow/ip.ts'
import { formatRange, parseVlanRange } from '../../src/workflow/vlan-range.ts'

describe('parseIp', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.1/24', '10.0.0.1/24'],
    ['10.0.0.1/255.255.254.0', '10.0.0.1/23'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['0.0.0.0/0.0.0.0', '0.0.0.0/0'],
    ['255.255.255.255', '255.255.255.255'],
    // RFC 5952: leading zeros go, the longest run of zero groups is shortened, the first of equal ones, never one group.
    ['2001:0DB8::0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::', '::'],
    ['::1/128', '::1/128'],
    ['1::', '1::'],
    ['fe80::/10', 'fe80::/10'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['10:10:10:0:0:0:0:10', '10:10:10::10'],
  ])('%s is %s', (text, expected) => {
    const ip = parseIp(text)
    expect(ip && formatIp(ip)).toBe(expected)
  })

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1/33',
    '10.0.0.1/-1',
    '10.0.0.1/255.0.255.0',
    '::1/129',
    '1::2::3',
    'fe80::1%et1',
    'x',
    '10.0.0.1/24/24',
    '10.0.0.1/',
  ])('%j is none', (text) => {
    expect(parseIp(text)).toBeUndefined()
  })

  test('an address reads back from its text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4().map((text) => text),
          fc.ipV6(),
        ),
        (text) => {
          const ip = parseIp(text)
          if (ip === undefined) throw new Error(text)
          expect(parseIp(formatAddress(ip))).toEqual(ip)
          const within = { ...ip, prefix: 20 }
          expect(networkOf(within).address <= ip.address && ip.address <= lastOf(within).address).toBe(true)
        },
      ),
    )
  })
})

describe('VLAN ranges', () => {
  test.each<[string, number[] | undefined]>([
    ['10', [10]],
    ['10-12,20', [10, 11, 12, 20]],
    ['20, 10 - 11', [10, 11, 20]],
    ['1,4094', [1, 4094]],
    ['0', undefined],
    ['4095', undefined],
    ['12-10', undefined],
    ['10,,11', undefined],
    ['a', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(parseVlanRange(text)).toEqual(expected)
  })

  test('numbers print as EOS writes a range', () => {
    expect(formatRange([20, 12, 10, 11, 11, 30, 31])).toBe('10-12,20,30-31')
    expect(formatRange([])).toBe('')
  })
})
