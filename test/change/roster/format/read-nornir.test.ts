import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readNornir } from '../../../../src/change/roster/format/read-nornir.ts'
import type { Roster } from '../../../../src/change/roster/hosts/roster.ts'
import { recordings } from '../../../recordings.ts'
import { placeIn, problemsOf, rosterOf, varsOf } from '../own-tree.ts'

const HOSTS = `leaf1:
  hostname: 192.0.2.11
  groups: [leaves, dc1]
  data: { asn: 65101, platform: DCS-7050, off: null }
leaf2:
  port: 8443
  platform: arista_eos
  groups:
    - dc1
    - leaves
  data: { vlans: { 20: a, 10: b }, ratio: 1.0 }
spine1:
`
const GROUPS = `leaves:
  groups: [fabric]
  platform: eos
  data: { role: leaf, ntp: [192.0.2.1] }
dc1:
  data: { site: dc1, ntp: [192.0.2.2], off: 1, role: any }
fabric:
  platform: other
  port: 443
  data: { site: none, mtu: 9214 }
`
const DEFAULTS = 'hostname:\nusername: ops\npassword: not-a-real-password\ndata: { mtu: 1500, domain: example.net }\n'

const read = (hosts: string, groups = GROUPS, defaults = DEFAULTS) =>
  readNornir({
    hosts: { file: 'hosts.yaml', content: hosts },
    groups: { file: 'groups.yaml', content: groups },
    defaults: { file: 'defaults.yaml', content: defaults },
  })

describe('a SimpleInventory', () => {
  const { hosts, groups } = rosterOf(read(HOSTS))

  test('a host inherits in the order of its groups, then from the defaults', () => {
    expect([...hosts.keys()]).toEqual(['leaf1', 'leaf2', 'spine1'])
    expect(hosts.get('leaf1')?.groups).toEqual(['dc1', 'fabric', 'leaves'])
    expect(varsOf(hosts.get('leaf1'))).toEqual({
      'nornir.hostname': '192.0.2.11',
      'nornir.platform': 'eos',
      'nornir.port': 443,
      'nornir.username': 'ops',
      asn: 65101,
      domain: 'example.net',
      mtu: 9214,
      ntp: ['192.0.2.1'],
      off: null,
      platform: 'DCS-7050',
      role: 'leaf',
      site: 'none',
    })
    expect(varsOf(hosts.get('leaf2'))).toMatchObject({
      'nornir.platform': 'arista_eos',
      'nornir.port': 8443,
      role: 'any',
      site: 'dc1',
    })
    expect(varsOf(hosts.get('spine1'))).toEqual({ 'nornir.username': 'ops', mtu: 1500, domain: 'example.net' })
  })

  test('of the options of a connection nothing is read but where it leads', () => {
    const options =
      '{ napalm: { port: 8443, hostname: null, password: not-a-real-password, extras: { a: 1 } }, ssh: null }'
    const { hosts } = rosterOf(read(`leaf1:\n  connection_options: ${options}\n`))
    expect(varsOf(hosts.get('leaf1'))).toEqual({
      'nornir.connection_options.napalm.port': 8443,
      'nornir.username': 'ops',
      domain: 'example.net',
      mtu: 1500,
    })
  })

  test('values know where they are written', () => {
    const leaf1 = hosts.get('leaf1')
    expect(leaf1?.at).toEqual({ file: 'hosts.yaml', line: 1, column: 1 })
    expect([
      placeIn(leaf1, 'asn'),
      placeIn(leaf1, 'ntp', 0),
      placeIn(leaf1, 'mtu'),
      placeIn(leaf1, 'nornir.username'),
    ]).toEqual(['hosts.yaml:4:16', 'groups.yaml:4:29', 'groups.yaml:10:28', 'defaults.yaml:2:11'])
    expect(placeIn(hosts.get('leaf2'), 'vlans', '10')).toBe('hosts.yaml:11:31')
  })

  test('a group knows what is directly in it', () => {
    expect(groups.get('fabric')).toMatchObject({ children: ['leaves'], hosts: [] })
    expect(groups.get('leaves')).toMatchObject({ children: [], hosts: ['leaf1', 'leaf2'] })
  })

  test('no password is a variable', () => {
    const written = [...hosts.values()].map(({ layers }) => layers.map(({ vars }) => [...vars.keys()]))
    const groups = {
      fabric: ['nornir.port', 'nornir.platform', 'site', 'mtu'],
      leaves: ['nornir.platform', 'role', 'ntp'],
      dc1: ['site', 'ntp', 'off', 'role'],
    }
    const defaults = ['nornir.username', 'mtu', 'domain']
    expect(written).toEqual([
      [defaults, groups.dc1, groups.fabric, groups.leaves, ['nornir.hostname', 'asn', 'platform', 'off']],
      [defaults, groups.fabric, groups.leaves, groups.dc1, ['nornir.port', 'nornir.platform', 'vlans', 'ratio']],
      [defaults, []],
    ])
    expect(
      JSON.stringify([...hosts.values()].flatMap(({ layers }) => layers.map(({ vars }) => [...vars]))),
    ).not.toContain('not-a-real')
  })

  test('files may be empty or absent', () => {
    expect(rosterOf(read('', '---\n', '# nothing\n')).hosts.size).toBe(0)
    expect(rosterOf(readNornir({ hosts: { file: 'h', content: 'a: {}' } })).hosts.size).toBe(1)
  })

  test('aliases and merged keys', () => {
    const { hosts: merged } = rosterOf(
      read('a: &a\n  port: 1\n  data: &d { x: 1, y: 2 }\nb:\n  <<: *a\n  data: { <<: *d, y: 3 }\n'),
    )
    expect(varsOf(merged.get('b'))).toMatchObject({ 'nornir.port': 1, x: 1, y: 3 })
  })

  test.each([
    [
      'a group that is not there',
      'a: { groups: [x] }',
      GROUPS,
      ['hosts.yaml:1:14 inventory-value there is no group `x`'],
    ],
    [
      'a circle',
      'a:',
      'g: { groups: [h] }\nh: { groups: [g] }',
      [
        'groups.yaml:1:4 inventory-cycle the group `g` is in itself',
        'groups.yaml:2:4 inventory-cycle the group `h` is in itself',
      ],
    ],
    ['no mapping', '- a', GROUPS, ['hosts.yaml:1:1 inventory-value a mapping is expected here']],
    [
      'data is no mapping',
      'a: { data: [1], groups: 5 }',
      GROUPS,
      [
        'hosts.yaml:1:12 inventory-value a mapping is expected here',
        'hosts.yaml:1:25 inventory-value a list is expected here',
      ],
    ],
    ['a syntax error', 'a: {', GROUPS, [expect.stringMatching(/^hosts\.yaml:1:/)]],
  ])('%s is refused', (_name, hosts, groups, problems) => {
    expect(problemsOf(read(hosts, groups))).toEqual(problems)
  })
})

const home = recordings('inventories/nornir/')

interface Recorded {
  readonly dict: { readonly hosts: Record<string, unknown>; readonly groups: Record<string, { groups: string[] }> }
  readonly resolved: Record<
    string,
    {
      allGroups: string[]
      data: unknown
      groups: string[]
      hostname: string | null
      platform: string | null
      port: number | null
      username: string | null
    }
  >
}

describe.skipIf(!existsSync(home))('recorded of Nornir 3.6.0', () => {
  test('6 inventories, 19 hosts: the same groups and values', () => {
    const counts = readdirSync(home).map((folder) => {
      const roster = rosterOf(readNornir(filesOf(folder)))
      const recorded = JSON.parse(readFileSync(new URL(`${folder}/expected.json`, home), 'utf8')) as Recorded
      expect([...roster.hosts.keys()].toSorted()).toEqual(Object.keys(recorded.dict.hosts).toSorted())
      expect([...roster.groups.keys()].toSorted()).toEqual(Object.keys(recorded.dict.groups).toSorted())
      for (const [name, { groups: parents }] of Object.entries(recorded.dict.groups))
        for (const parent of parents) expect(roster.groups.get(parent)?.children).toContain(name)
      const hosts = Object.entries(recorded.resolved)
      for (const [name, resolved] of hosts)
        expect(resolvedOf(roster, name)).toEqual({ ...resolved, groups: resolved.groups.toSorted() })
      return hosts.length
    })
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(19)
  })
})

function filesOf(folder: string) {
  const { files } = JSON.parse(readFileSync(new URL(`${folder}/facts.json`, home), 'utf8')) as { files: string[] }
  const [hosts, groups, defaults] = files.map((file) => ({
    file,
    content: readFileSync(new URL(`${folder}/source/${file}`, home)),
  }))
  if (hosts === undefined || groups === undefined || defaults === undefined) throw new Error('three files are named')
  return { hosts, groups, defaults }
}

/** A host as the recording shows it. */
function resolvedOf({ hosts, groups }: Roster, name: string) {
  const host = hosts.get(name)
  const vars = Object.entries(varsOf(host))
  const attribute = (key: string) => vars.find(([own]) => own === `nornir.${key}`)?.[1] ?? null
  return {
    allGroups: host?.groups.toReversed(),
    data: Object.fromEntries(vars.filter(([key]) => !key.startsWith('nornir.'))),
    groups: [...groups.values()]
      .filter((group) => group.hosts.includes(name))
      .map((group) => group.name)
      .toSorted(),
    hostname: attribute('hostname'),
    platform: attribute('platform'),
    port: attribute('port'),
    username: attribute('username'),
  }
}
