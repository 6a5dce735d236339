import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits } from '../lab/exits.ts'
import { writeFiles } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { ownAvd } from './avd-project.ts'
import { inProcess } from './in-process.ts'

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
    for (const args of [
      ['init', '--from', 'ansible', '.', '--partial'],
      ['init', 'new'],
    ]) {
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
    const read = await inProcess('inventory list', dir)
    expect(read.stdout).toContain('\n2 switches\n')
    expect(read.stderr).toBe('')
  })
})
