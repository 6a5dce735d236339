import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, prints } from '../lab/exits.ts'
import { writeFiles } from '../lab/files.ts'
import { newProject } from './eosflow.ts'
import { inProcess } from './in-process.ts'

const validated = async (dir: string, ...folders: readonly string[]) => {
  const { stdout } = await exits(0, inProcess(['validate', ...folders, '--json'], dir))
  return (JSON.parse(stdout) as { files: { file: string }[] }).files.map(({ file }) => file)
}

describe('a folder', () => {
  test('[3C8] is validated by the files of the project below it, and by all of YAML where there are none', async () => {
    const dir = await newProject()
    expect(await validated(dir, 'workflows')).toEqual(['workflows/add-vlan.yaml'])
    expect(await validated(dir, 'tests', 'workflows/')).toEqual(['tests/add-vlan.test.yaml', 'workflows/add-vlan.yaml'])
    expect(await validated(dir, 'fabrics')).toEqual(['fabrics/dc1/fabric.yaml'])
    expect(await validated(dir, 'fabrics/dc1')).toEqual(['fabrics/dc1/fabric.yaml'])
    expect(await validated(dir, '.')).toEqual(await validated(dir))
    mkdirSync(join(dir, 'mine/deep'), { recursive: true })
    renameSync(join(dir, 'workflows'), join(dir, 'mine/deep/workflows'))
    writeFiles(dir, { 'mine/notes.txt': 'none' })
    expect(await validated(dir, 'mine')).toEqual(['mine/deep/workflows/add-vlan.yaml'])
  })
  test('[3C8] is tested by the workflow tests below it', { tags: 'long' }, async () => {
    const dir = await newProject()
    renameSync(join(dir, 'tests'), join(dir, 'checked'))
    await prints(0, inProcess('test checked', dir), 'the VLAN reaches every leaf, and nothing else changes')
    await prints(0, inProcess('test .', dir), 'the VLAN reaches every leaf, and nothing else changes')
  })
  test('without such a file is refused by what is missing there', async () => {
    const dir = await newProject()
    mkdirSync(join(dir, 'empty'))
    expect((await exits(3, inProcess('test empty', dir))).stderr).toContain('there is no `*.test.yaml` below it')
    expect((await exits(3, inProcess('validate empty', dir))).stderr).toContain(
      'there is no file below it that can be judged',
    )
  })
})
