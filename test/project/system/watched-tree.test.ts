import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchedTree } from '../../../src/project/system/machine/watched-tree.ts'
import { temporaryFolder } from '../../lab/folder.ts'

/** A project with an inventory in it, and one beside it. */
function folders() {
  const dir = temporaryFolder()
  const [project, beside] = [join(dir, 'project'), join(dir, 'ansible')]
  mkdirSync(join(project, 'inventory/group_vars'), { recursive: true })
  mkdirSync(beside)
  writeFileSync(join(project, 'inventory/hosts.yml'), 'all:')
  writeFileSync(join(project, 'inventory/group_vars/all.yml'), 'a: 1')
  writeFileSync(join(beside, 'hosts.yml'), 'beside')
  return { project, beside }
}

const textOf = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : Buffer.from(bytes).toString())

test('a tree holds the files and folders of its roots, sorted by name', () => {
  const { project } = folders()
  const tree = watchedTree(project, [project])
  expect(tree.folder('inventory')).toEqual([
    { name: 'group_vars', kind: 'folder' },
    { name: 'hosts.yml', kind: 'file' },
  ])
  expect(textOf(tree.file('inventory/group_vars/all.yml'))).toBe('a: 1')
  expect([tree.file('inventory/none.yml'), tree.folder('none'), tree.file('inventory')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test('what lies outside of the roots is not there, by path or by link', () => {
  const { project, beside } = folders()
  symlinkSync(join(beside, 'hosts.yml'), join(project, 'link.yml'))
  symlinkSync(beside, join(project, 'folder'))
  const tree = watchedTree(project, [project])
  expect(tree.file('../ansible/hosts.yml')).toBeUndefined()
  expect(tree.folder('../ansible')).toBeUndefined()
  expect(tree.file('link.yml')).toBeUndefined()
  expect(tree.folder('folder')).toBeUndefined()
  const both = watchedTree(project, [project, beside])
  expect(textOf(both.file('../ansible/hosts.yml'))).toBe('beside')
  expect(textOf(both.file('link.yml'))).toBe('beside')
  expect(both.folder('../ansible')).toEqual([{ name: 'hosts.yml', kind: 'file' }])
})

test('a tree knows when something that was asked for is another', async () => {
  const { project } = folders()
  await sleep(60)
  const changes: readonly [string, () => void][] = [
    ['a file of another size', () => writeFileSync(join(project, 'inventory/hosts.yml'), 'all: {}')],
    ['a file of the same size', () => writeFileSync(join(project, 'inventory/hosts.yml'), 'al1: {}')],
    ['a file with its old time', () => touchBack(join(project, 'inventory/hosts.yml'))],
    ['a new file in a folder', () => writeFileSync(join(project, 'inventory/more.yml'), '')],
    ['a file that was not there', () => writeFileSync(join(project, 'inventory/none.yml'), '')],
    ['a file that is gone', () => rmSync(join(project, 'inventory/hosts.yml'))],
  ]
  for (const [what, change] of changes) {
    const tree = watchedTree(project, [project])
    tree.folder('inventory')
    tree.file('inventory/hosts.yml')
    tree.file('inventory/none.yml')
    expect(tree.isSame(), `before ${what}`).toBe(true)
    change()
    expect(tree.isSame(), what).toBe(false)
    await sleep(60)
  }
})

test('a file that has just been written is looked at again', () => {
  const { project } = folders()
  const tree = watchedTree(project, [project])
  tree.file('inventory/hosts.yml')
  expect(tree.isSame()).toBe(false)
})

function touchBack(path: string) {
  const at = new Date('2020-01-01T00:00:00Z')
  utimesSync(path, at, at)
}
