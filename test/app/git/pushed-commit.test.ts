// @module-tag long
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { App } from '../../../src/app/app.ts'
import { commitFiles } from '../../../src/app/git/commit-files.ts'
import { pushedCommit } from '../../../src/app/git/pushed-commit.ts'
import { InputError } from '../../../src/app/input-error.ts'
import { openProject } from '../../../src/app/project/project.ts'
import { absenceWords } from '../../../src/source/files.ts'
import { gitIn } from '../../../src/system/git.ts'
import { hostIn } from '../../lab/opened-app.ts'
import { hasGit, type Key, type Repository, repository } from './repository.ts'

const NOW = Date.parse('2026-01-05T08:00:00Z')
const settingsWith = (signedBy: string): string => `version: 1\nproject: { git: { signedBy: ${signedBy} } }\n`

/** What a pushed commit needs of an application, in a clone of the remote. `trusted`: whose keys are in its trust file. */
function appIn(
  from: Repository,
  { trusted = ['bob'] as readonly Key[], signedBy = 'trust/allowed_signers' } = {},
): App {
  const dir = join(from.dir, 'project')
  from.clone(dir)
  write(dir, 'eosflow.yaml', settingsWith(signedBy))
  write(dir, 'inventory.yaml', 'devices: {}\n')
  write(dir, 'trust/allowed_signers', trusted.map((key) => from.line(key)).join(''))
  const host = hostIn(dir, { env: { PATH: process.env.PATH } })
  return { ...host, project: openProject(host, { project: dir }), clock: { now: () => NOW } } as unknown as App
}

function write(dir: string, path: string, text: string): void {
  mkdirSync(join(dir, path, '..'), { recursive: true })
  writeFileSync(join(dir, path), text)
}

/** A remote with one signed commit that the project has checked out. */
function begun(): Repository {
  const made = repository()
  made.commit({ 'workflows/a.yaml': 'first\n' }, 'bob')
  made.push()
  return made
}

const pushed = (app: App, commit: unknown) => pushedCommit(app, 'github', commit as never)

const textOf = (bytes: string | Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString()

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ message }) => message).join('; ')
    return (error as Error).message
  }
  return 'taken'
}

describe.runIf(hasGit)('a signed commit of the branch (needs the git command)', () => {
  test.each(['sha1', 'sha256'] as const)('is taken, with its files and its signer (%s)', async (format) => {
    const made = repository(format)
    made.commit({ 'workflows/a.yaml': 'first\n' }, 'bob')
    made.push()
    const app = appIn(made)
    const commit = made.commit({ 'workflows/a.yaml': 'second\n' }, 'bob')
    made.push()
    const { app: at, signers } = await pushed(app, commit)
    expect([commit.length, at.project.files.commit, textOf(at.project.files('workflows/a.yaml')), signers]).toEqual([
      format === 'sha1' ? 40 : 64,
      commit,
      'second\n',
      [{ issuer: 'ssh', id: 'bob@example.org', person: 'bob@example.org' }],
    ])
  })

  test('is taken in a folder of the repository, and only that folder is read', async () => {
    const made = begun()
    made.commit({ 'net/workflows/b.yaml': 'inside\n', 'other/c.yaml': 'outside\n' }, 'bob')
    made.push()
    const { project } = appIn(made)
    const inner = join(project.dir, 'net')
    mkdirSync(inner)
    const head = made.git('rev-parse', 'HEAD')
    const files = await commitFiles(gitIn(inner, process.env), head)
    expect([textOf(files('workflows/b.yaml')), files('../other/c.yaml'), files('other/c.yaml')]).toEqual([
      'inside\n',
      undefined,
      undefined,
    ])
  })
})

describe.runIf(hasGit)('a commit is refused (needs the git command)', () => {
  test('that nobody has signed, or somebody whose key is not trusted for commits', async () => {
    const made = begun()
    const app = appIn(made)
    const base = made.git('rev-parse', 'HEAD')
    const tried: string[] = []
    for (const key of [undefined, 'mallory'] as const) {
      made.git('reset', '-q', '--hard', base)
      const commit = made.commit({ 'workflows/a.yaml': `by ${key}\n` }, key)
      made.push()
      tried.push(await refusal(pushed(app, commit)))
    }
    expect(tried.map((one) => one.replaceAll(/[0-9a-f]{12}|SHA256:\S+/g, '…'))).toEqual([
      'the commit … is not signed by a key of trust/allowed_signers: it has no signature, or more than one',
      'the commit … is not signed by a key of trust/allowed_signers: the key … is not among the allowed signers',
    ])
    // A key for approvals is none for commits.
    write(app.project.dir, 'trust/allowed_signers', made.line('bob', 'approval@eosflow'))
    made.git('reset', '-q', '--hard', base)
    const commit = made.commit({ 'workflows/a.yaml': 'by bob\n' }, 'bob')
    made.push()
    expect(await refusal(pushed(app, commit))).toContain('of bob@example.org may not sign for git')
  })

  test('whose key was not valid when it says that it was made, or is no longer', async () => {
    const made = begun()
    const app = appIn(made)
    const commit = made.commit({ 'workflows/a.yaml': 'by bob\n' }, 'bob')
    made.push()
    const told: string[] = []
    for (const times of [
      'valid-after="202601050630Z"',
      'valid-after="202601050730Z"',
      'valid-before="202601050730Z"',
    ]) {
      write(app.project.dir, 'trust/allowed_signers', made.line('bob').replace('namespaces', `${times},namespaces`))
      told.push(await refusal(pushed(app, commit)))
    }
    expect(told.map((one) => one.replace(/.* of /, ''))).toEqual([
      'taken',
      'bob@example.org is not valid at that time',
      'bob@example.org is not valid at that time',
    ])
  })

  test('whose content is another than the one that was signed', async () => {
    const made = begun()
    const app = appIn(made)
    made.commit({ 'workflows/a.yaml': 'signed\n' }, 'bob')
    const raw = execFileSync('git', ['cat-file', 'commit', 'HEAD'], { cwd: join(made.dir, 'work') }).toString()
    const other = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
      cwd: join(made.dir, 'work'),
      input: raw.replace('a change', 'A change'),
    })
      .toString()
      .trim()
    made.push(`${other}:refs/heads/main`)
    expect(await refusal(pushed(app, other))).toMatch(/the signature of SHA256:\S+ is not one over this statement/)
  })

  test('that is signed on a parent that is not: a merge button signs the tip alone', async () => {
    const made = begun()
    const app = appIn(made)
    const unsigned = made.commit({ 'workflows/a.yaml': 'unsigned\n' })
    const tip = made.commit({ 'workflows/b.yaml': 'signed\n' }, 'bob')
    made.push()
    expect(await refusal(pushed(app, tip))).toContain(`the commit ${unsigned.slice(0, 12)} is not signed`)
  })

  test('unless a person has brought it into the folder of the project: what lies there counts as known', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = begun()
    const app = appIn(made)
    made.commit({ 'workflows/a.yaml': 'unsigned\n' })
    made.push()
    const pull = ['fetch', '-q', 'origin']
    execFileSync('git', pull, { cwd: app.project.dir })
    execFileSync('git', ['reset', '-q', 'origin/main'], { cwd: app.project.dir })
    const tip = made.commit({ 'workflows/b.yaml': 'signed\n' }, 'bob')
    made.push()
    expect((await pushed(app, tip)).signers).toHaveLength(1)
  })

  test('that is in the remote and not on the branch', async () => {
    const made = begun()
    const app = appIn(made)
    const aside = made.commit({ 'workflows/a.yaml': 'of a pull request\n' }, 'bob')
    made.push('HEAD:refs/heads/try')
    execFileSync('git', ['fetch', '-q', 'origin'], { cwd: app.project.dir })
    expect(await refusal(pushed(app, aside))).toBe(
      `the commit ${aside.slice(0, 12)} is not on refs/heads/main of origin`,
    )
  })

  test('that a forced push has taken away; what it brings is verified back to what both have', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = begun()
    const app = appIn(made)
    const base = made.git('rev-parse', 'HEAD')
    const gone = made.commit({ 'workflows/a.yaml': 'gone\n' }, 'bob')
    made.push()
    await (await pushed(app, gone)).planned()
    made.git('reset', '-q', '--hard', base)
    const bad = made.commit({ 'workflows/a.yaml': 'not signed\n' })
    const tip = made.commit({ 'workflows/a.yaml': 'rewritten\n' }, 'bob')
    made.push()
    expect([await refusal(pushed(app, gone)), await refusal(pushed(app, tip))]).toEqual([
      `the commit ${gone.slice(0, 12)} is not on refs/heads/main of origin`,
      expect.stringContaining(`the commit ${bad.slice(0, 12)} is not signed`),
    ])
    made.git('reset', '-q', '--hard', base)
    made.push()
    // The branch itself was set back: that is what somebody wants to have.
    expect(await refusal(pushed(app, base))).toBe('taken')
  })

  test('that is older than the last that was planned', { tags: ['long', 'turn'] }, async () => {
    const made = begun()
    const app = appIn(made)
    const first = made.commit({ 'workflows/a.yaml': '1\n' }, 'bob')
    const second = made.commit({ 'workflows/a.yaml': '2\n' }, 'bob')
    made.push()
    const taken = await pushed(app, second)
    expect(await refusal(pushed(app, first))).toBe('taken')
    await taken.planned()
    expect([await refusal(pushed(app, first)), await refusal(pushed(app, second))]).toEqual([
      `the commit ${first.slice(0, 12)} is older than ${second.slice(0, 12)}, which was planned already`,
      'taken',
    ])
  })

  test('that hides a commit that it was signed with: its signature lies before that parent', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = begun()
    const app = appIn(made)
    made.git('checkout', '-q', '-b', 'side')
    made.commit({ 'workflows/b.yaml': 'nobody has signed it\n' })
    made.git('checkout', '-q', 'main')
    made.commit({ 'workflows/c.yaml': 'signed\n' }, 'bob')
    const bob = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${join(made.dir, 'bob')}`]
    made.git(...bob, 'merge', '-q', '--no-ff', '-S', '-m', 'a merge', 'side')
    const inWork = { cwd: join(made.dir, 'work') }
    const raw = execFileSync('git', ['cat-file', 'commit', 'HEAD'], inWork).toString()
    const [signature = ''] = /^gpgsig .*\n(?: .*\n)+/m.exec(raw) ?? []
    const [first = ''] = /^parent .*\n/m.exec(raw) ?? []
    const hiding = raw.replace(signature, '').replace(first, first + signature)
    const write = ['hash-object', '-t', 'commit', '-w', '--literally', '--stdin']
    const commit = execFileSync('git', write, { ...inWork, input: hiding })
      .toString()
      .trim()
    made.git('update-ref', 'refs/heads/main', commit)
    made.push()
    // Git follows the first parent alone, and what Bob has signed names both.
    expect(made.git('rev-list', '--parents', '-1', commit).split(' ')).toHaveLength(2)
    expect(await refusal(pushed(app, commit))).toContain(
      `${commit.slice(0, 12)} is not signed by a key of trust/allowed_signers: the commits before it are not those`,
    )
  })

  test('behind commits that a clone with --depth has not', async () => {
    const made = begun()
    const app = appIn(made)
    made.commit({ 'workflows/b.yaml': 'nobody has signed it\n' })
    const tip = made.commit({ 'workflows/c.yaml': 'signed\n' }, 'bob')
    made.push()
    execFileSync('git', ['fetch', '-q', '--depth=1', 'origin', 'main'], { cwd: app.project.dir })
    expect(await refusal(pushed(app, tip))).toContain('or not all here')
  })

  test('that is no full id: a name, an option, a tag, the zeros of a branch that was deleted', async () => {
    const made = begun()
    const app = appIn(made)
    const head = made.git('rev-parse', 'HEAD')
    made.git('tag', '-a', '-m', 'a tag', 'v1')
    const tag = made.git('rev-parse', 'v1')
    made.push('v1')
    execFileSync('git', ['fetch', '-q', '--tags', 'origin'], { cwd: app.project.dir })
    const names = ['main', head.slice(0, 12), head.toUpperCase(), `${head}\n`, '--upload-pack=touch x', '-1', 7, null]
    const told: string[] = []
    for (const name of names) told.push(await refusal(pushed(app, name)))
    expect(told).toEqual(names.map(() => 'the event names no commit'))
    expect([await refusal(pushed(app, tag)), await refusal(pushed(app, '0'.repeat(40)))]).toEqual([
      `the commit ${tag.slice(0, 12)} is not on refs/heads/main of origin`,
      'the commit 000000000000 is not on refs/heads/main of origin',
    ])
  })

  test('with more files than are read', { tags: ['long', 'turn'] }, async () => {
    const made = begun()
    const app = appIn(made)
    const blob = made.git('hash-object', '-w', 'workflows/a.yaml')
    const lines = Array.from({ length: 20_001 }, (_, index) => `100644 ${blob}\tmany/${index}.j2\n`).join('')
    execFileSync('git', ['update-index', '--index-info'], { cwd: join(made.dir, 'work'), input: lines })
    const commit = made.commit({}, 'bob')
    made.push()
    expect(await refusal(pushed(app, commit))).toBe(
      `the commit ${commit.slice(0, 12)} is too large: 20,002 files with 1 MiB, and 20,000 files and 64 MiB are read`,
    )
  })

  test('with more bytes than are read, before they are', { tags: ['long', 'turn'] }, async () => {
    const made = begun()
    const app = appIn(made)
    const commit = made.commit({ 'large.txt': 'x'.repeat(64 * 1_048_576 + 1) }, 'bob')
    made.push()
    expect(await refusal(pushed(app, commit))).toContain('2 files with 65 MiB, and 20,000 files and 64 MiB are read')
  })

  test('behind more than 1,000 others that are new', { tags: ['long', 'turn'] }, async () => {
    const made = begun()
    const app = appIn(made)
    const stream = Array.from(
      { length: 1_001 },
      (_, index) =>
        `commit refs/heads/main\ncommitter Bob <bob@example.org> ${1_767_600_000 + index} +0000\ndata 1\nx${index === 0 ? '\nfrom refs/heads/main^0' : ''}\n\n`,
    ).join('')
    execFileSync('git', ['fast-import', '--quiet'], { cwd: join(made.dir, 'work'), input: stream })
    made.push('main:refs/heads/main')
    expect(await refusal(pushed(app, made.git('rev-parse', 'main')))).toBe(
      'more than 1,000 commits are new since the last that was planned',
    )
  })
})

describe.runIf(hasGit)('nothing of a repository runs or leads out of it (needs the git command)', () => {
  test('no hook, no filter of .gitattributes, no program of its configuration', {
    tags: ['long', 'turn'],
  }, async () => {
    const made = begun()
    const app = appIn(made)
    const touched = join(made.dir, 'it-ran')
    const program = `#!/bin/sh\necho "$0" >> ${touched}\ncat\n`
    const hooks = join(app.project.dir, '.git/hooks')
    for (const hook of ['reference-transaction', 'post-checkout', 'post-merge', 'pre-auto-gc', 'fsmonitor']) {
      write(hooks, hook, program)
      execFileSync('chmod', ['+x', join(hooks, hook)])
    }
    const set = (key: string, value: string) =>
      execFileSync('git', ['config', key, value], { cwd: app.project.dir, stdio: 'pipe' })
    set('filter.evil.smudge', join(hooks, 'post-merge'))
    set('diff.evil.textconv', join(hooks, 'post-merge'))
    set('core.fsmonitor', join(hooks, 'fsmonitor'))
    set('gpg.program', join(hooks, 'post-merge'))
    set('gpg.ssh.program', join(hooks, 'post-merge'))
    const commit = made.commit(
      { '.gitattributes': '* filter=evil diff=evil text eol=crlf\n', 'a.j2': 'vlan 7\n' },
      'bob',
    )
    made.push()
    const { app: at } = await pushed(app, commit)
    await (await pushed(app, commit)).planned()
    expect([textOf(at.project.files('a.j2')), existsSync(touched), existsSync(join(app.project.dir, 'a.j2'))]).toEqual([
      'vlan 7\n',
      false,
      false,
    ])
  })

  test('no program that fetches by its configuration, whatever way that opens', async () => {
    const made = begun()
    const app = appIn(made)
    const touched = join(made.dir, 'it-ran')
    const program = join(made.dir, 'program')
    writeFileSync(program, `#!/bin/sh\ntouch ${touched}\nexec git-upload-pack "$@"\n`, { mode: 0o755 })
    const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: app.project.dir, stdio: 'pipe' })
    write(app.project.dir, '.git/objects/info/alternates', `${join(made.origin, 'objects')}\n`)
    git('config', 'remote.origin.uploadpack', program)
    git('config', 'core.alternateRefsCommand', program)
    const commit = made.commit({ 'a.j2': 'vlan 7\n' }, 'bob')
    made.push()
    expect([await refusal(pushed(app, commit)), existsSync(touched)]).toEqual(['taken', false])
    git('config', 'protocol.ext.allow', 'always')
    git('config', 'remote.origin.vcs', 'ext')
    git('remote', 'set-url', 'origin', program)
    expect([await refusal(pushed(app, commit)), existsSync(touched)]).toEqual([
      "the branch refs/heads/main cannot be fetched from origin: fatal: transport 'ext' not allowed",
      false,
    ])
  })

  test('files of the folder that look like a repository are none', async () => {
    const made = begun()
    const { project } = appIn(made)
    const inner = join(project.dir, 'net')
    execFileSync('git', ['init', '-q', '--bare', inner])
    const { code, said } = await gitIn(inner, process.env)({ args: ['rev-parse', '--git-dir'] })
    expect([code, said]).toEqual([128, expect.stringContaining("safe.bareRepository is 'explicit'")])
  })

  test('a certificate that the clone does not verify for one address is refused by name', async () => {
    const made = begun()
    const app = appIn(made)
    const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: app.project.dir })
    git('remote', 'set-url', 'origin', 'https://bob@127.0.0.1:9/x.git')
    const head = made.git('rev-parse', 'HEAD')
    git('config', 'http.sslVerify', 'false')
    expect(await refusal(pushed(app, head))).toContain('cannot be fetched from origin: ')
    git('config', 'http.https://bob@127.0.0.1:9/.sslVerify', 'false')
    expect(await refusal(pushed(app, head))).toBe(
      'the certificate of the remote `origin` is not verified: the clone sets http.<url>.sslVerify',
    )
  })

  test('why a fetch has failed is said in the words of ssh and of Git, without the advice behind them', async () => {
    const made = begun()
    const app = appIn(made)
    const head = made.git('rev-parse', 'HEAD')
    const lock = '.git/refs/eosflow/heads/main.lock'
    write(app.project.dir, lock, '')
    expect(await refusal(pushed(app, head))).toContain(`Unable to create '${join(app.project.dir, lock)}': File exists`)
    const git = (...args: readonly string[]) => execFileSync('git', [...args], { cwd: app.project.dir })
    git('remote', 'set-url', 'origin', 'ssh://127.0.0.1/x.git')
    git('config', 'core.sshCommand', 'echo Host key verification failed. >&2; exit 255; :')
    expect(await refusal(pushed(app, head))).toBe(
      'the branch refs/heads/main cannot be fetched from origin: Host key verification failed.; fatal: Could not read from remote repository.',
    )
    rmSync(join(app.project.dir, '.git'), { recursive: true })
    expect(await refusal(pushed(app, head))).toContain('the repository of the project cannot be read: fatal: not a git')
  })

  test.each([
    ['ext::sh -c "touch it-ran"', 'the remote `origin` is neither of https, nor of ssh, nor a folder'],
    ['http://127.0.0.1:9/x.git', 'the remote `origin` is neither of https, nor of ssh, nor a folder'],
    ['git://127.0.0.1:9/x.git', 'the remote `origin` is neither of https, nor of ssh, nor a folder'],
    ['https://bob:hunter2@127.0.0.1:9/x.git', 'the branch refs/heads/main cannot be fetched from origin: '],
  ])('a remote is reached by https, by ssh or as a folder: %s', { tags: ['long', 'turn'] }, async (address, told) => {
    const made = begun()
    const app = appIn(made)
    execFileSync('git', ['remote', 'set-url', 'origin', address], { cwd: app.project.dir })
    const message = await refusal(pushed(app, made.git('rev-parse', 'HEAD')))
    expect([
      message.startsWith(told),
      message.includes('hunter2'),
      existsSync(join(app.project.dir, 'it-ran')),
    ]).toEqual([true, false, false])
  })

  test('a link and a submodule give no file, and are refused by name; so is what lies behind them', async () => {
    const made = begun()
    const app = appIn(made)
    const target = execFileSync('git', ['hash-object', '-w', '--stdin'], {
      cwd: join(made.dir, 'work'),
      input: '/etc/passwd',
    })
      .toString()
      .trim()
    const head = made.git('rev-parse', 'HEAD')
    made.entry('120000', target, 'templates/users.j2')
    made.entry('120000', target, 'linked')
    made.entry('160000', head, 'vendor')
    const commit = made.commit({}, 'bob')
    made.push()
    const { files } = (await pushed(app, commit)).app.project
    const asked = ['templates/users.j2', 'linked/x.j2', 'vendor/x.j2', 'absent.j2']
    expect(asked.map((path) => [textOf(files(path)), absenceWords(files, path)])).toEqual([
      [undefined, 'is a symbolic link in the commit'],
      [undefined, 'is a symbolic link in the commit'],
      [undefined, 'lies in a submodule'],
      [undefined, 'is not there'],
    ])
  })

  test('policy, trusted keys, inventory and settings are those of the folder', { tags: ['long', 'turn'] }, async () => {
    const made = begun()
    const app = appIn(made)
    write(app.project.dir, 'policy.yaml', 'of the folder\n')
    const commit = made.commit(
      {
        'policy.yaml': 'of the commit\n',
        'trust/allowed_signers': `${made.line('mallory')}`,
        'inventory.yaml': 'devices: { own: { host: 192.0.2.1 } }\n',
        'eosflow.yaml': settingsWith('none'),
        'workflows/a.yaml': 'of the commit\n',
      },
      'bob',
    )
    made.push()
    const { project } = (await pushed(app, commit)).app
    const paths = ['policy.yaml', './policy.yaml', 'trust/allowed_signers', 'trust/../trust/allowed_signers', 'trust/x']
    expect(paths.map((path) => textOf(project.files(path)))).toEqual([
      'of the folder\n',
      'of the folder\n',
      made.line('bob'),
      made.line('bob'),
      undefined,
    ])
    expect([project.inventory().devices, textOf(project.files('workflows/a.yaml')), project.settings]).toEqual([
      [],
      'of the commit\n',
      app.project.settings,
    ])
    // The keys that the commit brings verify nothing, neither it nor the next.
    const next = made.commit({ 'workflows/a.yaml': 'by mallory\n' }, 'mallory')
    made.push()
    expect(await refusal(pushed(app, next))).toContain('is not among the allowed signers')
  })
})

test.runIf(hasGit)(
  'without a demand for signatures a commit must be on the branch all the same (needs the git command)',
  { tags: ['long', 'turn'] },
  async () => {
    const made = begun()
    const app = appIn(made, { signedBy: 'none' })
    const commit = made.commit({ 'workflows/a.yaml': 'unsigned\n' })
    expect(await refusal(pushed(app, commit))).toContain('is not on refs/heads/main')
    made.push()
    expect((await pushed(app, commit)).signers).toEqual([])
  },
)
