import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, fileText, inProcess, json, prints, temporaryFolder, warns, writeFiles } from '../../lab/lab.ts'
import { ownAvd } from './avd-project.ts'

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
  expect(await json(exits(0, inProcess(['ci init', forge, '--json'], dir)))).toEqual({
    version: 1,
    created: files,
    kept: [],
  })
  for (const file of files) {
    expect(fileText(dir, file)).toContain('eosflow ')
    writeFileSync(join(dir, file), 'mine\n')
  }
  const kept = files.map((file) => `kept ${file}: it is there already`)
  await prints(0, inProcess(['ci init', forge], dir), ...kept)
  for (const file of files) expect(fileText(dir, file)).toBe('mine\n')
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
  const argv = ['plan workflows/add-vlan.yaml -p vlan=140 -p label=A --offline --markdown']
  await warns(3, inProcess(argv, dir), 'leaf1 is in several fabrics: fabrics/dc1, fabrics/dc2')
  const file = join(fabric('dc2'), 'fabric.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\b(leaf|spine)(\d)/g, 'dc2-$1$2'))
  for (const name of ['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1', 'spine2'])
    renameSync(join(fabric('dc2'), name), join(fabric('dc2'), `dc2-${name}`))
  await prints(0, inProcess(argv, dir), 'vlan 140')
})

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string>>) {
  const dir = temporaryFolder()
  writeFiles(dir, files)
  return dir
}

/** What init says of the inventory, and how many switches `inventory list` shows then. */
async function numbers(dir: string) {
  const made = await exits(0, inProcess('init --from ansible . --partial', dir))
  const listed = await exits(0, inProcess('inventory list --json', dir))
  const { switches } = JSON.parse(listed.stdout)
  const [, said = ''] = /\n\n([\s\S]*?)\nSet EOSFLOW_PASSWORD/.exec(made.stdout) ?? []
  return { said, listed: switches.length, err: listed.stderr }
}

const MIXED = `all:
  children:
    arista:
      vars: { ansible_network_os: arista.eos.eos }
      hosts: { leaf1: { ansible_host: 192.0.2.11 }, leaf2: { ansible_host: 192.0.2.12 } }
    nexus:
      vars: { ansible_network_os: nxos }
      hosts: { n1: { ansible_host: 192.0.2.21 }, n2: , n3: }
    servers: { hosts: { jump: } }
`

describe('init --from ansible', () => {
  test('[V5] says the number of switches that inventory list shows, and how many hosts are left out', async () => {
    expect(await numbers(folderOf({ 'hosts.yml': MIXED }))).toEqual({
      said: 'hosts.yml: 2 switches (hosts with ansible_network_os EOS), 4 other hosts left out',
      listed: 2,
      err: '',
    })
  })

  test('where nobody says which hosts are switches, all are', async () => {
    expect(await numbers(folderOf({ 'hosts.ini': '[leafs]\nleaf1\nleaf2\n' }))).toEqual({
      said: 'hosts.ini: 2 switches (`all`)',
      listed: 2,
      err: '',
    })
  })

  test('[V5] says what is AVD, and does not take the servers of CloudVision for switches', async () => {
    expect(await numbers(ownAvd().dir)).toMatchObject({
      said: `inventory.yml: 3 switches (\`FABRIC\`), 1 other host left out
This looks like AVD: \`eosflow init --from avd\` deploys what AVD has built.`,
      listed: 3,
    })
    const bare = folderOf({
      'inventory.yml': `all:
  children:
    CV: { hosts: { cv1: { ansible_host: 192.0.2.1, ansible_network_os: eos } } }
    DC1:
      vars: { fabric_name: DC1, ansible_network_os: arista.eos.eos }
      children: { DC1_LEAFS: { vars: { type: l3leaf }, hosts: { lf1: { ansible_host: 192.0.2.21 } } } }
`,
    })
    expect((await numbers(bare)).said.split('\n')).toEqual([
      'inventory.yml: 1 switch (`DC1`), 1 other host left out',
      'This looks like AVD: `eosflow init --from avd` deploys what AVD has built.',
    ])
  })

  test.each([
    ['mine', '.gitignore (was there; kept: add .eosflow/ and *.plan)'],
    ['/.eosflow\n*.plan', '.gitignore (was there; kept)'],
    ['# .eosflow/\n*.plan\n', '.gitignore (was there; kept: add .eosflow/)'],
  ])('[V6] says what a .gitignore lacks that is kept: %j', async (ignored, row) => {
    const dir = folderOf({ 'hosts.yml': MIXED, '.gitignore': ignored })
    for (const args of [['init --from ansible . --partial'], ['init new']]) {
      mkdirSync(join(dir, 'new'), { recursive: true })
      writeFileSync(join(dir, 'new/.gitignore'), ignored)
      expect((await inProcess(args, dir)).stdout.split('\n')).toContain(`  = ${row}`)
    }
  })

  test('[V6] names the inventories in folders below, where none is in its own place', async () => {
    const dir = folderOf({
      'ansible/sites/dc1/hosts.yml': MIXED,
      'ansible/sites/dc2/inventory.ini': '[leafs]\nleaf1\n',
      'ansible/roles/x/files/hosts': 'none\n',
      'ansible/.cache/hosts.yml': MIXED,
    })
    const { stderr } = await exits(3, inProcess('init --from ansible ansible', dir))
    expect(stderr).toBe(`✖ ansible: no inventory of Ansible is found in it
    Name the inventory itself: ansible/sites/dc1/hosts.yml or ansible/sites/dc2/inventory.ini.
1 problem: nothing was contacted.
`)
    await exits(0, inProcess('init --from ansible ansible/sites/dc1/hosts.yml --partial', dir))
  })

  test('[V4] init, validate and list say that variables beside the playbooks are not read, until the setting reads them', async () => {
    const dir = folderOf({
      'inventory/hosts.ini': '[eos]\nleaf1\nleaf2\n[nexus]\nn1\n',
      'inventory/group_vars/all.yml': 'ansible_network_os: eos\n',
      'group_vars/nexus.yml': 'ansible_network_os: nxos\n',
    })
    const { said, listed, err } = await numbers(dir)
    const note = 'group_vars in the project are not read: Ansible reads them for a playbook of that folder alone'
    const hint = 'where its playbooks are meant, write `playbooks: .` beside `ansible:`'
    expect(said).toBe(`inventory/hosts.ini: 3 switches (hosts with ansible_network_os EOS)\n${note}; ${hint}`)
    expect(listed).toBe(3)
    expect(err).toBe(`! group_vars: ${note}\n    ${hint}\n`)
    const validated = await inProcess('validate', dir)
    expect(validated.stdout + validated.stderr).toContain(note)
    const file = join(dir, 'inventory.yaml')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('  - ansible: inventory/hosts.ini\n', '$&    playbooks: .\n'))
    const read = await prints(0, inProcess('inventory list', dir), '\n2 switches\n')
    expect(read.stderr).toBe('')
  })
})
