import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { changesBetween, withVlanSets } from '../../../src/eos/config/vlan-sets.ts'

const changes = (before: string, after: string) =>
  changesBetween(parseConfig(before), parseConfig(after)).map(
    ({ sign, path, line }) => `${sign}${[...path, line].join(' > ')}`,
  )

describe('VLANs that share a command are a set', () => {
  test.each([
    ['one beside another', 'vlan 2000\n', 'vlan 2000-2001\n', ['+vlan 2001']],
    ['one less', 'vlan 2000-2001\n', 'vlan 2000\n', ['-vlan 2001']],
    ['some of many', 'vlan 10,20-22\n', 'vlan 10-12,20\n', ['-vlan 21-22', '+vlan 11-12']],
    ['a name of one', 'vlan 10-12\n', 'vlan 10,12\n!\nvlan 11\n   name X\n', ['+vlan 11 > name X']],
    ['a name that goes', 'vlan 10,12\n!\nvlan 11\n   name X\n', 'vlan 10-12\n', ['-vlan 11 > name X']],
    ['one with a name beside', 'vlan 10\n', 'vlan 10\n!\nvlan 11\n   name X\n', ['+vlan 11', '+vlan 11 > name X']],
    ['two commands instead of one', 'vlan 10\n!\nvlan 11\n', 'vlan 10-11\n', []],
    ['the last one that is alone', 'vlan 10\n', '', ['-vlan 10']],
    ['what is no list', 'vlan internal order ascending\nvlan 5\n', 'vlan 5\n', ['-vlan internal order ascending']],
    [
      'a list below another command',
      'router bgp 1\n   vlan 10\n',
      'router bgp 1\n   vlan 10-11\n',
      ['-router bgp 1 > vlan 10', '+router bgp 1 > vlan 10-11'],
    ],
  ])('[3A5] %s', (_what, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected)
  })

  test('what has no list to part stays the tree that it was', () => {
    const [before, after] = [
      parseConfig('vlan 10\n!\nhostname a\n'),
      parseConfig('vlan 10\n   name X\n!\nhostname a\n'),
    ]
    const [was, is] = withVlanSets(before, after)
    expect([was === before, is === after]).toEqual([true, true])
  })

  test('any sets of listed and named VLANs differ by what one has and the other has not', () => {
    const vlans = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 12 })
    const texts = fc.tuple(vlans, vlans).map(([listed, named]) => {
      const own = new Set(named)
      return { listed: listed.filter((one) => !own.has(one)), named }
    })
    const printed = ({ listed, named }: { readonly listed: readonly number[]; readonly named: readonly number[] }) =>
      [
        ...(listed.length === 0 ? [] : [`vlan ${listed.join(',')}\n!\n`]),
        ...named.map((one) => `vlan ${one}\n   name N\n!\n`),
      ].join('')
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const found = changes(printed(before), printed(after)).filter((one) => !one.includes('>'))
        const ids = (sign: string) =>
          found
            .filter((one) => one.startsWith(sign))
            .flatMap((one) => one.slice(6).split(','))
            .flatMap((part) => {
              const [first = 0, last = first] = part.split('-').map(Number)
              return Array.from({ length: last - first + 1 }, (_, at) => first + at)
            })
            .toSorted((a, b) => a - b)
        const [was, is] = [before, after].map(({ listed, named }) => [...listed, ...named].toSorted((a, b) => a - b))
        expect(ids('-')).toEqual(was?.filter((one) => !is?.includes(one)))
        expect(ids('+')).toEqual(is?.filter((one) => !was?.includes(one)))
      }),
      { numRuns: 300 },
    )
  })

  test('a tree that is parted says the same', () => {
    const [was] = withVlanSets(parseConfig('vlan 10-11\n!\nvlan 12\n   name A\n'), parseConfig('vlan 10\n   name B\n'))
    expect(renderConfig(was)).toBe('vlan 10\nvlan 11\n!\nvlan 12\n   name A\n')
  })
})
