import { existsSync } from 'node:fs'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { isVerified, transportOf } from '../../project/files/git/fetched-branch.ts'
import { type Git, gitIn } from '../../project/system/machine/git.ts'
import type { Host } from '../../project/system/process/host.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import type { Backup, BackupForm } from '../../report/backup/backup.ts'
import { nearestFolder } from './backup-folder.ts'

interface Written extends Pick<Backup, 'switches' | 'gone'> {
  readonly by: string
  readonly after: string | undefined
}

interface TreeRequest {
  readonly folder: string
  readonly form: BackupForm
  readonly commit: boolean
  readonly push: boolean
}

export interface BackupTree {
  keep(written: Written): Promise<Pick<Backup, 'commit' | 'push'>>
}

/** Throws InputError: for secrets that would lie in a work tree with a remote; for a commit without a work tree, in one where something in the folder is not committed, or where files are staged. */
export async function backupTree(app: Host, request: TreeRequest): Promise<BackupTree> {
  const { folder, form, commit, push } = request
  if (form !== 'keep' && !commit) return { keep: () => Promise.resolve({}) }
  const git = gitIn(nearestFolder(folder), app.env)
  const isTree = await isWorkTree(git, folder)
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
  await requireNoFilter(git, folder)
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

// A tree that `git` refuses to look at, because it is another user's or its configuration is broken, may have a remote all the same.
async function isWorkTree(git: Git, folder: string) {
  const { code, said } = await git({ args: ['rev-parse', '--show-toplevel'] })
  if (code === 0) return true
  if (/not a git repository \(or any /.test(said)) return false
  throw bad(folder, `git cannot say which work tree it is in: ${said}`, 'Name a folder outside of it, or mend that.')
}

async function requireNoFilter(git: Git, folder: string) {
  const [found] = await lines(git, ['config', '--name-only', '--get-regexp', '^filter\\..*\\.(clean|process)$'])
  if (found === undefined) return
  throw bad(
    folder,
    `its repository has the filter ${found}, a program that would run on the files`,
    'Commit in a repository that has none.',
  )
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
  const mail = written.by.includes('@') ? written.by : `${written.by}@localhost`
  // `author.*` and `committer.*` of the repository would go before `user.*` (git-config(1)).
  const as = ['user', 'author', 'committer'].flatMap((who) => [
    ...['-c', `${who}.name=${written.by}`],
    ...['-c', `${who}.email=${mail}`],
  ])
  await done(
    git,
    [...as, '-c', 'commit.gpgSign=false', 'commit', '--quiet', '--file=-', '--', folder],
    messageOf(written),
  )
  const [commit = ''] = await lines(git, ['rev-parse', 'HEAD'])
  return { commit, ...(push ? { push: await pushed(git) } : {}) }
}

function messageOf({ switches, gone, after }: Written) {
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
  const [branch] = await lines(git, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
  if (branch === undefined) return { rejected: 'the work tree is on no branch (a detached HEAD): check one out' }
  const [remote = 'origin'] = await lines(git, ['config', '--get', `branch.${branch}.remote`])
  const addresses = (await lines(git, ['remote', '--verbose'])).flatMap((row) => pushedTo(row, remote))
  const over = wayTo(addresses)
  if (over === undefined)
    return {
      rejected:
        addresses.length === 0
          ? `there is no remote ${remote}`
          : `the remote ${remote} is neither of https, nor of ssh, nor a folder`,
    }
  for (const address of addresses)
    if (over === 'https' && !(await isVerified(git, address)))
      return {
        rejected: `the certificate of the remote ${remote} is not verified: the clone sets http.<url>.sslVerify`,
      }
  const options = ['--no-recurse-submodules', '--no-signed']
  // Of a folder it would be a program here.
  if (over === 'file') options.push('--receive-pack=git-receive-pack')
  const args = ['push', '--quiet', ...options, '--', remote, `HEAD:refs/heads/${branch}`]
  const { code, said } = await git({ args, over })
  return code === 0 ? 'pushed' : { rejected: said }
}

function pushedTo(row: string, remote: string) {
  const [begins, ends] = [`${remote}\t`, ' (push)']
  return row.startsWith(begins) && row.endsWith(ends) ? [row.slice(begins.length, -ends.length)] : []
}

function wayTo(addresses: readonly string[]) {
  const ways = new Set(addresses.map(transportOf))
  return ways.size === 1 ? [...ways][0] : undefined
}

async function lines(git: Git, args: readonly string[]) {
  const { out } = await git({ args })
  return out
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}

async function done(git: Git, args: readonly string[], input?: string) {
  const { code, said } = await git({ args, ...definedMembers({ input }) })
  if (code !== 0)
    throw new EosflowError('protocol', `git could not keep the backup: ${said}`, {
      hint: 'The files are written; commit them by hand.',
    })
}

function bad(folder: string, message: string, hint: string) {
  return new InputError([problemOf(folder, 'backup-folder', message, hint)])
}
