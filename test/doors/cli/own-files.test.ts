import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { trustProject } from '../../../src/project/files/project-guard.ts'
import { everyNth } from '../../extent.ts'
import { exits, fileText, inProcess, json, openLab, prints, temporaryFolder, warns, writeFiles } from '../../lab/lab.ts'
import { newProject } from './eosflow.ts'

const SECRET = 'root:$6$cNry1salt$cNry1hash:19000:0:99999:7:::'

/** A file of somebody else, whose lines nobody may be shown. */
function foreign() {
  const file = join(temporaryFolder(), 'shadow')
  writeFileSync(file, `${SECRET}\n`)
  return file
}

test.each(
  everyNth(2, 'settings that are no file', [
    [
      'a link to a file outside of the project',
      (at: string) => symlinkSync(foreign(), at),
      'this path leads outside the project',
    ],
    ['a link to /dev/zero', (at: string) => symlinkSync('/dev/zero', at), 'this path leads outside the project'],
    ['a named pipe', (at: string) => execFileSync('mkfifo', [at]), 'this path is not a regular file'],
    [
      'a file of 200 MB',
      (at: string) => {
        writeFileSync(at, '')
        truncateSync(at, 200_000_000)
      },
      'the file has more than the 1048576 bytes that are read',
    ],
  ]),
)('[3G2] settings that are %s are refused as every other file of the project is', async (_, make, words) => {
  const dir = await newProject()
  const settings = join(dir, 'eosflow.yaml')
  rmSync(settings)
  make(settings)
  for (const line of ['validate', 'inventory list', 'executions', 'plan workflows/add-vlan.yaml']) {
    const { stdout, stderr: err } = await warns(
      3,
      inProcess(line.split(' '), dir, undefined, { HOME: dir }),
      'eosflow.yaml:1:1: ',
      words,
    )
    expect(stdout + err).not.toContain('cNry1')
  }
})

test('a plan that is a named pipe is refused, and nobody waits for who writes to it', async () => {
  const dir = await newProject()
  execFileSync('mkfifo', [join(dir, 'p.plan')])
  for (const line of ['show p.plan', 'run p.plan', 'approve p.plan']) {
    await warns(3, inProcess(line.split(' '), dir, undefined, { HOME: dir }), 'p.plan:1:1: this is not a regular file')
  }
})

test.each([
  ['the root', '/'],
  ['nothing', ''],
  ['a blank', ' '],
  ['a folder without eosflow.yaml', 'empty'],
  ['a folder whose eosflow.yaml is a folder', 'odd'],
  ['the folder around projects', '.'],
  ['a link to the root', 'root'],
])('[3G11] %s is not trusted as a project', (_, typed) => {
  const cwd = temporaryFolder({ 'own/eosflow.yaml': 'version: 1\n' })
  mkdirSync(join(cwd, 'empty'))
  mkdirSync(join(cwd, 'odd/eosflow.yaml'), { recursive: true })
  symlinkSync('/', join(cwd, 'root'))
  const env = { HOME: cwd }
  expect(() => trustProject({ cwd, env }, typed, true)).toThrow(/no folder|no such folder/)
  expect(trustProject({ cwd, env }, 'own', true)).toMatchObject({ isTrusted: true, hasChanged: true })
  expect(trustProject({ cwd, env }, join(cwd, 'own'), true)).toMatchObject({ hasChanged: false })
})

const validated = async (dir: string, ...folders: readonly string[]) => {
  return (
    (await json(exits(0, inProcess(['validate', ...folders, '--json'], dir)))) as { files: { file: string }[] }
  ).files.map(({ file }) => file)
}

describe('a folder', () => {
  test('[3C8] is validated by the files of the project below it, and by all of YAML where there are none', {
    tags: 'long',
  }, async () => {
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

/** A lab in which leaf2 is in the inventory as `LEAF1`. */
function twoCases() {
  const lab = openLab({ answers: (_lab, device) => (device === 'LEAF1' ? 'leaf2' : device) })
  const inventory = JSON.parse(fileText(lab.dir, 'inventory.yaml'))
  const { leaf2, ...devices } = inventory.devices
  inventory.devices = { ...devices, LEAF1: leaf2 }
  lab.write('inventory.yaml', JSON.stringify(inventory))
  return lab
}

const SAYS = '`leaf1` and `LEAF1` differ in upper and lower case alone'

describe('two names that differ in case alone', () => {
  test.each([
    ['config backup', ['config backup kept']],
    ['ask --save', ['ask', 'show hostname', '--save', 'kept']],
    ['record', ['record -o kept']],
  ])('are refused by %s before anything is asked or written', async (_what, argv) => {
    const lab = twoCases()
    await warns(3, lab.eosflow(...argv), SAYS)
    expect(existsSync(join(lab.dir, 'kept'))).toBe(false)
    expect(lab.device('leaf1').requests()).toEqual([])
  })

  test('are refused by a later backup of the other one alone, and each has a folder', async () => {
    const lab = twoCases()
    await lab.ok('config backup kept -t leaf1')
    await warns(3, lab.eosflow('config backup kept -t LEAF1'), SAYS)
  })
})

test('a question of 100,000 characters is not said again in whole', async () => {
  const lab = openLab()
  const { err } = await warns(
    3,
    lab.eosflow('ask', 'x'.repeat(100_000)),
    /^✖ x{119}…: `ask` reads: its command must begin with `show `\n/,
  )
  expect(err.length).toBeLessThan(400)
})
