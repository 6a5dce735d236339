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
import { canonicalJson } from '../../model/canonical-json.ts'
import { hmac, sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import type { ProjectStore } from '../../project/app/store/project-store.ts'
import { readRegularText } from '../../project/system/machine/regular-file.ts'
import { PRIVATE } from '../../project/system/process/unlinked-file.ts'
import { BACKUP_FORMS, type BackupForm } from '../../report/backup/backup.ts'
import { type BackupEntry, backupListText, readBackupList } from '../../report/backup/backup-list.ts'

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

export function nearestFolder(folder: string): string {
  let found = folder
  while (!existsSync(found) && found !== dirname(found)) found = dirname(found)
  return found
}

function sharedWith(folder: string) {
  const near = nearestFolder(folder)
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
  #replace(file: string, text: string): void {
    try {
      mkdirSync(this.#dir, { recursive: true })
      replaceFile(join(this.#dir, file), text)
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
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
  const near = realpathSync(nearestFolder(folder))
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
