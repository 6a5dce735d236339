import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readAnta } from '../../../../src/change/roster/format/read-anta.ts'
import { recordings } from '../../../recordings.ts'
import { placeIn, problemsOf, rosterOf, varsOf } from '../own-tree.ts'

const INVENTORY = `anta_inventory:
  hosts:
    - { host: 192.0.2.11, name: leaf1, tags: [leaf, dc1] }
    - { host: spine1.example.net, port: 8443, tags: [spine] }
    - host: 2001:db8::1
  networks:
    - { network: 192.0.2.64/30, tags: [lab] }
    - { network: 198.51.100.7 }
  ranges:
    - { start: 192.0.2.254, end: 192.0.3.1, tags: [lab] }
    - { start: '2001:db8::ffff', end: '2001:db8::1:0' }
`
const read = (content: string) => readAnta({ file: 'anta.yml', content })

describe('an inventory of ANTA', () => {
  const { hosts, groups } = rosterOf(read(INVENTORY))

  test('hosts, and each address of networks and ranges', () => {
    expect([...hosts.keys()]).toEqual([
      'leaf1',
      'spine1.example.net:8443',
      '2001:db8::1',
      '192.0.2.64',
      '192.0.2.65',
      '192.0.2.66',
      '192.0.2.67',
      '198.51.100.7',
      '192.0.2.254',
      '192.0.2.255',
      '192.0.3.0',
      '192.0.3.1',
      '2001:db8::ffff',
      '2001:db8::1:0',
    ])
    expect(varsOf(hosts.get('leaf1'))).toEqual({ host: '192.0.2.11', name: 'leaf1', tags: ['leaf', 'dc1'] })
    expect(varsOf(hosts.get('spine1.example.net:8443'))).toEqual({
      host: 'spine1.example.net',
      port: 8443,
      tags: ['spine'],
    })
    expect(varsOf(hosts.get('192.0.3.0'))).toEqual({ host: '192.0.3.0', tags: ['lab'] })
  })

  test('tags are groups', () => {
    expect(hosts.get('leaf1')?.groups).toEqual(['leaf', 'dc1'])
    expect(groups.get('lab')?.hosts).toHaveLength(8)
  })

  test('values know where they are written', () => {
    expect(placeIn(hosts.get('leaf1'), 'host')).toBe('anta.yml:3:15')
    expect(placeIn(hosts.get('leaf1'), 'tags', 1)).toBe('anta.yml:3:53')
    expect(placeIn(hosts.get('192.0.2.66'), 'host')).toBe('anta.yml:7:7')
  })

  test.each([
    ['no inventory', 'hosts: []', ['anta.yml:1:1 inventory-value there is no `anta_inventory`']],
    [
      'a host without an address',
      'anta_inventory: { hosts: [{ name: a }] }',
      ['anta.yml:1:27 inventory-value a host has no `host`'],
    ],
    [
      'no network',
      'anta_inventory: { networks: [{ network: x/24 }] }',
      ['anta.yml:1:30 inventory-value a network has no `network` that is one'],
    ],
    [
      'an address in a network',
      'anta_inventory: { networks: [{ network: 192.0.2.1/24 }] }',
      ['anta.yml:1:41 inventory-value `192.0.2.1/24` is an address in a network'],
    ],
    [
      'a range backwards',
      'anta_inventory: { ranges: [{ start: 192.0.2.2, end: 192.0.2.1 }] }',
      ['anta.yml:1:28 inventory-value a range has no `start` and `end` in this order'],
    ],
    [
      'a range of two kinds',
      'anta_inventory: { ranges: [{ start: 192.0.2.2, end: "::1" }] }',
      ['anta.yml:1:28 inventory-value a range has no `start` and `end` in this order'],
    ],
    [
      'a name twice',
      'anta_inventory: { hosts: [{ host: a }, { host: a }] }',
      ['anta.yml:1:40 inventory-value there are two devices `a`'],
    ],
    [
      'a /8',
      'anta_inventory: { networks: [{ network: 10.0.0.0/8 }] }',
      ['anta.yml:1:30 inventory-value networks and ranges have more than 10000 addresses together'],
    ],
    [
      'a /0 of IPv6',
      'anta_inventory: { networks: [{ network: "::/0" }] }',
      ['anta.yml:1:30 inventory-value networks and ranges have more than 10000 addresses together'],
    ],
    [
      'many small ones',
      `anta_inventory: { networks: [${Array.from({ length: 41 }, (_, index) => `{ network: 10.0.${index}.0/24 }`).join(', ')}] }`,
      [
        'anta.yml:1:1073 inventory-value networks and ranges have more than 10000 addresses together',
        'anta.yml:1:1100 inventory-value networks and ranges have more than 10000 addresses together',
      ],
    ],
  ])('%s is refused', (_name, text, problems) => {
    expect(problemsOf(read(text))).toEqual(problems)
  })
})

const recorded = recordings('inventories/ansible/anta-plain/expected-anta.yml')

test.skipIf(!existsSync(recorded))("ANTA's own 7 hosts", () => {
  const { hosts } = rosterOf(readAnta({ file: 'expected-anta.yml', content: readFileSync(recorded) }))
  expect([...hosts.values()].map((host) => [host.name, varsOf(host).host])).toEqual([
    ['cv_atd1', '10.73.1.238'],
    ['spine1', '192.168.0.10'],
    ['spine2', '192.168.0.11'],
    ['leaf1', '192.168.0.12'],
    ['leaf2', '192.168.0.13'],
    ['leaf3', '192.168.0.14'],
    ['leaf4', '192.168.0.15'],
  ])
})
