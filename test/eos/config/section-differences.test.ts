import { describe, expect, test } from 'vitest'
import { presentDifferences, sectionDifferences } from '../../../src/eos/config/merge.ts'
import { OTHER_SECTION, sectionByKind } from '../../../src/eos/config/sections.ts'

/** Each line that differs, as `section kind sign place`. */
function found(running: string, intended: string) {
  return sectionDifferences(running, intended, sectionByKind).flatMap(({ section, lines }) =>
    lines.map(({ kind, change }) => `${section} ${kind} ${change.sign} ${[...change.path, change.line].join(' > ')}`),
  )
}

const ACL = (...entries: readonly string[]) => `ip access-list A\n${entries.map((one) => `   ${one}\n`).join('')}`

describe('what differs, by section', () => {
  test.each([
    ['nothing', 'ntp server 10.0.0.1\nend\n', 'ntp server 10.0.0.1\n', []],
    ['the order of blocks alone', 'vlan 10\n!\nvlan 20\n', 'vlan 20\n!\nvlan 10\n', []],
    ['the header alone', '! device: a\n! Time: 1\nvlan 10\n', 'vlan 10\n', []],
    ['a missing line', '', 'ntp server 10.0.0.1\n', ['ntp missing + ntp server 10.0.0.1']],
    ['an extra line', 'ntp server 10.0.0.1\n', '', ['ntp extra - ntp server 10.0.0.1']],
    [
      'another value, which is both',
      'interface Ethernet1\n   description A\n',
      'interface Ethernet1\n   description B\n',
      [
        'interface extra - interface Ethernet1 > description A',
        'interface missing + interface Ethernet1 > description B',
      ],
    ],
    ['a line that no table knows', '', 'frobnicate the switch\n', ['other missing + frobnicate the switch']],
    [
      'entries of an access list that change places',
      ACL('10 permit ip host 1.1.1.1 any', '20 deny ip any any'),
      ACL('10 deny ip any any', '20 permit ip host 1.1.1.1 any'),
      [
        'acl ordered - ip access-list A > 10 permit ip host 1.1.1.1 any',
        'acl ordered - ip access-list A > 20 deny ip any any',
        'acl ordered + ip access-list A > 10 deny ip any any',
        'acl ordered + ip access-list A > 20 permit ip host 1.1.1.1 any',
      ],
    ],
    [
      'an entry that comes before another one',
      ACL('10 deny ip any any'),
      ACL('10 permit tcp any any', '20 deny ip any any'),
      [
        'acl ordered - ip access-list A > 10 deny ip any any',
        'acl missing + ip access-list A > 10 permit tcp any any',
        'acl ordered + ip access-list A > 20 deny ip any any',
      ],
    ],
    [
      'what two entries of a route-map do',
      'route-map R permit 10\n   match tag 1\n!\nroute-map R permit 20\n   match tag 2\n',
      'route-map R permit 10\n   match tag 2\n!\nroute-map R permit 20\n   match tag 1\n',
      [
        'route-map ordered - route-map R permit 10 > match tag 1',
        'route-map ordered + route-map R permit 10 > match tag 2',
        'route-map ordered - route-map R permit 20 > match tag 2',
        'route-map ordered + route-map R permit 20 > match tag 1',
      ],
    ],
    [
      'entries of prefix lists in one line',
      'ip prefix-list P seq 10 permit 10.0.0.0/8\nip prefix-list P seq 20 deny 0.0.0.0/0\n',
      'ip prefix-list P seq 20 permit 10.0.0.0/8\nip prefix-list P seq 30 deny 0.0.0.0/0\n',
      [
        'prefix-list ordered - ip prefix-list P seq 10 permit 10.0.0.0/8',
        'prefix-list ordered - ip prefix-list P seq 20 deny 0.0.0.0/0',
        'prefix-list ordered + ip prefix-list P seq 20 permit 10.0.0.0/8',
        'prefix-list ordered + ip prefix-list P seq 30 deny 0.0.0.0/0',
      ],
    ],
    [
      'the same line in two blocks, which is no move',
      'interface Ethernet1\n   description A\n!\ninterface Ethernet2\n',
      'interface Ethernet1\n!\ninterface Ethernet2\n   description A\n',
      [
        'interface extra - interface Ethernet1 > description A',
        'interface missing + interface Ethernet2 > description A',
      ],
    ],
  ])('%s', (_, running, intended, expected) => {
    expect(found(running, intended).toSorted()).toEqual(expected.toSorted())
  })

  test('counts the size of a terminal as any other line', () => {
    expect(found('terminal length 0\nvlan 10\n', 'vlan 10\n')).toEqual(['terminal extra - terminal length 0'])
  })

  test('names every section that one of the two has, in order, also where nothing differs', () => {
    const sections = sectionDifferences('vlan 10\nntp server 1.1.1.1\n', 'vlan 10\nhostname a\nfoo\n', sectionByKind)
    expect(sections.map(({ section, lines }) => [section, lines.length])).toEqual([
      ['hostname', 1],
      ['ntp', 1],
      [OTHER_SECTION, 1],
      ['vlan', 0],
    ])
  })

  test('is shown under the blocks that hold it', () => {
    const [section] = sectionDifferences('vlan 10\n   name A\n', 'vlan 10\n   name B\n', sectionByKind)
    expect(presentDifferences(section?.lines ?? []).map(({ sign, text }) => `${sign} ${text}`)).toEqual([
      '  vlan 10',
      '-    name A',
      '+    name B',
    ])
  })
})
