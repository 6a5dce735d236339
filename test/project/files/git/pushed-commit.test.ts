// @module-tag long
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { pushedCommit } from '../../../../src/features/hook/pushed-commit.ts'
import { commitFiles } from '../../../../src/project/files/git/commit-files.ts'
import { openProject } from '../../../../src/project/files/project.ts'
import { gitIn } from '../../../../src/project/system/machine/git.ts'
import { InputError } from '../../../../src/project/system/process/input-error.ts'
import { absenceWords } from '../../../../src/text/source/files.ts'
import { type App, hostIn, partOf } from '../../../lab/lab.ts'
import { hasGit, type Key, repository } from './repository.ts'

const NOW = Date.parse('2026-01-05T08:00:00Z')
const settingsWith = (signedBy: string) => `version: 1\nproject: { git: { signedBy: ${signedBy} } }\n`

interface Options {
  /** Whose keys are in the trust file. */
  readonly trusted?: readonly Key[]
  readonly signedBy?: string
  readonly format?: 'sha1' | 'sha256'
}

/** A remote with one signed commit, and a project that has it checked out, with what a pushed commit needs of an application. */
function project({ trusted = ['bob'], signedBy = 'trust/allowed_signers', format = 'sha1' }: Options = {}) {
  const made = repository(format)
  const base = made.commit({ 'workflows/a.yaml': 'first\n' }, 'bob')
  made.push()
  const dir = join(made.dir, 'project')
  made.clone(dir)
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), text, { mode })
  }
  write('eosflow.yaml', settingsWith(signedBy))
  write('inventory.yaml', 'devices: {}\n')
  write('trust/allowed_signers', trusted.map((key) => made.line(key)).join(''))
  const host = hostIn(dir, { env: { PATH: process.env.PATH } })
  const opened = openProject(host, { project: dir })
  const app = partOf<App>({ ...host, project: opened, clock: { now: () => NOW } })
  const pushed = (commit: unknown) => pushedCommit(app, 'github', commit as never)
  const called = (cwd: string, args: readonly string[], input = '') =>
    execFileSync('git', [...args], { cwd, input, stdio: 'pipe' })
      .toString()
      .trim()
  return {
    ...made,
    base,
    project: opened,
    inProject: dir,
    write,
    pushed,
    /** Calls git in the clone of the developer with an input, and in the project. */
    fed: (input: string, ...args: readonly string[]) => called(join(made.dir, 'work'), args, input),
    own: (...args: readonly string[]) => called(dir, args),
    /** Commits files of the branch, pushes them and gives the commit. */
    brought: (files: Readonly<Record<string, string>>, by: Key | undefined = 'bob') => {
      const commit = made.commit(files, by)
      made.push()
      return commit
    },
    /** Whether a commit is taken, or why it is not. */
    refusal: async (commit: unknown) => {
      try {
        await pushed(commit)
      } catch (error) {
        if (error instanceof InputError) return error.problems.map(({ message }) => message).join('; ')
        return (error as Error).message
      }
      return 'taken'
    },
  }
}

const short = (commit: string) => commit.slice(0, 12)

const textOf = (bytes: string | Uint8Array | undefined) =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString()

describe.runIf(hasGit)('a signed commit of the branch (needs the git command)', () => {
  test.each(['sha1', 'sha256'] as const)('is taken, with its files and its signer (%s)', async (format) => {
    const { brought, pushed } = project({ format })
    const commit = brought({ 'workflows/a.yaml': 'second\n' })
    const { app: at, signers } = await pushed(commit)
    expect([commit.length, at.project.files.commit, textOf(at.project.files('workflows/a.yaml')), signers]).toEqual([
      format === 'sha1' ? 40 : 64,
      commit,
      'second\n',
      [{ issuer: 'ssh', id: 'bob@example.org', person: 'bob@example.org' }],
    ])
  })

  test('is taken in a folder of the repository, and only that folder is read', async () => {
    const { brought, own, inProject } = project()
    const head = brought({ 'net/workflows/b.yaml': 'inside\n', 'other/c.yaml': 'outside\n' })
    own('fetch', '-q', 'origin')
    const inner = join(inProject, 'net')
    mkdirSync(inner)
    const files = await commitFiles(gitIn(inner, process.env), head)
    expect([textOf(files('workflows/b.yaml')), files('../other/c.yaml'), files('other/c.yaml')]).toEqual([
      'inside\n',
      undefined,
      undefined,
    ])
  })
})

describe.runIf(hasGit)('a commit is refused (needs the git command)', () => {
  test('that nobody has signed, or somebody whose key is not trusted for commits, or was not valid then', async () => {
    const { git, commit, push, line, write, base, refusal } = project()
    const tried: string[] = []
    for (const key of [undefined, 'mallory', 'bob'] as const) {
      git('reset', '-q', '--hard', base)
      const made = commit({ 'workflows/a.yaml': `by ${key}\n` }, key)
      push()
      tried.push(await refusal(made))
    }
    expect(tried.map((one) => one.replaceAll(/[0-9a-f]{12}|SHA256:\S+/g, '…'))).toEqual([
      'the commit … is not signed by a key of trust/allowed_signers: it has no signature, or more than one',
      'the commit … is not signed by a key of trust/allowed_signers: the key … is not among the allowed signers',
      'taken',
    ])
    const told: string[] = []
    for (const times of [
      'valid-after="202601050630Z"',
      'valid-after="202601050730Z"',
      'valid-before="202601050730Z"',
    ]) {
      write('trust/allowed_signers', line('bob').replace('namespaces', `${times},namespaces`))
      told.push(await refusal(git('rev-parse', 'HEAD')))
    }
    const late = 'bob@example.org is not valid at that time'
    expect(told.map((one) => one.replace(/.* of /, ''))).toEqual(['taken', late, late])
    // A key for approvals is none for commits.
    write('trust/allowed_signers', line('bob', 'approval@eosflow'))
    expect(await refusal(git('rev-parse', 'HEAD'))).toContain('of bob@example.org may not sign for git')
  })

  test('whose content is another than the one that was signed', async () => {
    const { commit, fed, push, refusal } = project()
    commit({ 'workflows/a.yaml': 'signed\n' }, 'bob')
    const raw = fed('', 'cat-file', 'commit', 'HEAD')
    const other = fed(`${raw.replace('a change', 'A change')}\n`, 'hash-object', '-t', 'commit', '-w', '--stdin')
    push(`${other}:refs/heads/main`)
    expect(await refusal(other)).toMatch(/the signature of SHA256:\S+ is not one over this statement/)
  })

  test('that is signed on a parent that is not: a merge button signs the tip alone', async () => {
    const { commit, brought, refusal } = project()
    const unsigned = commit({ 'workflows/a.yaml': 'unsigned\n' })
    expect(await refusal(brought({ 'workflows/b.yaml': 'signed\n' }))).toContain(
      `the commit ${short(unsigned)} is not signed`,
    )
  })

  test('unless a person has brought it into the folder of the project: what lies there counts as known', {
    tags: ['long', 'turn'],
  }, async () => {
    const { commit, push, own, brought, pushed } = project()
    commit({ 'workflows/a.yaml': 'unsigned\n' })
    push()
    own('fetch', '-q', 'origin')
    own('reset', '-q', 'origin/main')
    expect((await pushed(brought({ 'workflows/b.yaml': 'signed\n' }))).signers).toHaveLength(1)
  })

  test('that is no full id of a commit of the branch: a name, an option, a tag, the zeros of a branch that was deleted, one of another branch', async () => {
    const { base, git, commit, push, own, refusal } = project()
    git('tag', '-a', '-m', 'a tag', 'v1')
    const tag = git('rev-parse', 'v1')
    push('v1')
    const aside = commit({ 'workflows/a.yaml': 'of a pull request\n' }, 'bob')
    push('HEAD:refs/heads/try')
    own('fetch', '-q', '--tags', 'origin')
    const names = ['main', short(base), base.toUpperCase(), `${base}\n`, '--upload-pack=touch x', '-1', 7, null]
    const told: string[] = []
    for (const name of names) told.push(await refusal(name))
    expect(told).toEqual(names.map(() => 'the event names no commit'))
    for (const one of [tag, aside, '0'.repeat(40)])
      expect(await refusal(one)).toBe(`the commit ${short(one)} is not on refs/heads/main of origin`)
  })

  test('that a forced push has taken away; what it brings is verified back to what both have', {
    tags: ['long', 'turn'],
  }, async () => {
    const { git, base, commit, push, brought, pushed, refusal } = project()
    const gone = brought({ 'workflows/a.yaml': 'gone\n' })
    await (await pushed(gone)).planned()
    git('reset', '-q', '--hard', base)
    const bad = commit({ 'workflows/a.yaml': 'not signed\n' })
    const tip = brought({ 'workflows/a.yaml': 'rewritten\n' })
    expect([await refusal(gone), await refusal(tip)]).toEqual([
      `the commit ${short(gone)} is not on refs/heads/main of origin`,
      expect.stringContaining(`the commit ${short(bad)} is not signed`),
    ])
    git('reset', '-q', '--hard', base)
    push()
    // The branch itself was set back: that is what somebody wants to have.
    expect(await refusal(base)).toBe('taken')
  })

  test('that is older than the last that was planned', { tags: ['long', 'turn'] }, async () => {
    const { commit, brought, pushed, refusal } = project()
    const first = commit({ 'workflows/a.yaml': '1\n' }, 'bob')
    const second = brought({ 'workflows/a.yaml': '2\n' })
    const taken = await pushed(second)
    expect(await refusal(first)).toBe('taken')
    await taken.planned()
    expect([await refusal(first), await refusal(second)]).toEqual([
      `the commit ${short(first)} is older than ${short(second)}, which was planned already`,
      'taken',
    ])
  })

  test('that hides a commit that it was signed with: its signature lies before that parent', {
    tags: ['long', 'turn'],
  }, async () => {
    const { dir, git, commit, push, fed, refusal } = project()
    git('checkout', '-q', '-b', 'side')
    commit({ 'workflows/b.yaml': 'nobody has signed it\n' })
    git('checkout', '-q', 'main')
    commit({ 'workflows/c.yaml': 'signed\n' }, 'bob')
    const bob = ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${join(dir, 'bob')}`]
    git(...bob, 'merge', '-q', '--no-ff', '-S', '-m', 'a merge', 'side')
    const raw = `${fed('', 'cat-file', 'commit', 'HEAD')}\n`
    const [signature = ''] = /^gpgsig .*\n(?: .*\n)+/m.exec(raw) ?? []
    const [first = ''] = /^parent .*\n/m.exec(raw) ?? []
    const hiding = raw.replace(signature, '').replace(first, first + signature)
    const made = fed(hiding, 'hash-object', '-t', 'commit', '-w', '--literally', '--stdin')
    git('update-ref', 'refs/heads/main', made)
    push()
    // Git follows the first parent alone, and what Bob has signed names both.
    expect(git('rev-list', '--parents', '-1', made).split(' ')).toHaveLength(2)
    expect(await refusal(made)).toContain(
      `${short(made)} is not signed by a key of trust/allowed_signers: the commits before it are not those`,
    )
  })

  test('behind commits that a clone with --depth has not', async () => {
    const { commit, brought, own, refusal } = project()
    commit({ 'workflows/b.yaml': 'nobody has signed it\n' })
    const tip = brought({ 'workflows/c.yaml': 'signed\n' })
    own('fetch', '-q', '--depth=1', 'origin', 'main')
    expect(await refusal(tip)).toContain('or not all here')
  })

  test('with more files than are read', { tags: ['long', 'turn'] }, async () => {
    const { git, fed, brought, refusal } = project()
    const blob = git('hash-object', '-w', 'workflows/a.yaml')
    const lines = Array.from({ length: 20_001 }, (_, index) => `100644 ${blob}\tmany/${index}.j2\n`).join('')
    fed(lines, 'update-index', '--index-info')
    const commit = brought({})
    expect(await refusal(commit)).toBe(
      `the commit ${short(commit)} is too large: 20,002 files with 1 MiB, and 20,000 files and 64 MiB are read`,
    )
  })

  test('with more bytes than are read, before they are', { tags: ['long', 'turn'] }, async () => {
    const { brought, refusal } = project()
    expect(await refusal(brought({ 'large.txt': 'x'.repeat(64 * 1_048_576 + 1) }))).toContain(
      '2 files with 65 MiB, and 20,000 files and 64 MiB are read',
    )
  })

  test('behind more than 1,000 others that are new', { tags: ['long', 'turn'] }, async () => {
    const { git, fed, push, refusal } = project()
    const stream = Array.from(
      { length: 1_001 },
      (_, index) =>
        `commit refs/heads/main\ncommitter Bob <bob@example.org> ${1_767_600_000 + index} +0000\ndata 1\nx${index === 0 ? '\nfrom refs/heads/main^0' : ''}\n\n`,
    ).join('')
    fed(stream, 'fast-import', '--quiet')
    push('main:refs/heads/main')
    expect(await refusal(git('rev-parse', 'main'))).toBe(
      'more than 1,000 commits are new since the last that was planned',
    )
  })
})

describe.runIf(hasGit)('nothing of a repository runs or leads out of it (needs the git command)', () => {
  test('no hook, no filter of .gitattributes, no program of its configuration', {
    tags: ['long', 'turn'],
  }, async () => {
    const { dir, inProject, write, own, brought, pushed } = project()
    const touched = join(dir, 'it-ran')
    for (const hook of ['reference-transaction', 'post-checkout', 'post-merge', 'pre-auto-gc', 'fsmonitor'])
      write(`.git/hooks/${hook}`, `#!/bin/sh\necho "$0" >> ${touched}\ncat\n`, 0o755)
    const hook = (name: string) => join(inProject, '.git/hooks', name)
    own('config', 'filter.evil.smudge', hook('post-merge'))
    own('config', 'diff.evil.textconv', hook('post-merge'))
    own('config', 'core.fsmonitor', hook('fsmonitor'))
    own('config', 'gpg.program', hook('post-merge'))
    own('config', 'gpg.ssh.program', hook('post-merge'))
    const attributes = '* filter=evil diff=evil text eol=crlf\n'
    const commit = brought({ '.gitattributes': attributes, 'a.j2': 'vlan 7\n' })
    const { app: at } = await pushed(commit)
    await (await pushed(commit)).planned()
    expect([textOf(at.project.files('a.j2')), existsSync(touched), existsSync(join(inProject, 'a.j2'))]).toEqual([
      'vlan 7\n',
      false,
      false,
    ])
  })

  test('no program that fetches by its configuration, whatever way that opens', async () => {
    const { dir, origin, write, own, brought, refusal } = project()
    const touched = join(dir, 'it-ran')
    const program = join(dir, 'program')
    writeFileSync(program, `#!/bin/sh\ntouch ${touched}\nexec git-upload-pack "$@"\n`, { mode: 0o755 })
    write('.git/objects/info/alternates', `${join(origin, 'objects')}\n`)
    own('config', 'remote.origin.uploadpack', program)
    own('config', 'core.alternateRefsCommand', program)
    const commit = brought({ 'a.j2': 'vlan 7\n' })
    expect([await refusal(commit), existsSync(touched)]).toEqual(['taken', false])
    own('config', 'protocol.ext.allow', 'always')
    own('config', 'remote.origin.vcs', 'ext')
    own('remote', 'set-url', 'origin', program)
    expect([await refusal(commit), existsSync(touched)]).toEqual([
      "the branch refs/heads/main cannot be fetched from origin: fatal: transport 'ext' not allowed",
      false,
    ])
  })

  test('files of the folder that look like a repository are none', async () => {
    const { inProject, own } = project()
    const inner = join(inProject, 'net')
    own('init', '-q', '--bare', inner)
    const { code, said } = await gitIn(inner, process.env)({ args: ['rev-parse', '--git-dir'] })
    expect([code, said]).toEqual([128, expect.stringContaining("safe.bareRepository is 'explicit'")])
  })

  test('why a fetch has failed is said in the words of ssh and of Git, without the advice behind them', async () => {
    const { base, inProject, write, own, refusal } = project()
    const lock = '.git/refs/eosflow/heads/main.lock'
    write(lock, '')
    expect(await refusal(base)).toContain(`Unable to create '${join(inProject, lock)}': File exists`)
    own('remote', 'set-url', 'origin', 'ssh://127.0.0.1/x.git')
    own('config', 'core.sshCommand', 'echo Host key verification failed. >&2; exit 255; :')
    expect(await refusal(base)).toBe(
      'the branch refs/heads/main cannot be fetched from origin: Host key verification failed.; fatal: Could not read from remote repository.',
    )
    // A certificate that the clone does not verify for one address is refused by name.
    own('remote', 'set-url', 'origin', 'https://bob@127.0.0.1:9/x.git')
    own('config', 'http.sslVerify', 'false')
    rmSync(join(inProject, lock))
    expect(await refusal(base)).toContain('cannot be fetched from origin: ')
    own('config', 'http.https://bob@127.0.0.1:9/.sslVerify', 'false')
    expect(await refusal(base)).toBe(
      'the certificate of the remote `origin` is not verified: the clone sets http.<url>.sslVerify',
    )
    rmSync(join(inProject, '.git'), { recursive: true })
    expect(await refusal(base)).toContain('the repository of the project cannot be read: fatal: not a git')
  })

  test('a remote is reached by https, by ssh or as a folder', { tags: ['long', 'turn'] }, async () => {
    const { base, inProject, own, refusal } = project()
    const none = 'the remote `origin` is neither of https, nor of ssh, nor a folder'
    for (const [address, told] of [
      ['ext::sh -c "touch it-ran"', none],
      ['http://127.0.0.1:9/x.git', none],
      ['git://127.0.0.1:9/x.git', none],
      ['https://bob:hunter2@127.0.0.1:9/x.git', 'the branch refs/heads/main cannot be fetched from origin: '],
    ] as const) {
      own('remote', 'set-url', 'origin', address)
      const message = await refusal(base)
      expect([address, message.startsWith(told), message.includes('hunter2')]).toEqual([address, true, false])
    }
    expect(existsSync(join(inProject, 'it-ran'))).toBe(false)
  })

  test('a link and a submodule give no file, and are refused by name; so is what lies behind them', async () => {
    const { base, fed, entry, brought, pushed } = project()
    const target = fed('/etc/passwd', 'hash-object', '-w', '--stdin')
    entry('120000', target, 'templates/users.j2')
    entry('120000', target, 'linked')
    entry('160000', base, 'vendor')
    const { files } = (await pushed(brought({}))).app.project
    const asked = ['templates/users.j2', 'linked/x.j2', 'vendor/x.j2', 'absent.j2']
    expect(asked.map((path) => [textOf(files(path)), absenceWords(files, path)])).toEqual([
      [undefined, 'is a symbolic link in the commit'],
      [undefined, 'is a symbolic link in the commit'],
      [undefined, 'lies in a submodule'],
      [undefined, 'is not there'],
    ])
  })

  test('policy, trusted keys, inventory and settings are those of the folder', { tags: ['long', 'turn'] }, async () => {
    const { line, write, brought, pushed, refusal, project: own } = project()
    write('policy.yaml', 'of the folder\n')
    const commit = brought({
      'policy.yaml': 'of the commit\n',
      'trust/allowed_signers': `${line('mallory')}`,
      'inventory.yaml': 'devices: { own: { host: 192.0.2.1 } }\n',
      'eosflow.yaml': settingsWith('none'),
      'workflows/a.yaml': 'of the commit\n',
    })
    const { project: at } = (await pushed(commit)).app
    const paths = ['policy.yaml', './policy.yaml', 'trust/allowed_signers', 'trust/../trust/allowed_signers', 'trust/x']
    expect(paths.map((path) => textOf(at.files(path)))).toEqual([
      'of the folder\n',
      'of the folder\n',
      line('bob'),
      line('bob'),
      undefined,
    ])
    expect([at.inventory().devices, textOf(at.files('workflows/a.yaml')), at.settings]).toEqual([
      [],
      'of the commit\n',
      own.settings,
    ])
    // The keys that the commit brings verify nothing, neither it nor the next.
    expect(await refusal(brought({ 'workflows/a.yaml': 'by mallory\n' }, 'mallory'))).toContain(
      'is not among the allowed signers',
    )
  })
})

test.runIf(hasGit)(
  'without a demand for signatures a commit must be on the branch all the same (needs the git command)',
  { tags: ['long', 'turn'] },
  async () => {
    const { commit, push, pushed, refusal } = project({ signedBy: 'none' })
    const made = commit({ 'workflows/a.yaml': 'unsigned\n' })
    expect(await refusal(made)).toContain('is not on refs/heads/main')
    push()
    expect((await pushed(made)).signers).toEqual([])
  },
)
