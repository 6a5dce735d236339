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
import { basename, dirname, join } from 'node:path'
import { canonicalJson } from '../../model/canonical-json.ts'
import { hmac } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import { readRegularText } from '../../project/system/machine/regular-file.ts'
import { PRIVATE } from '../../project/system/process/unlinked-file.ts'
import { BACKUP_FORMS, type BackupForm } from '../../report/backup/backup.ts'
import { type BackupEntry, backupListText, readBackupList } from '../../report/backup/backup-list.ts'
import { nearestFolder } from './alone-in.ts'

/** The list of what is in a folder of backups. */
export const BACKUPS = 'backup.json'
/** Where the files of switches go that the inventory no longer has. */
const GONE = 'gone'

/** A folder of backups: one file for each switch, and a list of them. Nothing in it is a symbolic link that is followed. */
export class BackupFolder {
  readonly #dir: string
  readonly #entries: Map<string, BackupEntry>

  /** Throws `guard` for a folder that is a symbolic link or whose list cannot be read: it is another's. */
  constructor(dir: string) {
    this.#dir = dir
    requirePlain(dir)
    this.#entries = new Map(Object.entries(readList(join(dir, BACKUPS))))
  }

  /** The names of all switches that are in it. */
  names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  entry(name: string): BackupEntry | undefined {
    return this.#entries.get(name)
  }

  /** The text of a file; undefined where there is none. Throws `guard` for a symbolic link, and for what is no file. */
  read(file: string): string | undefined {
    return plainText(join(this.#dir, file))
  }

  /** Writes the file of a switch in the place of any other that it had, and gives its name. */
  write(name: string, text: string, entry: BackupEntry): string {
    const file = fileOf(name, entry.form)
    this.#replace(file, text)
    for (const form of BACKUP_FORMS)
      if (fileOf(name, form) !== file) rmSync(join(this.#dir, fileOf(name, form)), { force: true })
    this.#entries.set(name, entry)
    return file
  }

  /** Moves the file of a switch aside, and takes it out of the list. */
  moveAside(name: string): void {
    const found = this.#entries.get(name)
    this.#entries.delete(name)
    const file = fileOf(name, found?.form ?? 'redact')
    if (!existsSync(join(this.#dir, file))) return
    mkdirSync(join(this.#dir, GONE), { recursive: true })
    requirePlain(join(this.#dir, GONE))
    renameSync(join(this.#dir, file), join(this.#dir, GONE, file))
  }

  /** Writes the list, where it says something else than before. */
  close(): void {
    const text = backupListText(this.#entries)
    if (this.read(BACKUPS) === text || (this.#entries.size === 0 && this.read(BACKUPS) === undefined)) return
    this.#replace(BACKUPS, text)
  }

  /** {@link BackupFolder.close} behind a failure, which alone is thrown: as far as the disk takes it, the list has the files that are there. */
  closeLate(): void {
    try {
      this.close()
    } catch {
      // What has failed first says why.
    }
  }

  /** Throws `store` where the disk does not take it: what was there before is there. */
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

/** The file of a switch in a form. */
export function fileOf(name: string, form: BackupForm): string {
  return form === 'age' ? `${name}.cfg.age` : `${name}.cfg`
}

/** What a list keeps of the whole text of a switch, as it is without its headers: nobody without the key of a store can make one. */
export function backupDigest(key: string, name: string, whole: string): string {
  return hmac(key, `backup:${name}\n${whole}`)
}

/** Whether two entries say the same of a switch. */
export function isSameEntry(one: BackupEntry | undefined, other: BackupEntry): boolean {
  if (one === undefined) return false
  const { file: _, ...said } = one
  return canonicalJson(said) === canonicalJson(other)
}

function requirePlain(dir: string): void {
  const found = lstatSync(dir, { throwIfNoEntry: false })
  if (found === undefined || found.isDirectory()) return
  throw new EosflowError('guard', `${dir} is no folder${found.isSymbolicLink() ? ': it is a symbolic link' : ''}`)
}

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

/** A text is whole on the disk before it has the place of the last good one: the disk may be full, and the machine may die. */
function replaceFile(path: string, text: string): void {
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

/** A link is not followed (open(2), ELOOP), and a pipe is not waited for. */
function plainText(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  requireFile(path, lstatSync(path))
  return readRegularText(path, { noLink: true })
}

function requireFile(path: string, found: Pick<Stats, 'isFile' | 'isSymbolicLink'>): void {
  if (found.isFile()) return
  throw new EosflowError('guard', `${path} is no file${found.isSymbolicLink() ? ': it is a symbolic link' : ''}`)
}

function readList(path: string): Readonly<Record<string, BackupEntry>> {
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
