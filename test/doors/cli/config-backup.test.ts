import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, test } from 'vitest'
import { decryptWithAge } from '../../../src/project/secret/age.ts'
import { exits, fileText, type Lab, openLab, prints, typeOn, warns } from '../../lab/lab.ts'
import { gitIn, withTree } from './git-tree.ts'

/** Secrets that are in the configurations of the fabric. */
const CANARIES = ['d1-Tr4ce-7Ke', '$6$']

const commits = (dir: string) => Number(gitIn(dir, 'rev-list', '--count', 'HEAD'))

const filesOf = (dir: string) =>
  readdirSync(dir)
    .filter((name) => name !== '.git')
    .sort()
const all = (dir: string) =>
  filesOf(dir)
    .map((name) => (statSync(join(dir, name)).isDirectory() ? '' : fileText(dir, name)))
    .join('\n')

describe('config backup', () => {
  test('writes a file for each switch, without secrets, for its owner alone', async () => {
    const lab = openLab()
    const { out } = await lab.ok('config backup backups')
    expect(out).toBe(`+ spine1.cfg
+ spine2.cfg
+ leaf1.cfg
+ leaf2.cfg
+ leaf3.cfg
+ leaf4.cfg

Backup: 6 switches in backups, without secrets: 6 new, 0 changed, 0 as before
`)
    const dir = join(lab.dir, 'backups')
    const text = fileText(dir, 'leaf1.cfg')
    expect(text.startsWith('! Backup without secrets: this file cannot be restored.\n')).toBe(true)
    expect(text).toMatch(/^snmp-server community <redacted:[0-9a-f]{8}> ro$/m)
    for (const canary of CANARIES) expect(all(dir)).not.toContain(canary)
    expect(filesOf(dir).map((name) => (statSync(join(dir, name)).mode & 0o777).toString(8))).toEqual(
      Array(7).fill('600'),
    )
  })

  test('commits what has changed and says who configured it; nothing where nothing has', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const dir = withTree(lab)
    await lab.ok('config backup tree/cfg --commit')
    expect(commits(dir)).toBe(2)
    const again = await lab.eosflow('config backup tree/cfg --commit')
    expect(again.out).toBe('Backup: 6 switches in tree/cfg, without secrets: 0 new, 0 changed, 6 as before\n')
    expect(commits(dir)).toBe(2)

    const id = /Execution (\S+):/.exec((await lab.change()).out)?.[1]
    await prints(
      0,
      lab.eosflow('config backup tree/cfg --commit --after-change @latest'),
      `~ leaf1.cfg   by execution ${id}\n`,
    )
    await lab.byHand('leaf1', 'vlan 996')
    await lab.byHand('leaf2', 'vlan 996')
    await lab.ok('config backup tree/cfg --commit')
    expect(commits(dir)).toBe(4)
    expect(gitIn(dir, 'log', '-1', '--format=%B').trim()).toBe(
      `Back up leaf1, leaf2\n\nleaf1: changed by somebody else since execution ${id}\nleaf2: no change of it is on record`,
    )
    expect(gitIn(dir, 'log', '-1', '--format=%an %cn')).toMatch(/^\S+ \S+\n$/)
    expect(gitIn(dir, 'status', '--porcelain')).toBe('')
  })

  test('shows a changed secret as a changed line', async () => {
    const lab = openLab()
    await lab.eosflow('config backup backups')
    await lab.byHand('leaf1', 'no snmp-server community d1-Tr4ce-7Ke', 'snmp-server community other-Secret ro')
    await prints(0, lab.eosflow('config backup backups'), '~ leaf1.cfg', '0 new, 1 changed, 5 as before')
  })

  test('encrypts to age, and writes anew only what has changed or is for others', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const [identity, other] = [await generateIdentity(), await generateIdentity()]
    const to = ['--secrets', 'age', '--recipient', await identityToRecipient(identity)]
    const dir = withTree(lab)
    await lab.eosflow('config backup tree/cfg', ...to, '--commit')
    const before = fileText(dir, 'cfg/leaf1.cfg.age')
    for (const canary of CANARIES) expect(all(join(dir, 'cfg'))).not.toContain(canary)
    await lab.eosflow('config backup tree/cfg', ...to, '--commit')
    expect(fileText(dir, 'cfg/leaf1.cfg.age')).toBe(before)
    expect(commits(dir)).toBe(2)
    expect(await decryptWithAge(before, `# mine\n${identity}\n`)).toContain('\nsnmp-server community d1-Tr4ce-7Ke ro\n')
    await prints(
      0,
      lab.eosflow('config backup tree/cfg', ...to, '--recipient', await identityToRecipient(other), '--commit'),
      '0 new, 6 changed, 0 as before',
    )
    // The other form does not stay beside it.
    await lab.eosflow('config backup tree/cfg --commit')
    expect(filesOf(join(dir, 'cfg'))).toEqual([
      'backup.json',
      'leaf1.cfg',
      'leaf2.cfg',
      'leaf3.cfg',
      'leaf4.cfg',
      'spine1.cfg',
      'spine2.cfg',
    ])
  })

  test('keeps secrets where it is told to, on record before the first file, and never in a work tree with a remote', async () => {
    const lab = openLab()
    await lab.ok('config backup kept --secrets keep -t leaf1')
    expect(fileText(lab.dir, 'kept/leaf1.cfg')).toContain('snmp-server community d1-Tr4ce-7Ke ro\n')
    await prints(0, lab.eosflow('audit list'), 'configurations of leaf1 are kept with their secrets in ')
    const dir = withTree(lab)
    gitIn(dir, 'remote', 'add', 'origin', 'https://git.example/x.git')
    await warns(3, lab.eosflow('config backup tree/cfg --secrets keep'), 'the work tree has a remote')
    expect(existsSync(join(dir, 'cfg'))).toBe(false)
  })

  test('names a switch that does not answer and leaves its file: exit 10', async () => {
    const lab = openLab()
    await lab.eosflow('config backup backups')
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      lab.eosflow('config backup backups -t leaf1,leaf2'),
      '? leaf2: ',
      '1 as before, 1 not read\nNext: eosflow config backup backups -t leaf2\n',
    )
    expect(existsSync(join(lab.dir, 'backups/leaf2.cfg'))).toBe(true)
  })

  test('moves the file of a switch aside that the inventory no longer has', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await lab.eosflow('config backup backups')
    const inventory = JSON.parse(fileText(lab.dir, 'inventory.yaml'))
    const { leaf4: _, ...devices } = inventory.devices
    lab.write('inventory.yaml', JSON.stringify({ ...inventory, devices }))
    await prints(
      0,
      lab.eosflow('config backup backups'),
      '- leaf4 is no longer in the inventory: its file is in gone/\n',
    )
    expect(readdirSync(join(lab.dir, 'backups/gone'))).toEqual(['leaf4.cfg'])
    expect((await lab.ok('config backup backups')).out).not.toContain('leaf4')
  })

  test('pushes, and names a push that is rejected: the commit stays', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const dir = withTree(lab)
    const remote = join(lab.dir, 'remote.git')
    gitIn(lab.dir, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
    gitIn(dir, 'remote', 'add', 'origin', remote)
    gitIn(dir, 'push', '--quiet', '--set-upstream', 'origin', 'main')
    await prints(0, lab.eosflow('config backup tree/cfg --push'), /Commit: [0-9a-f]+, pushed\n/)
    expect(gitIn(remote, 'rev-parse', 'main')).toBe(gitIn(dir, 'rev-parse', 'HEAD'))
    // Somebody else has pushed meanwhile.
    const other = join(lab.dir, 'other')
    gitIn(lab.dir, 'clone', '--quiet', remote, other)
    gitIn(other, 'commit', '--quiet', '--allow-empty', '-m', 'theirs')
    gitIn(other, 'push', '--quiet')
    await lab.byHand('leaf1', 'vlan 997')
    await prints(10, lab.eosflow('config backup tree/cfg --push'), '✗ not pushed: ')
    expect(commits(dir)).toBe(3)
  })

  test.each([
    [['--commit'], 'there is no Git work tree to commit in'],
    [['--secrets', 'all'], '`all` is none of redact, age, keep'],
    [['--secrets', 'age'], 'nobody is named to encrypt to'],
    [['--recipient', 'age1x'], '`age1x` is no public key of age'],
  ])('%j is refused before a switch is asked: exit 3', async (args, message) => {
    const lab = openLab()
    await warns(3, lab.eosflow('config backup backups', ...args), message)
    expect(lab.requests()).toBe(0)
  })

  test('[G120] refuses a dirty work tree by name, and never follows a link out of the folder', async () => {
    const lab = openLab()
    const dir = withTree(lab)
    mkdirSync(join(dir, 'cfg'))
    writeFileSync(join(dir, 'cfg/notes.txt'), 'mine')
    await warns(3, lab.eosflow('config backup tree/cfg --commit'), 'not committed: cfg/notes.txt')
    lab.write('victim', 'theirs')
    symlinkSync(join(lab.dir, 'victim'), join(dir, 'cfg/leaf1.cfg'))
    expect((await lab.eosflow('config backup tree/cfg -t leaf1')).code).toBe(10)
    expect(fileText(lab.dir, 'victim')).toBe('theirs')
    mkdirSync(join(lab.dir, 'elsewhere'))
    symlinkSync(join(lab.dir, 'elsewhere'), join(lab.dir, 'link'))
    await lab.exits(10, 'config backup link')
    expect(readdirSync(join(lab.dir, 'elsewhere'))).toEqual([])
  })
})

const SWITCHES = ['spine1', 'spine2', 'leaf1', 'leaf2', 'leaf3', 'leaf4']

async function runningOf(lab: Lab, device: string) {
  const lines = await typeOn(lab.device(device), 'show running-config')
  return JSON.stringify(lines)
}

async function spoil(lab: Lab, ...devices: readonly string[]) {
  for (const device of devices) {
    const lines = [
      'configure',
      'vlan 997',
      'name SPOILT',
      'no snmp-server contact noc@example.net',
      'end',
      'copy running-config startup-config',
    ]
    await typeOn(lab.device(device), ...lines)
  }
}

describe('config restore', () => {
  test('makes six switches run what a whole backup has, read back equal', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const before = await Promise.all(SWITCHES.map((name) => runningOf(lab, name)))
    await lab.eosflow('config backup kept --secrets keep')
    await spoil(lab, ...SWITCHES)
    expect(await Promise.all(SWITCHES.map((name) => runningOf(lab, name)))).not.toEqual(before)
    await exits(0, lab.agreed('config restore kept'))
    expect(await Promise.all(SWITCHES.map((name) => runningOf(lab, name)))).toEqual(before)
  })

  test('decrypts with an identity, and shows no secret of it', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    const identity = await generateIdentity()
    const before = await runningOf(lab, 'leaf1')
    await lab.eosflow('config backup vault --secrets age --recipient', await identityToRecipient(identity))
    lab.write('key.txt', `# of the team\n${identity}\n`)
    await spoil(lab, 'leaf1')
    const { out, err } = await exits(0, lab.agreed('config restore vault -t leaf1 --identity key.txt'))
    expect(out + err).not.toContain('d1-Tr4ce-7Ke')
    expect(out + err).not.toContain(identity)
    expect(await runningOf(lab, 'leaf1')).toBe(before)
  })

  test('refuses by name what it cannot restore, before a switch is asked: exit 3', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await lab.eosflow('config backup redacted -t leaf1')
    const [mine, other] = [await generateIdentity(), await generateIdentity()]
    await lab.eosflow('config backup vault -t leaf1 --secrets age --recipient', await identityToRecipient(mine))
    lab.write('other.txt', other)
    const asked = lab.requests()
    for (const [argv, message] of [
      [['redacted', '-t', 'leaf1'], 'leaf1: its backup has no secrets, and cannot be restored'],
      [['redacted', '-t', 'leaf2'], 'leaf2: there is no backup of it'],
      [['vault', '-t', 'leaf1'], 'leaf1: its backup is encrypted, and no identity is given'],
      [['vault', '-t', 'leaf1', '--identity', 'other.txt'], 'leaf1: its backup cannot be decrypted'],
      [['nowhere'], 'there is no backup of a switch of this inventory in it'],
    ] as const) {
      await warns(3, lab.eosflow('config restore', ...argv), message)
    }
    expect(lab.requests()).toBe(asked)
    expect((await lab.ok('executions')).out).not.toContain('restore')
  })

  test('waits for an approval with --detach, and goes on from what it has kept, whatever became of the folder', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const before = await runningOf(lab, 'leaf1')
    await lab.eosflow('config backup kept --secrets keep -t leaf1')
    await spoil(lab, 'leaf1')
    await lab.exits(12, 'config restore kept -t leaf1 --detach')
    lab.write('kept/leaf1.cfg', 'hostname evil\n')
    await exits(0, lab.agreed('resume @latest'))
    expect(await runningOf(lab, 'leaf1')).toBe(before)
  })
})
