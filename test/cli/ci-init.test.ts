import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exits, prints, warns } from '../lab/exits.ts'
import { fileText } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

test.each([
  [
    'github',
    [
      '.github/workflows/eosflow-plan.yml',
      '.github/workflows/eosflow-apply.yml',
      '.github/workflows/eosflow-night.yml',
    ],
  ],
  ['gitlab', ['.gitlab-ci.yml']],
  ['pre-commit', ['.pre-commit-config.yaml']],
])('ci init %s writes its files, and never over one that is there', async (forge, files) => {
  const dir = temporaryFolder()
  const made = await exits(0, inProcess(['ci init', forge, '--json'], dir))
  expect(JSON.parse(made.stdout)).toEqual({ version: 1, created: files, kept: [] })
  const [first = ''] = files
  writeFileSync(join(dir, first), 'mine\n')
  await prints(0, inProcess(['ci init', forge], dir), `kept ${first}: it is there already`)
  expect(fileText(dir, first)).toBe('mine\n')
})

test.each([
  [
    'github',
    ['a runner of yours with the label `eosflow`', 'variables EOSFLOW_HOME, EOSFLOW_PACKAGE', 'trust/reviewers.yaml'],
  ],
  ['gitlab', ['a runner of yours with the label `eosflow`', 'GITLAB_TOKEN', 'trust/reviewers.yaml']],
  ['pre-commit', ['pre-commit install']],
])('ci init %s says itself what its files need: a package has no pages beside it', async (forge, words) => {
  const { stdout } = await inProcess(['ci init', forge], temporaryFolder())
  for (const word of words) expect(stdout).toContain(word)
  expect(stdout).not.toContain('docs/')
  expect(stdout).toMatch(/\n(?:Next: |Commit them, ).+\n$/)
})

test('files that no forge reads, because the project is not the root of a repository, are named as such', async () => {
  const dir = temporaryFolder()
  const said = `! ${dir} is not the root of a Git repository: only there are these files read\n`
  expect((await inProcess('ci init github', dir)).stderr).toBe(said)
  mkdirSync(join(dir, '.git'))
  expect((await inProcess('ci init gitlab', dir)).stderr).toBe('')
})

test('a forge that nobody knows is refused', async () => {
  await warns(3, inProcess('ci init gitea', temporaryFolder()), 'github, gitlab, pre-commit')
})

test('tests that cannot be read are in the file of results, too', async () => {
  const dir = temporaryFolder()
  await exits(0, inProcess(['init', dir]))
  writeFileSync(join(dir, 'tests/bad.test.yaml'), 'version: 1\nnope: <1>\n')
  await exits(3, inProcess('test --junit results.xml', dir))
  const xml = fileText(dir, 'results.xml')
  expect(xml).toContain('<testsuite ')
  expect(xml).toContain('name="tests/bad.test.yaml"')
  expect(xml).toContain('<error message="the key `nope` is not known"')
})

test('the pipeline of a new project, which tests the same, is named', async () => {
  const dir = temporaryFolder()
  await exits(0, inProcess(['init', dir]))
  const says = '! .github/workflows/network.yml, which eosflow init writes, tests each pull request too: delete it\n'
  expect((await inProcess('ci init github', dir)).stderr).toContain(says)
  writeFileSync(join(dir, '.github/workflows/network.yml'), 'name: theirs\n')
  expect((await inProcess('ci init github', dir)).stderr).not.toContain('network.yml')
})

test('a change is planned offline, as the pipeline does, where each switch is in one of several fabrics', async () => {
  const dir = temporaryFolder()
  await exits(0, inProcess(['init', dir]))
  const fabric = (name: string) => join(dir, 'fabrics', name)
  cpSync(fabric('dc1'), fabric('dc2'), { recursive: true })
  const argv = ['plan', 'workflows/add-vlan.yaml', '-p', 'vlan=140', '-p', 'label=A', '--offline', '--markdown']
  await warns(3, inProcess(argv, dir), 'leaf1 is in several fabrics: fabrics/dc1, fabrics/dc2')
  const file = join(fabric('dc2'), 'fabric.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\b(leaf|spine)(\d)/g, 'dc2-$1$2'))
  for (const name of ['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1', 'spine2'])
    renameSync(join(fabric('dc2'), name), join(fabric('dc2'), `dc2-${name}`))
  await prints(0, inProcess(argv, dir), 'vlan 140')
})
