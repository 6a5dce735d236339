import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { Backup, BackupForm } from '../../report/backup/backup.ts'
import { type Git, gitIn } from '../../system/git.ts'
import type { App } from '../app.ts'
import { transportOf } from '../git/fetched-branch.ts'
import { InputError } from '../input-error.ts'

/** What a backup has written, and for whom. */
interface Written extends Pick<Backup, 'switches' | 'gone'> {
  readonly by: string
  readonly after: string | undefined
}

/** Where a backup goes, in which form, and what becomes of it in Git. */
interface TreeRequest {
  /** An absolute path. */
  readonly folder: string
  readonly form: BackupForm
  readonly commit: boolean
  readonly push: boolean
}

/** What becomes of a backup in Git: nothing where no commit was asked for. */
export interface BackupTree {
  keep(written: Written): Promise<Pick<Backup, 'commit' | 'push'>>
}

/**
 * Looks at the work tree that a folder of backups is in. Throws InputError: for secrets that would lie in a work tree with a remote; for a commit without a
 * work tree, in one where something in the folder is not committed, or where files are staged.
 */
export async function backupTree(app: App, request: TreeRequest): Promise<BackupTree> {
  const { folder, form, commit, push } = request
  const git = gitIn(nearestFolder(folder), app.env)
  const isTree = (await git({ args: ['rev-parse', '--show-toplevel'] })).code === 0
  if (form === 'keep' && isTree && (await lines(git, ['remote'])).length > 0) {
    throw bad(
      folder,
      'the work tree has a remote: secrets would leave this machine with the next push',
      'Name a folder outside of it, or encrypt the backup.',
    )
  }
  if (!commit) return { keep: () => Promise.resolve({}) }
  if (!isTree)
    throw bad(
      folder,
      'there is no Git work tree to commit in',
      'Make one with `git init`, or write the files without a commit.',
    )
  const dirty = existsSync(folder)
    ? await lines(gitIn(folder, app.env), ['status', '--porcelain', '--untracked-files=all', '--', '.'])
    : []
  const staged = await lines(git, ['diff', '--cached', '--name-only'])
  if (dirty.length + staged.length > 0) {
    const found = [...new Set([...dirty.map((line) => line.slice(3)), ...staged])]
    throw bad(
      folder,
      `not committed: ${found.slice(0, 10).join(', ')}${found.length > 10 ? `, and ${found.length - 10} more` : ''}`,
      'Commit or remove it: the commit of a backup holds a backup alone.',
    )
  }
  return { keep: (written) => committed(gitIn(nearestFolder(folder), app.env), folder, written, push) }
}

async function committed(
  git: Git,
  folder: string,
  written: Written,
  push: boolean,
): Promise<Pick<Backup, 'commit' | 'push'>> {
  const inside = existsSync(folder)
  if (!inside) return {}
  await done(git, ['add', '-A', '--', folder])
  const isEmpty = (await git({ args: ['diff', '--cached', '--quiet'] })).code === 0
  if (isEmpty) return push ? { push: await pushed(git) } : {}
  const as = [
    '-c',
    `user.name=${written.by}`,
    '-c',
    `user.email=${written.by.includes('@') ? written.by : `${written.by}@localhost`}`,
  ]
  await done(git, [...as, '-c', 'commit.gpgSign=false', 'commit', '--quiet', '--file=-'], messageOf(written))
  const [commit = ''] = await lines(git, ['rev-parse', 'HEAD'])
  return { commit, ...(push ? { push: await pushed(git) } : {}) }
}

/** The subject counts, the body says of each switch who has configured what is new, where the record knows it. */
function messageOf({ switches, gone, after }: Written): string {
  const told = switches.filter((one) => one.state === 'new' || one.state === 'changed')
  const failed = switches.filter(({ state }) => state === 'failed')
  const why = after === undefined ? '' : ` after execution ${after}`
  const body = [
    ...told.map(
      (one) => `${one.name}: ${'by' in one && one.by !== undefined ? one.by : 'no change of it is on record'}`,
    ),
    ...gone.map((name) => `${name}: no longer in the inventory`),
    ...failed.map(({ name }) => `${name}: not read, its file is as before`),
  ]
  const some = told.length <= 3 ? told.map(({ name }) => name).join(', ') : `${told.length} switches`
  return `Back up ${some === '' ? 'the list of switches' : some}${why}\n\n${body.join('\n')}\n`
}

async function pushed(git: Git): Promise<NonNullable<Backup['push']>> {
  const [branch = ''] = await lines(git, ['symbolic-ref', '--short', 'HEAD'])
  const [remote = 'origin'] = await lines(git, ['config', '--get', `branch.${branch}.remote`])
  const [address = ''] = await lines(git, ['remote', 'get-url', remote])
  const over = transportOf(address)
  if (over === undefined)
    return {
      rejected:
        address === ''
          ? `there is no remote ${remote}`
          : `the remote ${remote} is neither of https, nor of ssh, nor a folder`,
    }
  const { code, said } = await git({ args: ['push', '--quiet', '--', remote, `HEAD:refs/heads/${branch}`], over })
  return code === 0 ? 'pushed' : { rejected: said }
}

async function lines(git: Git, args: readonly string[]): Promise<readonly string[]> {
  const { out } = await git({ args })
  return out
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}

async function done(git: Git, args: readonly string[], input?: string): Promise<void> {
  const { code, said } = await git({ args, ...(input === undefined ? {} : { input }) })
  if (code !== 0)
    throw new EosflowError('protocol', `git could not keep the backup: ${said}`, {
      hint: 'The files are written; commit them by hand.',
    })
}

function nearestFolder(folder: string): string {
  let found = folder
  while (!existsSync(found) && found !== dirname(found)) found = dirname(found)
  return join(found)
}

function bad(folder: string, message: string, hint: string): InputError {
  return new InputError([problemOf(folder, 'backup-folder', message, hint)])
}
