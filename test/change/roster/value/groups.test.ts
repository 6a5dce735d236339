import { describe, expect, test } from 'vitest'
import { readAnsible } from '../../../../src/change/roster/ansible/read-ansible.ts'
import { hostValues } from '../../../../src/change/roster/value/host-values.ts'
import type { LazyValue } from '../../../../src/model/once.ts'
import { memoryTree, plain } from '../own-tree.ts'

const INI = `[spines]
s2
s1

[65100]
z1

[leafs]
leaf3
leaf1
leaf2

[pod:children]
spines
leafs
9

[9]
n2
leaf1
n1

[solo]
leaf2
s1
`
const YAML = `all:
  hosts:
    lone:
    leaf2:
  children:
    dc:
      hosts: { leaf2: , leaf1: }
      children:
        pods: { children: { b: { hosts: { b2: , b1: } }, a: { hosts: { a9: , b1: , a1: } } } }
    '7': { hosts: { leaf1: , b2: } }
`

/** What the texts are for one host of an inventory. */
function asked(file: string, text: string, host: string, values: readonly string[]) {
  const lines = values.map((value, index) => `v${index}: ${JSON.stringify(value)}\n`).join('')
  const read = readAnsible({ tree: memoryTree({ [file]: text, 'group_vars/all.yml': lines }), paths: [file] })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const { roster } = read.value
  const one = roster.hosts.get(host)
  if (one === undefined) throw new Error(`no ${host}`)
  const own = hostValues(one, { roster })
  return values.map((_, index) => plain(own.get(`v${index}`) as LazyValue))
}

// `groups` as `InventoryData.get_groups_dict` of ansible-core 2.14.18 gives it for the same text.
describe('groups in values', () => {
  test.each([
    ['hosts.ini', INI, 'all', ['z1', 'leaf2', 's1', 's2', 'leaf3', 'leaf1', 'n2', 'n1']],
    ['hosts.ini', INI, 'leafs', ['leaf3', 'leaf1', 'leaf2']],
    ['hosts.ini', INI, 'pod', ['s2', 's1', 'leaf3', 'leaf1', 'leaf2', 'n2', 'n1']],
    ['hosts.ini', INI, '9', ['n2', 'leaf1', 'n1']],
    ['hosts.ini', INI, 'solo', ['leaf2', 's1']],
    ['hosts.yml', YAML, 'all', ['lone', 'leaf2', 'leaf1', 'b2', 'b1', 'a9', 'a1']],
    ['hosts.yml', YAML, 'dc', ['leaf2', 'leaf1', 'b2', 'b1', 'a9', 'a1']],
    ['hosts.yml', YAML, 'pods', ['b2', 'b1', 'a9', 'a1']],
    ['hosts.yml', YAML, '7', ['leaf1', 'b2']],
    ['hosts.yml', YAML, 'ungrouped', ['lone']],
  ])('[V2] in %#: the hosts of a group have its order', (file, text, group, hosts) => {
    expect(asked(file, text, 'leaf1', [`{{ groups['${group}'] }}`])).toEqual([hosts])
  })

  test('[V2] the number of a switch in its group is that of Ansible', () => {
    expect(asked('hosts.ini', INI, 'leaf1', ["{{ 65000 + groups['leafs'].index(inventory_hostname) }}"])).toEqual([
      '65001',
    ])
    expect(asked('hosts.ini', INI, 's1', ["{{ 65000 + groups['solo'].index(inventory_hostname) }}"])).toEqual(['65001'])
  })

  test('[V2] the names have the order of Ansible, whole numbers too', () => {
    const all = ['{{ groups|list }}', "{{ groups|join(' ') }}", '{% for g in groups %}{{ g }} {% endfor %}']
    expect(asked('hosts.ini', INI, 'leaf1', all)).toEqual([
      ['all', 'ungrouped', 'spines', '65100', 'leafs', 'pod', '9', 'solo'],
      'all ungrouped spines 65100 leafs pod 9 solo',
      'all ungrouped spines 65100 leafs pod 9 solo ',
    ])
    expect(asked('hosts.yml', YAML, 'leaf1', ['{{ groups|list }}'])).toEqual([
      ['all', 'ungrouped', 'dc', 'pods', 'b', 'a', '7'],
    ])
  })

  // As `Host.get_magic_vars` of ansible-core 2.14.18.
  test.each([
    ['leaf1.example.net', 'leaf1'],
    ['192.0.2.9', '192.0.2.9'],
    ['300.0.2.9', '300'],
    ['::ffff:0.0.2.9', '::ffff:0.0.2.9'],
  ])('[V6] the short name of %s is %s', (name, short) => {
    const text = `all: { hosts: { '${name}': } }\n`
    expect(asked('hosts.yml', text, name, ['{{ inventory_hostname_short }}'])).toEqual([short])
  })
})
