import { describe, expect, test } from 'vitest'
import { readAnsible } from '../../../src/change/roster/ansible/read-ansible.ts'
import { variableOf } from '../../../src/change/roster/hosts/roster.ts'
import { listForm } from '../../../src/change/roster/rendered-roster.ts'
import { memoryTree } from './own-tree.ts'

const read = (files: Readonly<Record<string, string>>, ...paths: readonly string[]) =>
  readAnsible({ tree: memoryTree(files), paths: paths.length === 0 ? [Object.keys(files)[0] ?? ''] : paths })

function rosterOf(files: Readonly<Record<string, string>>, ...paths: readonly string[]) {
  const result = read(files, ...paths)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.value.roster
}

const problemsOf = (files: Readonly<Record<string, string>>, ...paths: readonly string[]) => {
  const result = read(files, ...paths)
  return result.ok ? [] : result.problems.map(({ at, message }) => `${at.file}:${at.line}:${at.column} ${message}`)
}

const varsOf = (files: Readonly<Record<string, string>>, host: string, ...paths: readonly string[]) => {
  const list = JSON.parse([...listForm(rosterOf(files, ...paths))].join('')) as {
    _meta: { hostvars: Record<string, unknown> }
  }
  return list._meta.hostvars[host]
}

const FABRIC = `all:
  vars: { ntp: all }
  children:
    DC1:
      vars: { ntp: dc1, site: one }
      children:
        SPINES: { hosts: { "spine[1:2]": { ansible_port: 8080 } } }
        LEAVES:
          hosts:
            leaf1: { ansible_host: 192.0.2.11, asn: 65101 }
            leaf2:
`

describe('an inventory in YAML', () => {
  test('is printed as ansible-inventory 2.14.18 prints it, byte by byte', () => {
    expect([...listForm(rosterOf({ 'hosts.yml': FABRIC }))].join('')).toBe(`{
    "DC1": {
        "children": [
            "SPINES",
            "LEAVES"
        ]
    },
    "LEAVES": {
        "hosts": [
            "leaf1",
            "leaf2"
        ]
    },
    "SPINES": {
        "hosts": [
            "spine1",
            "spine2"
        ]
    },
    "_meta": {
        "hostvars": {
            "leaf1": {
                "ansible_host": "192.0.2.11",
                "asn": 65101,
                "ntp": "dc1",
                "site": "one"
            },
            "leaf2": {
                "ntp": "dc1",
                "site": "one"
            },
            "spine1": {
                "ansible_port": 8080,
                "ntp": "dc1",
                "site": "one"
            },
            "spine2": {
                "ansible_port": 8080,
                "ntp": "dc1",
                "site": "one"
            }
        }
    },
    "all": {
        "children": [
            "ungrouped",
            "DC1"
        ]
    }
}
`)
  })

  test('has a place for every variable, and for what is within it', () => {
    const roster = rosterOf({
      'hosts.yml': FABRIC,
      'group_vars/DC1.yml': '---\nntp:\n  servers:\n    - 192.0.2.1\n    - 192.0.2.2\nmtu: 9214\n',
    })
    const host = roster.hosts.get('leaf1')
    if (host === undefined) throw new Error('leaf1 is missing')
    expect(variableOf(host, 'asn')?.at).toEqual({ file: 'hosts.yml', line: 10, column: 53 })
    expect(variableOf(host, 'ntp')?.at).toEqual({ file: 'group_vars/DC1.yml', line: 2, column: 1 })
    expect(variableOf(host, 'ntp')?.placeOf?.(['servers', 1])).toEqual({
      file: 'group_vars/DC1.yml',
      line: 5,
      column: 7,
    })
    expect(host.layers.map(({ of }) => of)).toEqual(['group all', 'group DC1', 'group DC1', 'host leaf1'])
    expect(host.groups).toEqual(['all', 'DC1', 'LEAVES'])
  })

  test.each<[string, string, string]>([
    ['a list of hosts', 'all:\n  hosts: [a, b]\n', 'hosts.yml:2:10 hosts of all must be a mapping'],
    [
      'a number as a name',
      'all:\n  hosts:\n    7:\n',
      'hosts.yml:3:5 the name of a host must be a text, and 7 is none',
    ],
    [
      'a circle',
      'a:\n  children:\n    b: { children: { a: } }\n',
      'hosts.yml:3:8 the group b in a is a circle: a is in b',
    ],
    ['an unknown tag', 'all:\n  vars:\n    x: !secret y\n', 'hosts.yml:3:8 the tag !secret is not known here'],
    ['a plugin', 'plugin: nb_inventory\n', 'hosts.yml:1:9 this configures an inventory plugin of Ansible'],
    ['a tab', 'all:\n\thosts:\n', 'hosts.yml:2:1 a tab is where the indentation must be of spaces'],
    ['a program', '#!/bin/sh\necho\n', 'hosts.yml:1:1 this is a program, which eosflow does not run here'],
    ['no mapping', '- a\n', 'hosts.yml:1:1 an inventory must be a mapping of groups'],
  ])('with %s is refused', (_, text, problem) => {
    expect(problemsOf({ 'hosts.yml': text })).toEqual([problem])
  })
})

describe('an inventory in INI', () => {
  const INI = `lonely ansible_host=192.0.2.1   # a comment
; another
[leaves]
leaf[01:03]:8080 role=leaf vlans="[10, 20]" note='"0012"' mtu=9214
leaf02 mtu=1500

[dc1:children]
leaves

[dc1:vars]
ntp = 192.0.2.9   # not cut off
fast=True
asn=65001
`

  test('is read with ranges, ports, quotes and values of Python', () => {
    const files = { hosts: INI }
    expect(varsOf(files, 'leaf02')).toEqual({
      ansible_port: 8080,
      asn: 65001,
      fast: true,
      mtu: 1500,
      note: '0012',
      ntp: '192.0.2.9   # not cut off',
      role: 'leaf',
      vlans: [10, 20],
    })
    expect(varsOf(files, 'lonely')).toEqual({ ansible_host: '192.0.2.1' })
    expect([...rosterOf(files).hosts.keys()]).toEqual(['lonely', 'leaf01', 'leaf02', 'leaf03'])
  })

  test.each<[string, string, string]>([
    ['a word that is no variable', '[a]\nx y=1 z\n', 'hosts.ini:2:7 "z" is no variable'],
    ['a section of another kind', '[a:hosts2]\n', 'hosts.ini:1:1 [a:hosts2] is no section'],
    ['a group that is nowhere', '[a:children]\n  b\n', 'hosts.ini:2:3 b, in [a:children], is not declared'],
    ['variables of no group', '[a:vars]\nx=1\n', 'hosts.ini:1:1 [a:vars] is for a group that is not declared'],
    ['an open quote', "[a]\nx y='1\n", "hosts.ini:2:1 a text that begins with ' has no end"],
    [
      'ranges in ranges that are more than memory holds',
      '[a]\nx[0:99999][0:99999]',
      'hosts.ini:2:1 x[0:99999][0:99999] names more than 100000 hosts',
    ],
    [
      'a range of two lengths',
      '[a]\nx[01:100]\n',
      'hosts.ini:2:1 begin and end of a range of hosts must have as many digits',
    ],
  ])('with %s is refused', (_, text, problem) => {
    expect(problemsOf({ 'hosts.ini': text })).toEqual([problem])
  })
})

describe('files of variables', () => {
  test('count in the order of Ansible: groups by depth, priority and name, then the host; files over the inventory', () => {
    const files = {
      'hosts.yml': `all:
  vars: { a: 1, b: 1, c: 1, d: 1, e: 1 }
  children:
    B: { vars: { b: 2, c: 2, d: 2 }, hosts: { x: { e: 5 } } }
    A: { vars: { b: 3, ansible_group_priority: 10 }, hosts: { x: } }
`,
      'group_vars/all.yml': 'c: 4\nd: 4\n',
      'group_vars/B/later.yml': 'd: 6\n',
      'group_vars/B/early/one': 'd: 5\nf: 5\n',
      'group_vars/B/.hidden.yml': 'd: 7\n',
      'group_vars/B/old.yml~': 'd: 7\n',
      'group_vars/B/notes.txt': 'd: 7\n',
      'group_vars/B.yml': 'g: never, as the folder is there\n',
      'host_vars/x.json': '{"h": 1e3, "i": {"__ansible_unsafe": "{{ no }}"}}',
    }
    expect(varsOf(files, 'x')).toEqual({
      a: 1,
      b: 3,
      c: 4,
      d: 6,
      e: 5,
      f: 5,
      h: 1000,
      i: { __ansible_unsafe: '{{ no }}' },
    })
  })

  test('of two inventories, the later one wins for all groups before a host counts', () => {
    const files = {
      'one/hosts.yml': 'G: { children: { H: { hosts: { x: } } } }\n',
      'one/group_vars/H.yml': 'v: from one, deeper\n',
      'two/hosts.yml': 'G: { hosts: { x: } }\n',
      'two/group_vars/G.yml': 'v: from two\n',
    }
    expect(varsOf(files, 'x', 'one/hosts.yml', 'two/hosts.yml')).toEqual({ v: 'from two' })
    expect(varsOf(files, 'x', 'two/hosts.yml', 'one/hosts.yml')).toEqual({ v: 'from one, deeper' })
  })

  test('that are broken are refused, all at once; those of no host are not read', () => {
    const files = {
      'hosts.yml': 'G: { hosts: { x: } }\n',
      'group_vars/G.yml': 'a: [1\nb: 2\n',
      'host_vars/x.yml': '- no mapping\n',
      'host_vars/y.yml': '}',
    }
    expect(problemsOf(files)).toEqual([
      'group_vars/G.yml:2:2 the indentation or the brackets do not fit what is before',
      'host_vars/x.yml:1:1 a file of variables must be a mapping',
    ])
  })

  test('that are encrypted as a whole are secrets', () => {
    const files = { 'hosts.yml': 'G: { hosts: { x: } }\n', 'group_vars/G.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' }
    expect(problemsOf(files)).toEqual(['group_vars/G.yml:1:1 group_vars/G.yml is encrypted, and there is no password'])
    const result = readAnsible({
      tree: memoryTree(files),
      paths: ['hosts.yml'],
      open: (envelope) => `n: ${envelope.length}`,
    })
    const host = result.ok ? result.value.roster.hosts.get('x') : undefined
    expect(host === undefined ? undefined : variableOf(host, 'n')).toMatchObject({ value: 31, isSecret: true })
  })
})

describe('a folder as an inventory', () => {
  test('leaves out what Ansible leaves out, and says so where that surprises', () => {
    const files = {
      'inv/10-hosts.yml': 'A: { hosts: { x: } }\n',
      'inv/20-more': '[A]\ny\n',
      'inv/hosts.ini': '[A]\nz\n',
      'inv/sub/hosts.yaml': 'A: { hosts: { w: } }\n',
      'inv/README.md': 'no inventory',
      'inv/notes.conf': 'no inventory: at all\n',
      'inv/group_vars/A.yml': 'v: 1\n',
    }
    const result = read(files, 'inv')
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    expect([...result.value.roster.hosts.keys()]).toEqual(['x', 'y', 'w'])
    expect(result.value.notes.map(({ message }) => message)).toEqual([
      'Ansible leaves inv/hosts.ini out, as all that ends in .ini in a folder',
      'inv/notes.conf is no inventory, and is left out: "inventory:" is no variable',
    ])
  })
})
