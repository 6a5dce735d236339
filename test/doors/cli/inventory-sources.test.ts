import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exits, fileText, inProcess, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { onSimulated, ownAvd } from './avd-project.ts'
import { eosflow as built, type Ended, type RunOptions } from './eosflow.ts'

/** `ansible-vault encrypt_string --vault-password-file` of `ip-hidden-community-77` under `vault-pass-4711` (ansible-core 2.14). */
const VAULTED = readFileSync(new URL('../../fixtures/vaulted/community.txt', import.meta.url), 'utf8')
const WHOLE = readFileSync(new URL('../../fixtures/vaulted/whole.txt', import.meta.url), 'utf8')
const VAULT_PASSWORD = 'vault-pass-4711'
const HIDDEN = 'ip-hidden-community-77'

/** The project of {@link ownAvd} with eosflow's files in it. */
async function project() {
  const { dir } = ownAvd()
  await exits(0, inProcess('init --from avd .', dir))
  return dir
}

/** Runs a command line in this process: what the built command does otherwise is looked at where a program gives a password. */
const eosflow = (args: string, { cwd, env }: RunOptions) => inProcess(args, cwd, undefined, env)

const edit = (dir: string, file: string, change: (text: string) => string) =>
  writeFileSync(join(dir, file), change(fileText(dir, file)))

const firstLine = ({ stderr }: Ended) => stderr.split('\n').filter((line) => !/^(?:warning| {4})/.test(line))[0] ?? ''

describe('inventory', () => {
  test('show says of each variable where it is written and what it overrides', async () => {
    const dir = await project()
    mkdirSync(join(dir, 'host_vars'))
    writeFileSync(join(dir, 'group_vars/LEAVES.yml'), 'type: l3leaf\nntp: [192.0.2.1, 192.0.2.2]\nasn: 65000\n')
    writeFileSync(
      join(dir, 'host_vars/lf1.yml'),
      `asn: 65101\nuplink: "{{ mgmt }}.1"\nsnmp_community: hidden-by-name\n`,
    )
    const { stdout } = await prints(
      0,
      eosflow('inventory show lf1 --origin', { cwd: dir }),
      `lf1
  address     192.0.2.21:443 (eapi)
  credentials operator
  tags        role:l3leaf
  groups      FABRIC LEAVES
  asn = 65101
      host lf1, host_vars/lf1.yml:1
      overrides group LEAVES, group_vars/LEAVES.yml:3
`,
      '  ntp = ["192.0.2.1","192.0.2.2"]\n      group LEAVES, group_vars/LEAVES.yml:2\n',
      / {2}uplink = cannot be read: .*mgmt.*\n {6}host lf1, host_vars\/lf1.yml:2\n/,
      '  snmp_community = "<secret>"\n',
    )
    expect(stdout).not.toMatch(/in-clear|hidden-by-name|ansible_/)
    const json = await eosflow('inventory show lf1 --json', { cwd: dir })
    const page = JSON.parse(json.stdout) as { readonly variables: readonly { readonly name: string }[] }
    expect(page.variables.find(({ name }) => name === 'asn')).toEqual({
      name: 'asn',
      value: 65101,
      from: { of: 'host lf1', at: { file: 'host_vars/lf1.yml', line: 1, column: 6 } },
      overrode: [{ of: 'group LEAVES', at: { file: 'group_vars/LEAVES.yml', line: 3, column: 6 } }],
    })
  })

  test('graph draws the groups that have switches', async () => {
    const dir = await project()
    const { stdout } = await eosflow('inventory graph', { cwd: dir })
    expect(stdout).toBe(`@all:
  |--@FABRIC:
  |  |--@SPINES:
  |  |  |--sp1
  |  |--@LEAVES:
  |  |  |--lf1
  |  |  |--lf2
`)
  })

  test('list prints a table for a spreadsheet, and what Ansible reads', async () => {
    const dir = await project()
    const csv = await eosflow('inventory list -t role:spine --csv', { cwd: dir })
    expect(csv.stdout).toBe(
      '"name","host","port","transport","credentials","groups","tags.role"\r\n"sp1","192.0.2.11","443","eapi","operator","FABRIC SPINES","spine"\r\n',
    )
    const ansible = await eosflow('inventory list --ansible', { cwd: dir })
    const listed = JSON.parse(ansible.stdout)
    expect(listed.LEAVES?.hosts).toEqual(['lf1', 'lf2'])
    expect(listed._meta.hostvars.sp1).toMatchObject({
      ansible_host: '192.0.2.11',
      ansible_httpapi_port: 443,
      ansible_connection: 'ansible.netcommon.httpapi',
      ansible_network_os: 'arista.eos.eos',
    })
    expect(ansible.stdout).not.toMatch(/password|in-clear|deployer/)
  })

  test('a switch that is not there, and one that is spelt otherwise', async () => {
    const dir = await project()
    const { stderr } = await exits(3, eosflow('inventory show lf9', { cwd: dir }))
    expect(stderr.includes('there is no switch `lf9` in inventory.yaml')).toBe(true)
  })
})

describe('a source', () => {
  test('is refused at its own place, and a value that nobody reads is no problem', async () => {
    const dir = await project()
    edit(dir, 'group_vars/LEAVES.yml', (text) => `${text}looked_up: "{{ lookup('url', 'http://192.0.2.9') }}"\n`)
    await exits(0, eosflow('validate', { cwd: dir }))
    edit(dir, 'inventory.yml', (text) =>
      text.replace('lf2: { ansible_host: 192.0.2.22 }', "lf2: { ansible_host: '{{ nobody }}' }"),
    )
    const bad = await exits(3, eosflow('validate', { cwd: dir }))
    expect(firstLine(bad)).toMatch(/^✖ inventory\.yml:7:\d+: .*nobody/)
    edit(dir, 'inventory.yml', () => 'all: [')
    const broken = await exits(3, eosflow('validate', { cwd: dir }))
    expect(firstLine(broken).startsWith('✖ inventory.yml:1:')).toBe(true)
  })

  test('outside of the project is read where inventory.yaml says so, and a link out of the project is not followed', async () => {
    const outside = ownAvd().dir
    const dir = join(outside, 'net')
    mkdirSync(dir)
    await exits(0, eosflow('init --from ansible .. --partial', { cwd: dir }))
    expect(fileText(dir, 'inventory.yaml')).toContain('  - ansible: ../inventory.yml\n')
    const listed = await exits(0, eosflow('inventory list', { cwd: dir }))
    expect(listed.stdout.includes('3 switches')).toBe(true)
    const away = temporaryFolder()
    cpSync(join(outside, 'group_vars'), join(away, 'group_vars'), { recursive: true })
    renameSync(join(outside, 'group_vars'), join(outside, 'was'))
    symlinkSync(join(away, 'group_vars'), join(outside, 'group_vars'))
    const linked = await exits(3, eosflow('inventory list', { cwd: dir }))
    expect(firstLine(linked)).toBe(
      '✖ inventory.yaml:6:5: `../group_vars` leads outside of the project and of the source',
    )
  })

  test('that is changed after the plan makes it stale only where it was read', { tags: ['long', 'turn'] }, async () => {
    const avd = ownAvd()
    await eosflow('init --from avd .', { cwd: avd.dir })
    await onSimulated(avd)
    edit(avd.dir, 'group_vars/LEAVES.yml', (text) => `${text}ntp: 192.0.2.77\nunread: 1\n`)
    const workflow = `name: ntp
targets: role:l3leaf
change: { mode: merge, template: ntp.j2 }
steps: [snapshot, plan, approve, { push: { confirmWithin: 5m } }, { verify: { within: 1m, checks: [reachable] } }, confirm]
`
    writeFileSync(join(avd.dir, 'workflows/ntp.yaml'), workflow)
    writeFileSync(join(avd.dir, 'workflows/ntp.j2'), 'ntp server {{ device.vars.ntp }}\n')
    const planned = await eosflow('plan workflows/ntp.yaml -o ntp.plan', { cwd: avd.dir })
    expect(planned.stdout).toContain('  + ntp server 192.0.2.77')
    edit(avd.dir, 'group_vars/LEAVES.yml', (text) => text.replace('192.0.2.77', '192.0.2.78'))
    await warns(5, eosflow('run ntp.plan --detach', { cwd: avd.dir }), 'lf1: vars.ntp (group_vars/LEAVES.yml:2')
    edit(avd.dir, 'group_vars/LEAVES.yml', (text) =>
      text.replace('192.0.2.78', '192.0.2.77').replace('unread: 1', 'unread: 2'),
    )
    await exits(12, eosflow('run ntp.plan --detach', { cwd: avd.dir }))
  })
})

describe('a vault', () => {
  const vaulted = async (reference: string) => {
    const dir = await project()
    edit(dir, 'inventory.yaml', (text) => text.replace('    tags:', `    vault: '${reference}'\n    tags:`))
    edit(dir, 'group_vars/LEAVES.yml', (text) => `${text}remark: !vault |\n${VAULTED.replace(/^/gm, '  ').trimEnd()}\n`)
    writeFileSync(
      join(dir, 'workflows/remark.yaml'),
      'name: remark\ntargets: role:l3leaf\nchange: { mode: merge, template: remark.j2 }\nsteps: [snapshot, plan, { push: { confirmWithin: 5m } }, { verify: { within: 1m, checks: [reachable] } }, confirm]\n',
    )
    writeFileSync(join(dir, 'workflows/remark.j2'), 'vlan 140\n   name {{ device.vars.remark | length }}\n')
    return dir
  }

  test('is opened with the password of a variable, a file or a program, and what it holds is not shown', async () => {
    const keeper = join(temporaryFolder(), 'password')
    writeFileSync(keeper, `${VAULT_PASSWORD}\n`)
    chmodSync(keeper, 0o600)
    const ways: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      [`\${env:VAULT_PASS}`, { VAULT_PASS: VAULT_PASSWORD }],
      [`\${file:${keeper}}`, {}],
      [`\${exec:pass}`, {}],
    ]
    for (const [reference, env] of ways) {
      const dir = await vaulted(reference)
      writeFileSync(join(dir, 'eosflow.yaml'), `secrets: { exec: { pass: { command: [/bin/cat, ${keeper}] } } }\n`)
      const { stdout, stderr } = await exits(0, eosflow('inventory show lf1', { cwd: dir, env }))
      expect(stdout.includes('  remark = "<secret>"\n')).toBe(true)
      expect(`${stdout}${stderr}`).not.toContain(HIDDEN)
    }
  })

  test('of a whole file is opened for every command that reads the inventory, and a program that fails stops nothing else', {
    tags: ['long', 'turn'],
  }, async () => {
    const keeper = join(temporaryFolder(), 'password')
    writeFileSync(keeper, `${VAULT_PASSWORD}\n`)
    const dir = await vaulted(`\${exec:pass}`)
    writeFileSync(join(dir, 'group_vars/FABRIC.yml'), WHOLE)
    writeFileSync(join(dir, 'eosflow.yaml'), `secrets: { exec: { pass: { command: [/bin/cat, ${keeper}] } } }\n`)
    // Whatever repeats the value, here the word that was typed: it is taken out.
    const repeated = await exits(3, built(['history', HIDDEN], { cwd: dir }))
    expect(`${repeated.stdout}${repeated.stderr}`).toEqual(expect.not.stringContaining(HIDDEN))
    for (const words of ['inventory list', 'inventory graph', 'validate inventory.yaml', 'snapshot list']) {
      const { code, stderr } = await built(words.split(' '), { cwd: dir })
      expect([words, code, stderr]).toEqual([words, 0, ''])
    }
    rmSync(keeper)
    const stopped = await built('stop 20261122-040000-00000000', { cwd: dir })
    expect(stopped.stderr).toContain('there is no such execution')
    const listed = await exits(3, built('inventory list', { cwd: dir }))
    expect(firstLine(listed)).toContain('group_vars/FABRIC.yml:1:1: ')
  })

  test('without its password is a problem where it is read, and nowhere else', async () => {
    const dir = await vaulted(`\${env:NOT_SET}`)
    await warns(
      0,
      eosflow('inventory list', { cwd: dir }),
      `a password under \`vault\` is not there: \${env:NOT_SET} is not set`,
    )
    const shown = await eosflow('inventory show lf1', { cwd: dir })
    expect(shown.stdout).toContain('  remark = cannot be read: ')
    await warns(
      3,
      eosflow('validate workflows/remark.yaml', { cwd: dir }),
      /group_vars\/LEAVES\.yml:2:\d+: .*no password/,
    )
  })
})
