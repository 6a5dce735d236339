import { describe, expect, test } from 'vitest'
import { readAnsible } from '../../../src/change/roster/ansible/read-ansible.ts'
import { memoryTree, varsOf } from './own-tree.ts'

const FILES: Readonly<Record<string, string>> = {
  'inventory/hosts.ini': `[leafs]
leaf1 own=host
leaf2
[leafs:vars]
ini=leafs
[all:vars]
ini=all
`,
  'inventory/group_vars/all.yml': 'a: inv all\nb: inv all\nc: inv all\nd: inv all\nini: inv all\n',
  'inventory/group_vars/leafs.yml': 'b: inv leafs\nd: inv leafs\ne: inv leafs\n',
  'inventory/host_vars/leaf1.yml': 'c: inv leaf1\nf: inv leaf1\nown: inv leaf1\n',
  'group_vars/all.yml': 'a: play all\nb: play all\ng: play all\n',
  'group_vars/leafs.yml': 'd: play leafs\nc: play leafs\nini: play leafs\n',
  'host_vars/leaf1.yml': 'f: play leaf1\nown: play leaf1\n',
}

function readWith(playbooks?: string, files = FILES, path = 'inventory/hosts.ini') {
  const read = readAnsible({
    tree: memoryTree(files),
    paths: [path],
    ...(playbooks === undefined ? {} : { playbooks }),
  })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}

describe('group_vars and host_vars beside the playbook', () => {
  // `ansible-inventory -i inventory/hosts.ini --playbook-dir . --list` of ansible-core 2.14.18.
  test.each(['.', './'])('[V4] are read where playbooks names their folder: %s', (playbooks) => {
    const { roster, notes } = readWith(playbooks)
    expect(varsOf(roster.hosts.get('leaf1'))).toEqual({
      a: 'play all',
      b: 'inv leafs',
      c: 'inv leaf1',
      d: 'play leafs',
      e: 'inv leafs',
      f: 'play leaf1',
      g: 'play all',
      ini: 'play leafs',
      own: 'play leaf1',
    })
    expect(varsOf(roster.hosts.get('leaf2'))).toEqual({
      a: 'play all',
      b: 'inv leafs',
      c: 'play leafs',
      d: 'play leafs',
      e: 'inv leafs',
      g: 'play all',
      ini: 'play leafs',
    })
    expect(notes).toEqual([])
  })

  test('[V4] are not read without it, as ansible-inventory does not, and a note says so', () => {
    const { roster, notes } = readWith()
    expect(varsOf(roster.hosts.get('leaf2'))).toEqual({
      a: 'inv all',
      b: 'inv leafs',
      c: 'inv all',
      d: 'inv leafs',
      e: 'inv leafs',
      ini: 'inv all',
    })
    expect(notes).toEqual([
      {
        code: 'inventory-playbooks',
        message:
          'group_vars and host_vars in the project are not read: Ansible reads them for a playbook of that folder alone',
        at: { file: 'group_vars', line: 1, column: 1 },
        hint: 'where its playbooks are meant, write `playbooks: .` beside `ansible:`',
      },
    ])
  })

  test.each([
    ['hosts.ini', 'playbooks/group_vars/all.yml', 'group_vars in playbooks are not read'],
    ['lab/inventory/hosts.ini', 'lab/playbooks/host_vars/leaf1.yml', 'host_vars in lab/playbooks are not read'],
    ['lab/inventory/hosts.ini', 'lab/group_vars/all.yml', 'group_vars in lab are not read'],
  ])('are noted for %s in %s', (path, file, message) => {
    const { notes } = readWith(undefined, { [path]: 'leaf1\n', [file]: 'a: 1\n' }, path)
    expect(notes.map((note) => note.message.split(':')[0])).toEqual([message])
  })

  test('are not asked for where nothing may be asked for', () => {
    const asked: string[] = []
    const tree = memoryTree(FILES)
    const watched = {
      file: tree.file,
      folder: (path: string) => {
        asked.push(path)
        return tree.folder(path)
      },
      mayAsk: (path: string) => path.startsWith('inventory/'),
    }
    const read = readAnsible({ tree: watched, paths: ['inventory/hosts.ini'] })
    expect(read.ok && read.value.notes).toEqual([])
    expect(asked.filter((path) => !path.startsWith('inventory'))).toEqual([])
    expect(asked.length).toBeGreaterThan(2)
  })
})
