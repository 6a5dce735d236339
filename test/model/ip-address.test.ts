import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dotted, formatAddress, formatIp, ipv4Number, lastOf, networkOf, parseIp } from '../../src/model/ip-address.ts'

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

describe('ipv4Number', () => {
  test.each<[string, number | undefined, number | undefined]>([
    // The text, as a number, and as a number where zeros in front are read.
    ['0.0.0.0', 0, 0],
    ['10.0.0.1', 167_772_161, 167_772_161],
    ['192.0.2.255', 3_221_226_239, 3_221_226_239],
    ['255.255.255.255', 4_294_967_295, 4_294_967_295],
    ['010.0.0.1', undefined, 167_772_161],
    ['10.00.0.1', undefined, 167_772_161],
    ['256.0.0.1', undefined, undefined],
    ['10.0.0', undefined, undefined],
    ['10.0.0.', undefined, undefined],
    ['10.0.0.1.2', undefined, undefined],
    ['.10.0.0.1', undefined, undefined],
    ['10..0.1', undefined, undefined],
    ['10.0.0.a', undefined, undefined],
    [' 10.0.0.1', undefined, undefined],
    ['::1', undefined, undefined],
    ['', undefined, undefined],
  ])('%j', (text, strict, zeros) => {
    expect(ipv4Number(text)).toBe(strict)
    expect(ipv4Number(text, { zeros: true })).toBe(zeros)
  })

  test('every number has one dotted form', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => ipv4Number(dotted(value)) === value))
  })
})
