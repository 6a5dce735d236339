import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder, writeFiles } from '../../../lab/lab.ts'

/** Whether this machine has the programs that a repository of a test is made by. `ssh-keygen` without a file says how it is used, with 1. */
export const hasGit =
  spawnSync('git', ['--version']).status === 0 && spawnSync('ssh-keygen', ['-?']).error === undefined

/** Somebody with a key of SSH. */
export type Key = 'bob' | 'mallory'

/** A bare remote, a developer who pushes to it, and two keys, in a folder that goes with the test. */
export interface Repository {
  readonly dir: string
  readonly origin: string
  /** Calls git in the clone of the developer. */
  git(...args: readonly string[]): string
  /** Writes files in the clone, commits them and gives the commit. */
  commit(files: Readonly<Record<string, string>>, signedBy?: Key): string
  /** Puts an entry of any mode into the index: a link, a submodule. */
  entry(mode: string, id: string, path: string): void
  /** Pushes the branch, by force. */
  push(ref?: string): void
  /** A clone of the remote at a folder. */
  clone(to: string): void
  /** The line of `trust/allowed_signers` for a key. */
  line(key: Key, namespaces?: string): string
}

const QUIET = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Bob',
  GIT_AUTHOR_EMAIL: 'bob@example.org',
  GIT_COMMITTER_NAME: 'Bob',
  GIT_COMMITTER_EMAIL: 'bob@example.org',
  GIT_AUTHOR_DATE: '2026-01-05T07:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-05T07:00:00Z',
}

/** Calls a program as nobody's configuration changes it, and gives what it prints. */
const call = (program: string, args: readonly string[], cwd: string) =>
  execFileSync(program, [...args], { cwd, env: { ...process.env, ...QUIET }, stdio: 'pipe' })
    .toString()
    .trim()

/** What every repository begins with, by the format of its ids: made once, as programs that start take most of the time of these tests. */
const beginnings = new Map<string, string>()

function beginningOf(format: string) {
  const known = beginnings.get(format)
  if (known !== undefined) return known
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-git-begun-'))
  const initial = ['-q', '-b', 'main', `--object-format=${format}`]
  call('git', ['init', ...initial, '--bare', join(dir, 'origin.git')], dir)
  call('git', ['init', ...initial, join(dir, 'work')], dir)
  for (const key of ['bob', 'mallory'])
    call('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', join(dir, key)], dir)
  beginnings.set(format, dir)
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Makes one. `format`: the digests that its ids are made by. */
export function repository(format: 'sha1' | 'sha256' = 'sha1'): Repository {
  const dir = temporaryFolder()
  const [origin, work] = [join(dir, 'origin.git'), join(dir, 'work')]
  cpSync(beginningOf(format), dir, { recursive: true })
  const remote = `[remote "origin"]\n\turl = ${origin}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`
  appendFileSync(join(work, '.git/config'), remote)
  const git = (...args: readonly string[]) => call('git', args, work)
  const write = (path: string, text: string) => writeFiles(work, { [path]: text })
  return {
    dir,
    origin,
    git,
    commit: (files, signedBy) => {
      for (const [path, text] of Object.entries(files)) write(path, text)
      if (Object.keys(files).length > 0) git('add', '--', ...Object.keys(files))
      const sign =
        signedBy === undefined ? [] : ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${join(dir, signedBy)}`]
      git(...sign, 'commit', '-q', '--allow-empty', '-m', 'a change', ...(signedBy === undefined ? [] : ['-S']))
      return git('rev-parse', 'HEAD')
    },
    entry: (mode, id, path) => void git('update-index', '--add', '--cacheinfo', `${mode},${id},${path}`),
    push: (ref = 'HEAD:refs/heads/main') => void git('push', '-q', '-f', 'origin', ref),
    clone: (to) => {
      cpSync(join(beginningOf(format), 'work'), to, { recursive: true })
      appendFileSync(join(to, '.git/config'), remote)
      call('git', ['fetch', '-q', 'origin'], to)
      call('git', ['reset', '-q', 'origin/main'], to)
    },
    line: (key, namespaces = 'git') => {
      const [type, body] = readFileSync(join(dir, `${key}.pub`), 'utf8').split(' ')
      return `${key}@example.org namespaces="${namespaces}" ${type} ${body}\n`
    },
  }
}
