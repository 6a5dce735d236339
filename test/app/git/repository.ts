import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

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

/** Makes one. `format`: the digests that its ids are made by. */
export function repository(format: 'sha1' | 'sha256' = 'sha1'): Repository {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-git-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const [origin, work] = [join(dir, 'origin.git'), join(dir, 'work')]
  const call = (program: string, args: readonly string[], cwd: string): string =>
    execFileSync(program, [...args], { cwd, env: { ...process.env, ...QUIET }, stdio: 'pipe' })
      .toString()
      .trim()
  call('git', ['init', '-q', '--bare', '-b', 'main', `--object-format=${format}`, origin], dir)
  call('git', ['init', '-q', '-b', 'main', `--object-format=${format}`, work], dir)
  call('git', ['remote', 'add', 'origin', origin], work)
  for (const key of ['bob', 'mallory'])
    call('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', key, '-f', join(dir, key)], dir)
  const git = (...args: readonly string[]): string => call('git', args, work)
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(work, path)), { recursive: true })
    writeFileSync(join(work, path), text)
  }
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
      call('git', ['init', '-q', '-b', 'main', `--object-format=${format}`, to], dir)
      call('git', ['remote', 'add', 'origin', origin], to)
      call('git', ['fetch', '-q', 'origin'], to)
      call('git', ['reset', '-q', 'origin/main'], to)
    },
    line: (key, namespaces = 'git') => {
      const [type, body] = readFileSync(join(dir, `${key}.pub`), 'utf8').split(' ')
      return `${key}@example.org namespaces="${namespaces}" ${type} ${body}\n`
    },
  }
}
