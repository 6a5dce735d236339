import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { canonicalJson, hmac, sha256 } from '../../model/digest.ts'
import { codeOf, EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { ProjectStore } from '../../project/app/store/project-store.ts'
import { isVerified, transportOf } from '../../project/files/git/fetched-branch.ts'
import { nearestThere } from '../../project/system/machine/disk-room.ts'
import { type Git, gitIn } from '../../project/system/machine/git.ts'
import { readRegularText } from '../../project/system/machine/regular-file.ts'
import type { Host } from '../../project/system/process/host.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import { PRIVATE } from '../../project/system/process/unlinked-file.ts'
import {
  BACKUP_FORMS,
  type Backup,
  type BackupEntry,
  type BackupForm,
  backupListText,
  readBackupList,
} from '../../report/backup/formats.ts'

// For how many milliseconds another backup is waited for, and how often it is looked whether it has ended.
const WAIT = 600_000
const AGAIN = 200

/** Waits for ten minutes. Throws `busy` behind that. */
export async function aloneIn<T>(
  { claims, clock }: Pick<ProjectStore, 'claims' | 'clock'>,
  folder: string,
  work: () => Promise<T>,
): Promise<T> {
  const name = `backup-${sha256(sharedWith(folder)).slice('sha256:'.length)}`
  const turns = TURNS.get(claims) ?? new Map<string, Promise<unknown>>()
  TURNS.set(claims, turns)
  const before = turns.get(name) ?? Promise.resolve()
  const mine = before.catch(() => undefined).then(() => claimed({ claims, clock }, name, folder, work))
  turns.set(name, mine)
  try {
    return await mine
  } finally {
    if (turns.get(name) === mine) turns.delete(name)
  }
}

const TURNS = new WeakMap<ProjectStore['claims'], Map<string, Promise<unknown>>>()

async function claimed<T>(
  { claims, clock }: Pick<ProjectStore, 'claims' | 'clock'>,
  name: string,
  folder: string,
  work: () => Promise<T>,
) {
  const until = clock.monotonic() + WAIT
  const claim = await claims.claim(name)
  try {
    while (!(await claim.renew())) {
      if (clock.monotonic() >= until)
        throw new EosflowError('busy', `another backup into ${folder} has not ended`, { retryable: true })
      await clock.sleep(AGAIN)
    }
    return await work()
  } finally {
    await claim.release()
  }
}

function sharedWith(folder: string) {
  const near = nearestThere(folder)
  const real = realpathSync(near)
  for (let above = real; ; above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return above
    if (above === dirname(above)) return join(real, relative(near, folder))
  }
}

export const BACKUPS = 'backup.json'
const GONE = 'gone'

export class BackupFolder {
  readonly #dir: string
  readonly #entries: Map<string, BackupEntry>

  /** Throws `guard` for a folder that is a symbolic link or whose list cannot be read: it is another's. */
  constructor(dir: string) {
    this.#dir = dir
    requirePlain(dir)
    this.#entries = new Map(Object.entries(readList(join(dir, BACKUPS))))
  }

  names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  entry(name: string): BackupEntry | undefined {
    return this.#entries.get(name)
  }

  /** Throws `guard` for a symbolic link, and for what is no file. */
  read(file: string): string | undefined {
    return plainText(join(this.#dir, file))
  }

  write(name: string, text: string, entry: BackupEntry): string {
    const file = fileOf(name, entry.form)
    this.#replace(file, text)
    for (const form of BACKUP_FORMS)
      if (fileOf(name, form) !== file) rmSync(join(this.#dir, fileOf(name, form)), { force: true })
    this.#entries.set(name, entry)
    return file
  }

  moveAside(name: string): void {
    const found = this.#entries.get(name)
    this.#entries.delete(name)
    const file = fileOf(name, found?.form ?? 'redact')
    if (!existsSync(join(this.#dir, file))) return
    mkdirSync(join(this.#dir, GONE), { recursive: true })
    requirePlain(join(this.#dir, GONE))
    renameSync(join(this.#dir, file), join(this.#dir, GONE, file))
  }

  close(): void {
    const text = backupListText(this.#entries)
    if (this.read(BACKUPS) === text || (this.#entries.size === 0 && this.read(BACKUPS) === undefined)) return
    this.#replace(BACKUPS, text)
  }

  closeLate(): void {
    try {
      this.close()
    } catch {
      // What has failed first says why.
    }
  }

  // Throws `store` where the disk does not take it: what was there before is there.
  #replace(file: string, text: string) {
    try {
      mkdirSync(this.#dir, { recursive: true })
      replaceFile(join(this.#dir, file), text)
    } catch (cause) {
      const code = codeOf(cause)
      throw new EosflowError('store', `${join(this.#dir, file)} could not be written (${code})`, {
        hint: 'Check the folder, its rights and its disk. What was backed up there before is as it was.',
        cause,
      })
    }
  }
}

/** Throws `guard` for a folder that a symbolic link on the way to it takes out of another one. */
export function requireInside(root: string, folder: string): void {
  const real = realpathSync(root)
  const near = realpathSync(nearestThere(folder))
  if (near === real || near.startsWith(`${real}/`)) return
  throw new EosflowError('guard', `${folder} is outside of the project: a symbolic link leads to ${near}`)
}

export function fileOf(name: string, form: BackupForm): string {
  return form === 'age' ? `${name}.cfg.age` : `${name}.cfg`
}

/** What a list keeps of the whole text of a switch, as it is without its headers: nobody without the key of a store can make one. */
export function backupDigest(key: string, name: string, whole: string): string {
  return hmac(key, `backup:${name}\n${whole}`)
}

export function isSameEntry(one: BackupEntry | undefined, other: BackupEntry): boolean {
  if (one === undefined) return false
  const { file: _, ...said } = one
  return canonicalJson(said) === canonicalJson(other)
}

function requirePlain(dir: string) {
  const found = lstatSync(dir, { throwIfNoEntry: false })
  if (found === undefined || found.isDirectory()) return
  throw new EosflowError('guard', `${dir} is no folder${found.isSymbolicLink() ? ': it is a symbolic link' : ''}`)
}

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

function replaceFile(path: string, text: string) {
  const draft = join(dirname(path), `.${basename(path)}.part`)
  rmSync(draft, { force: true })
  const file = openSync(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

function plainText(path: string) {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  requireFile(path, lstatSync(path))
  return readRegularText(path, { noLink: true })
}

function requireFile(path: string, found: Pick<Stats, 'isFile' | 'isSymbolicLink'>) {
  if (found.isFile()) return
  throw new EosflowError('guard', `${path} is no file${found.isSymbolicLink() ? ': it is a symbolic link' : ''}`)
}

function readList(path: string) {
  const text = plainText(path)
  if (text === undefined) return {}
  try {
    return readBackupList(text)
  } catch (cause) {
    throw new EosflowError('guard', `${path} is no list of backups of this version`, {
      cause,
      hint: 'Name another folder, or remove the file: all switches are then written anew.',
    })
  }
}

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

interface BackupTree {
  keep(written: Written): Promise<Pick<Backup, 'commit' | 'push'>>
}

/** Throws InputError: for secrets that would lie in a work tree with a remote; for a commit without a work tree, in one where something in the folder is not committed, or where files are staged. */
export async function backupTree(app: Host, request: TreeRequest): Promise<BackupTree> {
  const { folder, form, commit, push } = request
  if (form !== 'keep' && !commit) return { keep: () => Promise.resolve({}) }
  const git = gitIn(nearestThere(folder), app.env)
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
  return { keep: (written) => committed(gitIn(nearestThere(folder), app.env), folder, written, push) }
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
  return inputError(folder, 'backup-folder', message, hint)
}
