import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readAnsible } from '../../../../src/change/roster/ansible/read-ansible.ts'
import type { Layer, Roster, RosterHost } from '../../../../src/change/roster/hosts/roster.ts'
import { watchedTree } from '../../../../src/project/system/machine/watched-tree.ts'
import { recordings } from '../../../recordings.ts'
import { varsOf } from '../own-tree.ts'

const home = recordings('inventories/ansible/')

/** What nornir_ansible makes attributes of and no data, and what Ansible gives each host besides. */
const ATTRIBUTES = ['ansible_host', 'ansible_port', 'inventory_dir', 'inventory_file']
const NOTHING = { connection_options: {}, password: null, platform: null, username: null }

const dataOf = (layers: readonly Layer[]) => {
  const vars = Object.entries(varsOf({ layers } as RosterHost))
  return Object.fromEntries(vars.filter(([name]) => !ATTRIBUTES.includes(name)))
}

/** A roster of Ansible as nornir_ansible writes it for Nornir: variables of `all` are the defaults, and nothing is inherited yet. */
function nornirForm({ hosts, groups }: Roster) {
  const own = [...groups.values()].filter(({ name }) => name !== 'all' && name !== 'ungrouped')
  const group = ({ name, layers }: (typeof own)[number]) => {
    const parents = own.filter(({ children }) => children.includes(name)).map((parent) => parent.name)
    return [name, { ...NOTHING, hostname: null, port: null, groups: parents, data: dataOf(layers) }]
  }
  const host = (one: RosterHost) => {
    const vars = varsOf(one)
    const direct = own.filter((group) => group.hosts.includes(one.name)).map(({ name }) => name)
    const data = dataOf(one.layers.filter(({ of }) => of === `host ${one.name}`))
    const hostname = vars.ansible_host ?? one.name
    return [one.name, { ...NOTHING, hostname, port: vars.ansible_port ?? null, groups: direct.toSorted(), data }]
  }
  return {
    hosts: Object.fromEntries([...hosts.values()].map(host)),
    groups: Object.fromEntries(own.map(group)),
    defaults: { ...NOTHING, hostname: null, port: null, data: dataOf(groups.get('all')?.layers ?? []) },
  }
}

describe.skipIf(!existsSync(home))('what nornir_ansible makes of inventories of Ansible', () => {
  test.each([
    ['nornir_ansible-ini', 5],
    ['nornir_ansible-yaml', 5],
    ['nornir_ansible-yaml4', 2],
  ])('%s: %i hosts of 12', (name, count) => {
    const { inventory } = JSON.parse(readFileSync(new URL(`${name}/facts.json`, home), 'utf8')) as { inventory: string }
    const tree = watchedTree(fileURLToPath(new URL(`${name}/source/`, home)), ['/'])
    const read = readAnsible({ tree, paths: [inventory] })
    if (!read.ok) throw new Error(read.problems[0].message)
    expect(read.value.roster.hosts.size).toBe(count)
    const yaml = (file: string) => parse(readFileSync(new URL(`${name}/expected-nornir/${file}.yaml`, home), 'utf8'))
    const form = nornirForm(read.value.roster)
    expect(form).toEqual({ hosts: yaml('hosts'), groups: yaml('groups'), defaults: yaml('defaults') })
  })
})
