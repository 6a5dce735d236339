import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, prints, shows, warns } from '../lab/exits.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

const GOOD = `name: w
targets: '*'
change: { lines: [vlan 5] }
steps: [snapshot, plan, push, { verify: { checks: [reachable] } }, confirm]
`
const INVENTORY =
  'defaults: { credentials: lab }\ncredentials: { lab: { username: u, password: "${env:P}" } }\ndevices: { leaf1: { host: 127.0.0.1 } }\n'

/** A repository with a project in a folder of it. */
function repository(workflow: string) {
  const root = temporaryFolder()
  const project = join(root, 'network')
  mkdirSync(join(root, '.git'))
  mkdirSync(join(project, 'workflows'), { recursive: true })
  writeFileSync(join(project, 'eosflow.yaml'), 'version: 1\n')
  writeFileSync(join(project, 'inventory.yaml'), INVENTORY)
  writeFileSync(join(project, 'workflows/w.yaml'), workflow)
  return { root, project }
}

describe('validate --format', () => {
  test('github: the path is from the root of the repository, wherever it is typed, and the exit code is 3', async () => {
    const { root, project } = repository(GOOD.replace('targets', 'tragets'))
    for (const [dir, argv] of [
      [project, ['validate', '--format', 'github']],
      [project, ['validate', 'workflows/w.yaml', '--format', 'github']],
      [root, ['validate', '-C', 'network', '--format', 'github']],
    ] as const) {
      const { stdout, stderr } = await exits(3, inProcess(argv, dir))
      expect(stderr).toBe('')
      expect(stdout).toBe(
        '::error file=network/workflows/w.yaml,line=2,endLine=2,col=1,title=eosflow unknown-key::the key `tragets` is not known%0Adid you mean `targets`?\n',
      )
    }
  })

  test('gitlab and sarif: the document is on stdout alone, and a person reads the log', async () => {
    const { project } = repository(GOOD.replace('targets', 'tragets'))
    for (const format of ['gitlab', 'sarif']) {
      const { stdout } = await warns(
        3,
        inProcess(['validate --format', format], project),
        'workflows/w.yaml:2:1: the key `tragets` is not known',
      )
      expect(JSON.stringify(JSON.parse(stdout))).toContain('network/workflows/w.yaml')
    }
  })

  test('a project whose settings are what is wrong', async () => {
    const { project } = repository(GOOD)
    writeFileSync(join(project, 'eosflow.yaml'), 'version: 1\nstroe: x\n')
    await prints(
      3,
      inProcess('validate --format github', project),
      '::error file=network/eosflow.yaml,line=2,endLine=2,col=1,title=eosflow unknown-key::',
    )
  })

  test('nothing wrong: exit 0, an empty document', async () => {
    const { project } = repository(GOOD)
    expect(await inProcess('validate --format github', project)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await inProcess('validate --format gitlab', project)).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    })
    const { stdout } = await exits(0, inProcess('validate --format sarif', project))
    expect(JSON.parse(stdout).runs[0].results).toEqual([])
  })

  test('bad habits are warnings: exit 0', async () => {
    const { project } = repository(GOOD.replace('[vlan 5]', "['vlan 5', 'enable secret abc']"))
    const { stdout } = await prints(
      0,
      inProcess('validate --format github', project),
      /^::warning file=network\/workflows\/w\.yaml,line=3,.*title=eosflow mixed-change::/m,
    )
    expect(stdout).not.toContain('abc')
  })

  test.each([
    [['--format', 'checkstyle'], '--format: `checkstyle` is not a format of problems'],
    [['--format', 'github', '--json'], '--format: --format beside --json'],
    [['--format', 'github', '--graph', 'dot', 'workflows/w.yaml'], '--format: --format beside --graph'],
  ])('%s is refused', async (flags, message) => {
    const { project } = repository(GOOD)
    await shows(3, inProcess(['validate', ...flags], project), message)
  })
})
