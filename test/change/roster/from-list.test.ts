import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromList } from '../../../src/change/roster/from-list.ts'
import {
  type Layer,
  type Roster,
  type RosterGroup,
  type RosterHost,
  type RosterValue,
  UnsafeText,
  VaultText,
  variableNames,
  variableOf,
} from '../../../src/change/roster/hosts/roster.ts'
import { listForm } from '../../../src/change/roster/rendered-roster.ts'
import type { Json } from '../../../src/model/json.ts'
import { recordings } from '../../recordings.ts'

const at = { file: 'made', line: 1, column: 1 }

const printed = (roster: Roster): Json => JSON.parse([...listForm(roster)].join(''))

function read(list: Json): Roster {
  const roster = fromList(list, 'exec cvp')
  return roster.ok ? roster.value : expect.fail(JSON.stringify(roster.problems))
}

const value: fc.Arbitrary<RosterValue> = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 12 }),
  fc.constant(new VaultText('$ANSIBLE_VAULT;1.1;AES256\n3132')),
  fc.constant(new UnsafeText('{{ as it is }}')),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.array(fc.constant(new UnsafeText('{%')), { maxLength: 2 }), {
    maxKeys: 3,
  }),
)

const vars = fc.dictionary(fc.stringMatching(/^[a-d]$/), value, { maxKeys: 4 })
const layer = (of: string, entries: Readonly<Record<string, RosterValue>>): readonly Layer[] =>
  Object.keys(entries).length === 0
    ? []
    : [{ of, vars: new Map(Object.entries(entries).map(([name, one]) => [name, { value: one, at }])) }]

/** Groups `g0` to `g4` below `all`, each in some of those before it, and hosts in one or more of them. */
const rosters: fc.Arbitrary<Roster> = fc
  .record({
    inside: fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { minLength: 5, maxLength: 5 }),
    hosts: fc.array(fc.record({ of: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }), vars }), {
      maxLength: 6,
    }),
    ofGroups: fc.array(vars, { minLength: 5, maxLength: 5 }),
  })
  .map(({ inside, hosts, ofGroups }) => {
    const parents = (index: number): number[] => [...Array(index).keys()].filter((one) => inside[index]?.[one] === true)
    const above = (index: number): Set<number> => new Set([index, ...parents(index).flatMap((one) => [...above(one)])])
    const depth = (index: number): number => 1 + Math.max(0, ...parents(index).map(depth))
    const groups = new Map<string, RosterGroup>()
    const indices = [...Array(5).keys()]
    groups.set('all', {
      name: 'all',
      hosts: [],
      children: indices.filter((one) => parents(one).length === 0).map((one) => `g${one}`),
      layers: [],
    })
    for (const index of indices) {
      groups.set(`g${index}`, {
        name: `g${index}`,
        children: indices.filter((one) => parents(one).includes(index)).map((one) => `g${one}`),
        hosts: hosts.flatMap(({ of }, host) => (of.includes(index) ? [`h${host}`] : [])),
        layers: layer(`group g${index}`, ofGroups[index] ?? {}),
      })
    }
    const made = hosts.map(({ of, vars: own }, number): [string, RosterHost] => {
      const around = [...new Set(of.flatMap((one) => [...above(one)]))].sort((a, b) => depth(a) - depth(b) || a - b)
      const layers = [...around.flatMap((one) => groups.get(`g${one}`)?.layers ?? []), ...layer(`host h${number}`, own)]
      return [`h${number}`, { name: `h${number}`, at, groups: ['all', ...around.map((one) => `g${one}`)], layers }]
    })
    return { hosts: new Map(made), groups }
  })

/** What a roster says of each host, without where it is written. */
const said = ({ hosts }: Roster) =>
  Object.fromEntries(
    [...hosts].map(([name, host]) => [
      name,
      {
        groups: host.groups,
        vars: Object.fromEntries(variableNames(host).map((one) => [one, variableOf(host, one)?.value])),
      },
    ]),
  )

test('what is printed as a list is read back: the same hosts, groups in the same order, the same variables', {
  tags: ['long', 'turn'],
}, () => {
  let hosts = 0
  fc.assert(
    fc.property(rosters, (roster) => {
      const back = read(printed(roster))
      expect(said(back)).toEqual(said(roster))
      expect(printed(back)).toEqual(printed(roster))
      hosts += roster.hosts.size
    }),
    { numRuns: 300 },
  )
  expect(hosts).toBeGreaterThan(500)
})

describe('variables of groups, as programs print them', () => {
  test('the deeper group is stronger, then the higher priority, then the later name; the host is the strongest', () => {
    const roster = read({
      _meta: { hostvars: { h: { own: 'host' } } },
      all: { children: ['a', 'b', 'top'], vars: { own: 'all', depth: 'all', name: 'all', priority: 'all' } },
      top: { children: ['deep'], vars: { own: 'top', depth: 'top' } },
      deep: { hosts: ['h'], vars: { depth: 'deep' } },
      a: { hosts: ['h'], vars: { name: 'a', priority: 'a', ansible_group_priority: 9 } },
      b: { hosts: ['h'], vars: { name: 'b', depth: 'b', ansible_group_priority: 9 } },
      c: { hosts: ['h'], vars: { priority: 'c' } },
    })
    const host = roster.hosts.get('h') ?? expect.fail()
    expect(host.groups).toEqual(['all', 'c', 'top', 'a', 'b', 'deep'])
    expect(said(roster).h?.vars).toEqual({
      own: 'host',
      depth: 'deep',
      name: 'b',
      priority: 'a',
      ansible_group_priority: 9,
    })
    expect(host.at).toEqual({ file: 'exec cvp: h', line: 1, column: 1 })
    expect(variableOf(host, 'name')?.at).toEqual({ file: 'exec cvp: group b', line: 1, column: 1 })
  })

  test('a layer of a group is one for all its hosts', () => {
    const roster = read({ _meta: { hostvars: {} }, g: { hosts: ['h1', 'h2'], vars: { a: 1 } } })
    expect(roster.hosts.get('h1')?.layers[0]).toBe(roster.hosts.get('h2')?.layers[0])
  })

  test('names of JavaScript are names', () => {
    const roster = read(
      JSON.parse('{"_meta":{"hostvars":{"toString":{"valueOf":1}}},"hasOwnProperty":{"hosts":["toString"]}}'),
    )
    expect(said(roster)).toEqual({ toString: { groups: ['hasOwnProperty'], vars: { valueOf: 1 } } })
  })
})

const folder = recordings('inventories/ansible/')

test.skipIf(!existsSync(folder))(
  '21 recorded lists of ansible-inventory are printed again as they were',
  { tags: ['long', 'turn'] },
  () => {
    let [lists, hosts] = [0, 0]
    for (const { name } of readEntries()) {
      const list = jsonOf(name)
      if (list === undefined) continue
      const roster = read(list)
      expect(printed(roster), name).toEqual(list)
      lists += 1
      hosts += roster.hosts.size
    }
    expect(lists).toBe(21)
    expect(hosts).toBeGreaterThan(300)
  },
)

function readEntries(): readonly { readonly name: string }[] {
  const { entries } = JSON.parse(readFileSync(new URL('../manifest.json', folder), 'utf8')) as {
    entries: readonly { readonly folder: string; readonly kind: string }[]
  }
  return entries.filter(({ kind }) => kind === 'ansible').map((one) => ({ name: one.folder.replace('ansible/', '') }))
}

function jsonOf(name: string): Json | undefined {
  const plain = new URL(`${name}/expected.json`, folder)
  if (existsSync(plain)) return JSON.parse(readFileSync(plain, 'utf8'))
  const packed = new URL(`${name}/expected.json.gz`, folder)
  return existsSync(packed) ? JSON.parse(gunzipSync(readFileSync(packed)).toString()) : undefined
}

test('groups that are nested thousands deep, and hosts in thousands of groups, are read', {
  tags: ['long', 'turn'],
}, () => {
  const chain = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`g${index}`, { children: [`g${index + 1}`] }]),
  )
  const deep = read({ _meta: { hostvars: {} }, ...chain, g20000: { hosts: ['h'] } })
  expect(deep.hosts.get('h')?.groups).toHaveLength(20_001)
  const looped = fromList({ _meta: { hostvars: {} }, ...chain, g20000: { children: ['g0'] } }, 'exec cvp')
  expect(looped).toMatchObject({ ok: false, problems: [{ message: 'the group "g0" is in itself' }] })
})
