// @module-tag long
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, test } from 'vitest'
import { decryptWithAge } from '../../../src/project/secret/age.ts'
import { exits, fileText, type Lab, openLab, prints, warns } from '../../lab/lab.ts'
import { gitIn, withTree } from './git-tree.ts'

function altered(lab: Lab, folder: string, change: (list: { switches: Record<string, unknown> }) => void) {
  const path = join(lab.dir, folder, 'backup.json')
  const list = JSON.parse(readFileSync(path, 'utf8'))
  change(list)
  writeFileSync(path, JSON.stringify(list))
}

describe('a folder of backups that somebody else has written to', () => {
  test.each(['../victim', '../../victim', '/victim', 'a/b', '', 'leaf1\nleaf2', '.hidden'])(
    'a list with %j as the name of a switch is none: no file is moved',
    async (name) => {
      const lab = openLab()
      await lab.eosflow('config backup backups -t leaf1')
      lab.write('victim.cfg', 'mine')
      altered(lab, 'backups', ({ switches }) => {
        switches[name] = { form: 'redact', digest: 'hmac:0' }
      })
      await warns(10, lab.eosflow('config backup backups'), 'is no list of backups of this version')
      expect(fileText(lab.dir, 'victim.cfg')).toBe('mine')
      expect(readdirSync(join(lab.dir, 'backups')).sort()).toEqual(['backup.json', 'leaf1.cfg'])
    },
  )

  test.each(['a link', 'a pipe', 'a folder'])(
    '%s in the place of a file is not restored from, and not waited for',
    { tags: ['long', 'turn'] },
    async (what) => {
      const lab = openLab()
      await lab.eosflow('config backup kept --secrets keep -t leaf1')
      const file = join(lab.dir, 'kept/leaf1.cfg')
      renameSync(file, join(lab.dir, 'elsewhere.cfg'))
      if (what === 'a link') symlinkSync(join(lab.dir, 'elsewhere.cfg'), file)
      else if (what === 'a folder') mkdirSync(file)
      else execFileSync('mkfifo', [file])
      const before = lab.requests()
      await warns(10, lab.eosflow('config restore kept -t leaf1 --detach'), 'kept/leaf1.cfg is no file')
      expect(lab.requests()).toBe(before)
    },
  )

  test('a backup that this store has not made so is named before it is approved', async () => {
    const lab = openLab()
    await lab.eosflow('config backup kept --secrets keep -t leaf1,leaf2')
    appendFileSync(join(lab.dir, 'kept/leaf2.cfg'), 'vlan 666\n')
    const { err } = await lab.eosflow('config restore kept -t leaf1,leaf2 --detach')
    expect(err).toContain(
      'leaf2: not as this store has backed it up: altered since, or another store made it. Read its diff before you approve\n',
    )
    expect(err).not.toContain('leaf1: not as')
  })
})

test('the file of another switch is not restored', async () => {
  const lab = openLab()
  await lab.eosflow('config backup kept --secrets keep -t leaf1,leaf2')
  lab.write('kept/leaf1.cfg', fileText(lab.dir, 'kept/leaf2.cfg'))
  const before = lab.requests()
  await warns(
    3,
    lab.eosflow('config restore kept -t leaf1 --detach'),
    'kept: leaf1: its backup is not as this store has made it, and is of leaf2\n',
  )
  expect(lab.requests()).toBe(before)
})

describe('a machine that dies, or a disk that is full', () => {
  test('a backup is never written over in its place: the last good one is there until the next one is whole', async () => {
    const lab = openLab()
    await lab.eosflow('config backup backups -t leaf1')
    const [file, list] = [join(lab.dir, 'backups/leaf1.cfg'), join(lab.dir, 'backups/backup.json')]
    const before = [file, list].map((path) => readFileSync(path, 'utf8'))
    linkSync(file, join(lab.dir, 'cfg'))
    linkSync(list, join(lab.dir, 'list'))
    lab.write('backups/.leaf1.cfg.part', 'of a process that died')
    await lab.byHand('leaf1', 'vlan 996')
    await prints(0, lab.eosflow('config backup backups -t leaf1'), '0 new, 1 changed, 0 as before')
    expect(readFileSync(file, 'utf8')).toContain('\nvlan 996\n')
    expect([join(lab.dir, 'cfg'), join(lab.dir, 'list')].map((path) => readFileSync(path, 'utf8'))).toEqual(before)
    expect(readdirSync(join(lab.dir, 'backups')).sort()).toEqual(['backup.json', 'leaf1.cfg'])
  })

  test('a file that cannot be written is named, and the list has those that were', async () => {
    const lab = openLab()
    mkdirSync(join(lab.dir, 'backups/.leaf2.cfg.part'), { recursive: true })
    await warns(1, lab.eosflow('config backup backups -t leaf1,leaf2'), 'backups/leaf2.cfg could not be written (')
    const list = JSON.parse(fileText(lab.dir, 'backups/backup.json'))
    expect(Object.keys(list.switches)).toEqual(['leaf1'])
  })

  test.each(['cut off', 'of another switch'])('an encrypted file that is %s is written anew', async (what) => {
    const lab = openLab()
    const identity = await generateIdentity()
    const to = ['--secrets', 'age', '--recipient', await identityToRecipient(identity), '-t', 'leaf1,leaf2']
    await lab.eosflow('config backup vault', ...to)
    const [one, other] = [join(lab.dir, 'vault/leaf1.cfg.age'), join(lab.dir, 'vault/leaf2.cfg.age')]
    writeFileSync(one, what === 'cut off' ? readFileSync(one, 'utf8').slice(0, 900) : readFileSync(other, 'utf8'))
    await prints(0, lab.eosflow('config backup vault', ...to), '0 new, 1 changed, 1 as before')
    expect(await decryptWithAge(readFileSync(one, 'utf8'), identity)).toContain('\nhostname leaf1\n')
  })
})

describe('a work tree that is not trusted', () => {
  test.each([
    ['of another user', (dir: string) => chownSync(dir, 12_345, 12_345), process.getuid?.() !== 0],
    ['with a broken configuration', (dir: string) => appendFileSync(join(dir, '.git/config'), '[broken\n'), false],
  ] as const)('%s gets no secret, whether or not git can say that it has a remote', async (_, spoil, isSkipped) => {
    if (isSkipped) return
    const lab = openLab()
    const dir = withTree(lab)
    gitIn(dir, 'remote', 'add', 'origin', 'https://git.example/x.git')
    spoil(dir)
    await warns(3, lab.eosflow('config backup tree/cfg --secrets keep'), 'git cannot say which work tree it is in')
    expect(existsSync(join(dir, 'cfg'))).toBe(false)
    expect(lab.requests()).toBe(0)
  })

  test('a filter of the repository does not run', { tags: 'turn' }, async () => {
    const lab = openLab()
    const dir = withTree(lab)
    writeFileSync(join(dir, '.gitattributes'), '* filter=x\n')
    gitIn(dir, 'add', '.')
    gitIn(dir, 'commit', '--quiet', '-m', 'attributes')
    gitIn(dir, 'config', 'filter.x.clean', `sh -c 'touch ${join(lab.dir, 'ran')}; cat'`)
    await warns(3, lab.eosflow('config backup tree/cfg --commit'), 'filter.x.clean')
    expect(existsSync(join(lab.dir, 'ran'))).toBe(false)
  })

  test('no program of it takes a push, and no name of it is that of the author', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const dir = withTree(lab)
    const remote = join(lab.dir, 'remote.git')
    gitIn(lab.dir, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
    gitIn(dir, 'remote', 'add', 'origin', remote)
    const program = join(lab.dir, 'receive')
    writeFileSync(program, `#!/bin/sh\ntouch ${join(lab.dir, 'ran')}\nexec git-receive-pack "$@"\n`)
    chmodSync(program, 0o755)
    gitIn(dir, 'config', 'remote.origin.receivepack', program)
    for (const [name, value] of [
      ['author.name', 'alice'],
      ['author.email', 'alice@example.net'],
      ['committer.name', 'alice'],
    ] as const)
      gitIn(dir, 'config', name, value)
    await prints(0, lab.eosflow('config backup tree/cfg --push -t leaf1'), ', pushed\n')
    expect(existsSync(join(lab.dir, 'ran'))).toBe(false)
    expect(gitIn(dir, 'log', '-1', '--format=%an %ae %cn')).not.toContain('alice')
  })

  test.each([
    ['https://git.example/x.git', 'the certificate of the remote origin is not verified'],
    ['ext::sh -c true', 'is neither of https, nor of ssh, nor a folder'],
  ])('%s is looked at where it is the address for pushing alone', { tags: ['long', 'turn'] }, async (address, why) => {
    const lab = openLab()
    const dir = withTree(lab)
    gitIn(dir, 'remote', 'add', 'origin', join(lab.dir, 'none.git'))
    gitIn(dir, 'config', 'remote.origin.pushurl', address)
    gitIn(dir, 'config', 'http.https://git.example/.sslVerify', 'false')
    await prints(10, lab.eosflow('config backup tree/cfg --push -t leaf1'), why)
  })

  test('what is staged while the switches are read is not in the commit', async () => {
    const lab = openLab()
    const dir = withTree(lab)
    rmSync(join(dir, 'other'), { force: true })
    const running = lab.eosflow('config backup tree/cfg --commit -t leaf1')
    writeFileSync(join(dir, 'other'), 'mine')
    await exits(0, running)
    expect(gitIn(dir, 'show', '--stat', '--format=', '--name-only', 'HEAD')).toBe('cfg/backup.json\ncfg/leaf1.cfg\n')
  })
})

describe('two backups at the same time', () => {
  const both = (lab: Lab, ...more: readonly string[]) =>
    Promise.all(['leaf1,leaf2', 'leaf3,leaf4'].map((names) => lab.eosflow('config backup tree/cfg -t', names, ...more)))

  test('[T11] into one folder: the list has the files of both', async () => {
    const lab = openLab()
    expect((await both(lab)).map(({ code }) => code)).toEqual([0, 0])
    const list = JSON.parse(fileText(lab.dir, 'tree/cfg/backup.json'))
    expect(Object.keys(list.switches)).toEqual(['leaf1', 'leaf2', 'leaf3', 'leaf4'])
  })

  test('[T11] with a commit: one behind the other, and nothing is left uncommitted', { tags: 'long' }, async () => {
    // A commit of git takes real time: ten minutes of the virtual clock are fifteen seconds of it.
    const lab = openLab({
      seams: (seams) => ({
        ...seams,
        clock: {
          now: () => seams.clock.now(),
          monotonic: () => seams.clock.monotonic(),
          sleep: async (milliseconds, signal) => {
            await pause(5)
            await seams.clock.sleep(milliseconds, signal)
          },
        },
      }),
    })
    const dir = withTree(lab)
    const ends = await both(lab, '--commit')
    expect(ends.map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [0, ''],
    ])
    expect(gitIn(dir, 'status', '--porcelain')).toBe('')
    expect(gitIn(dir, 'log', '--format=%s').trim().split('\n').sort()).toEqual([
      'Back up leaf1, leaf2',
      'Back up leaf3, leaf4',
      'begin',
    ])
  })
})

test('[T12] a folder whose name is a pattern of git commits nothing but itself', async () => {
  const lab = openLab()
  const dir = withTree(lab)
  mkdirSync(join(dir, 'bother'))
  writeFileSync(join(dir, 'bother/mine'), 'not to be committed')
  await lab.ok('config backup tree/b* -t leaf1 --commit')
  expect(gitIn(dir, 'ls-files').trim().split('\n')).toEqual(['b*/backup.json', 'b*/leaf1.cfg'])
  expect(gitIn(dir, 'status', '--porcelain')).toBe('?? bother/\n')
})

test('a work tree that is on no branch: committed, and it is said why nothing is pushed', async () => {
  const lab = openLab()
  const dir = withTree(lab)
  gitIn(dir, 'checkout', '--quiet', '--detach')
  await prints(10, lab.eosflow('config backup tree/cfg -t leaf1 --push'), 'not pushed: the work tree is on no branch')
})
