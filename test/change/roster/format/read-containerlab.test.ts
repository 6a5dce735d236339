import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { EOS_KINDS, readContainerlab } from '../../../../src/change/roster/format/read-containerlab.ts'
import type { Roster } from '../../../../src/change/roster/hosts/roster.ts'
import { recordings } from '../../../recordings.ts'
import { placeIn, problemsOf, rosterOf, varsOf } from '../own-tree.ts'

const LAB = `name: lab1
topology:
  defaults:
    kind: ceos
    env: { A: '1', B: '1' }
    credentials: { username: admin, password: not-a-real-password }
  kinds:
    ceos: { image: ceos:4.32, labels: { site: dc1, ansible-group: FABRIC } }
    linux: { image: alpine:3 }
  groups:
    spines: { type: big, env: { B: '2' } }
  nodes:
    leaf1: { mgmt-ipv4: 172.20.20.11/24, labels: { site: dc2, nornir-group: leaves, nornir-group-2: edge } }
    spine1: { group: spines, image: ceos:4.33 }
    host1: { kind: linux, mgmt-ipv4: 172.20.20.50 }
`
const read = (content: string) => readContainerlab({ file: 'lab.clab.yml', content })

describe('a topology', () => {
  const { hosts, groups } = rosterOf(read(LAB))

  test('a node has what defaults, its kind and its group say', () => {
    expect(varsOf(hosts.get('leaf1'))).toEqual({
      kind: 'ceos',
      image: 'ceos:4.32',
      env: { A: '1', B: '1' },
      labels: { site: 'dc2', 'ansible-group': 'FABRIC', 'nornir-group': 'leaves', 'nornir-group-2': 'edge' },
      'mgmt-ipv4': '172.20.20.11/24',
      'containerlab.host': '172.20.20.11',
      'containerlab.longname': 'clab-lab1-leaf1',
    })
    expect(varsOf(hosts.get('spine1'))).toMatchObject({
      image: 'ceos:4.33',
      type: 'big',
      env: { A: '1', B: '2' },
      'containerlab.host': 'clab-lab1-spine1',
    })
  })

  test('groups are the kind, the group, and those of labels', () => {
    expect([...hosts.values()].map((host) => host.groups)).toEqual([
      ['ceos', 'FABRIC', 'leaves', 'edge'],
      ['ceos', 'spines', 'FABRIC'],
      ['linux'],
    ])
    expect(groups.get('FABRIC')?.hosts).toEqual(['leaf1', 'spine1'])
  })

  test('values know where they are written', () => {
    const leaf1 = hosts.get('leaf1')
    expect(leaf1?.at).toEqual({ file: 'lab.clab.yml', line: 13, column: 5 })
    expect([
      placeIn(leaf1, 'kind'),
      placeIn(leaf1, 'containerlab.host'),
      placeIn(leaf1, 'labels', 'site'),
      placeIn(leaf1, 'labels', 'ansible-group'),
      placeIn(leaf1, 'env', 'B'),
    ]).toEqual([
      'lab.clab.yml:4:11',
      'lab.clab.yml:13:25',
      'lab.clab.yml:13:58',
      'lab.clab.yml:8:67',
      'lab.clab.yml:5:23',
    ])
  })

  test('no login is a variable', () => {
    const written = [...hosts.values()].map((host) => varsOf(host))
    expect(written.map((vars) => Object.keys(vars).toSorted())).toEqual([
      ['containerlab.host', 'containerlab.longname', 'env', 'image', 'kind', 'labels', 'mgmt-ipv4'],
      ['containerlab.host', 'containerlab.longname', 'env', 'group', 'image', 'kind', 'labels', 'type'],
      ['containerlab.host', 'containerlab.longname', 'env', 'image', 'kind', 'mgmt-ipv4'],
    ])
    expect(JSON.stringify(written)).not.toContain('not-a-real-password')
  })

  test.each([
    ['prefix: ""', 'leaf1'],
    ['prefix:', 'leaf1'],
    ['prefix: __lab-name', 'lab1-leaf1'],
    ['prefix: my', 'my-lab1-leaf1'],
    ['x: 1', 'clab-lab1-leaf1'],
  ])('%s', (line, name) => {
    expect(varsOf(rosterOf(read(`${line}\n${LAB}`)).hosts.get('leaf1'))['containerlab.longname']).toBe(name)
  })

  test.each([
    ['no topology', 'name: x\n', ['lab.clab.yml:1:1 inventory-value there is no `topology`']],
    ['no name', 'topology: { nodes: { a: } }\n', ['lab.clab.yml:1:1 inventory-value the lab has no `name`']],
    [
      'nodes as a list',
      'name: x\ntopology: { nodes: [a] }\n',
      ['lab.clab.yml:2:20 inventory-value a mapping is expected here'],
    ],
  ])('%s is refused', (_name, text, problems) => {
    expect(problemsOf(read(text))).toEqual(problems)
  })
})

const home = recordings('inventories/containerlab/')

interface Node {
  readonly host: string
  readonly kind: string
  readonly image?: string
  readonly labels?: Record<string, unknown>
  readonly longName: string
}

interface Recorded {
  readonly lab: string
  readonly switches: Record<string, Node>
  readonly otherNodes: Record<string, Node>
}

/** A topology in the form of the recordings. */
function shown({ hosts }: Roster): Pick<Recorded, 'switches' | 'otherNodes'> {
  const nodes = [...hosts.values()].map((host): [string, Node] => {
    const vars = varsOf(host) as Record<string, string> & { labels?: Record<string, unknown> }
    const { kind = '', image, labels } = vars
    const [address = '', longName = ''] = [vars['containerlab.host'], vars['containerlab.longname']]
    return [
      host.name,
      {
        host: address,
        kind,
        longName,
        ...(image === undefined ? {} : { image }),
        ...(labels === undefined ? {} : { labels }),
      },
    ]
  })
  const isSwitch = ([, { kind }]: [string, Node]) => EOS_KINDS.includes(kind)
  return {
    switches: Object.fromEntries(nodes.filter(isSwitch)),
    otherNodes: Object.fromEntries(nodes.filter((node) => !isSwitch(node))),
  }
}

const rosterIn = (folder: string, file: string): Roster =>
  rosterOf(readContainerlab({ file, content: readFileSync(new URL(`${folder}/source/${file}`, home)) }))
const yamlIn = (file: string) => parse(readFileSync(new URL(`containerlab-tests/${file}`, home), 'utf8'))

describe.skipIf(!existsSync(home))('recorded topologies', () => {
  // Also where it is skipped this is made.
  const all = (existsSync(home) ? readdirSync(home) : []).flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, home)).flatMap((file) => {
      const [found, name] = /^expected-topology(?:-(.*))?\.json$/.exec(file) ?? []
      return found === undefined
        ? []
        : [{ folder, file, topology: name === undefined ? 'topology.yaml' : `${name}.yml` }]
    }),
  )

  test('11 topologies with 33 switches and 36 others', () => {
    const counts = all.map(({ folder, file, topology }) => {
      const { switches, otherNodes } = JSON.parse(readFileSync(new URL(`${folder}/${file}`, home), 'utf8')) as Recorded
      expect(shown(rosterIn(folder, topology))).toEqual({ switches, otherNodes })
      return [Object.keys(switches).length, Object.keys(otherNodes).length]
    })
    const sum = (index: number) => counts.reduce((total, count) => total + (count[index] ?? 0), 0)
    expect([all.length, sum(0), sum(1)]).toEqual([11, 33, 36])
  })

  test.each(['topo1', 'topo8_ansible_groups'])('the Ansible inventory that containerlab writes: %s', (name) => {
    const { all: group } = yamlIn(`expected-ansible-${name}.yml`) as {
      all: { children: Record<string, { hosts: Record<string, { ansible_host: string } | null> }> }
    }
    const { hosts, groups } = rosterIn('containerlab-tests', `${name}.yml`)
    const long = (host: string) => String(varsOf(hosts.get(host))['containerlab.longname'])
    const now = [...groups.values()].map((own) => [own.name, own.hosts.map(long)])
    expect(Object.fromEntries(now)).toEqual(
      Object.fromEntries(
        Object.entries(group.children).map(([own, { hosts: members }]) => [own, Object.keys(members)]),
      ),
    )
    for (const { hosts: members } of Object.values(group.children))
      for (const [host, vars] of Object.entries(members)) {
        const found = [...hosts.keys()].find((own) => long(own) === host) ?? ''
        if (vars !== null) expect(varsOf(hosts.get(found))['containerlab.host']).toBe(vars.ansible_host)
      }
  })

  test.each(['topo1', 'topo8_nornir_groups'])('the Nornir inventory that containerlab writes: %s', (name) => {
    const recorded = yamlIn(`expected-nornir-${name}.yml`) as Record<
      string,
      { hostname: string; platform: string; groups?: string[] }
    >
    const { hosts } = rosterIn('containerlab-tests', `${name}.yml`)
    const now = [...hosts.values()].map((host) => {
      const vars = varsOf(host)
      return [host.name, { hostname: vars['containerlab.host'], platform: vars.kind, groups: host.groups.slice(1) }]
    })
    expect(Object.fromEntries(now)).toEqual(
      Object.fromEntries(
        Object.entries(recorded).map(([host, { hostname, platform, groups = [] }]) => [
          host,
          { hostname, platform, groups },
        ]),
      ),
    )
  })
})
