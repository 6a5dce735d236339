import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf, EosflowError } from '../../../model/error.ts'

/** 32 bytes as hex: what a key file holds in its first line. */
export const KEY_HEX = /^[0-9a-f]{64}$/

/** 32 random bytes as hex. */
export function freshKey(): string {
  return randomBytes(32).toString('hex')
}

/**
 * The text of a key file; undefined when there is none. Throws `store` when it is a symbolic link, when others than its owner may
 * read it, or when it belongs to somebody else.
 */
export function readKeyFile(path: string): string | undefined {
  const file = openKey(path)
  if (file === undefined) return undefined
  try {
    const stat = fstatSync(file)
    const { mode, uid } = stat
    if (!stat.isFile())
      throw new EosflowError('store', `${path} is not a regular file`, { hint: 'Put the key itself there.' })
    if ((mode & 0o077) !== 0) {
      throw new EosflowError('store', `${path} may be read by others (mode ${(mode & 0o777).toString(8)})`, {
        hint: `If nobody else has read it: chmod 600 ${path}`,
      })
    }
    if (process.getuid !== undefined && uid !== process.getuid()) {
      throw new EosflowError('store', `${path} belongs to user ${uid}, not to this one`)
    }
    return readFileSync(file, 'utf8').trim()
  } finally {
    closeSync(file)
  }
}

/** Makes a key file with mode 0600, and its folder. It is written aside and linked into place, so that two first runs end up with one key and nobody reads half of it: gives the text that is in place. */
export function makeKeyFile(path: string, text: string): string {
  return besides(path, text, (aside) => {
    try {
      linkSync(aside, path)
      return text
    } catch (cause) {
      const other = codeOf(cause) === 'EEXIST' ? readKeyFile(path) : undefined
      if (other !== undefined) return other
      throw cause
    }
  })
}

/** Puts another text in place of a key file, whole or not at all. Throws `store`. */
export function replaceKeyFile(path: string, text: string): void {
  besides(path, text, (aside) => renameSync(aside, path))
}

function besides<T>(path: string, text: string, place: (aside: string) => T) {
  const aside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeToDisk(aside, `${text}\n`)
    return place(aside)
  } catch (cause) {
    if (cause instanceof EosflowError) throw cause
    throw new EosflowError('store', `${path} cannot be written (${codeOf(cause)})`, {
      hint: 'Give this user write permission on the folder of the store, or name another with --store.',
      cause,
    })
  } finally {
    removeIfThere(aside)
  }
}

function removeIfThere(path: string) {
  try {
    rmSync(path, { force: true })
  } catch (cause) {
    if (codeOf(cause) !== 'ENOTDIR') throw cause
  }
}

function writeToDisk(path: string, text: string) {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function openKey(path: string) {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'ELOOP')
      throw new EosflowError('store', `${path} is a symbolic link`, { hint: 'Put the key itself there.', cause })
    throw new EosflowError('store', `${path} cannot be read (${code})`, { cause })
  }
}

const MOST = 67_108_864

export interface FileReading {
  /** A symbolic link at the end of the path is refused (`ELOOP`), not followed. */
  readonly noLink?: boolean
  /** The most bytes that are read; absent: what eosflow reads of any text. A larger file is refused (`EFBIG`). */
  readonly most?: number
}

/** A pipe is not waited for, and what is no regular file is refused: `EISDIR` for a folder, `ENXIO` for a pipe, a socket or a device. Throws what the file system says. */
export function openRegular(path: string, { noLink = false }: FileReading = {}): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (noLink ? constants.O_NOFOLLOW : 0))
  const stat = fstatSync(file)
  if (stat.isFile()) return file
  closeSync(file)
  throw stat.isDirectory() ? fault('EISDIR', `${path} is a folder`) : fault('ENXIO', `${path} is not a regular file`)
}

/** The bytes of a regular file: the one way in which eosflow reads a whole file. Throws as {@link openRegular} does. */
export function readRegular(path: string, reading: FileReading = {}): Buffer {
  const file = openRegular(path, reading)
  try {
    return readOpened(file, path, reading.most)
  } finally {
    closeSync(file)
  }
}

/** The text of a regular file, in UTF-8. Throws as {@link readRegular} does. */
export function readRegularText(path: string, reading: FileReading = {}): string {
  return readRegular(path, reading).toString('utf8')
}

// So much is asked for at once of what does not say how long it is.
const PIECE = 65_536

/** The bytes of what is open, to its end, whatever it says of its size. Throws `EFBIG` beyond `most`. */
export function readOpened(file: number, name: string, most: number = MOST): Buffer {
  const { size } = fstatSync(file)
  if (size > most) throw fault('EFBIG', `${name} has more than ${most} bytes`)
  const pieces: Buffer[] = []
  let read = 0
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.min(Math.max(size - read + 1, PIECE), most - read + 1))
    const count = readSync(file, piece)
    if (count === 0) return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces)
    read += count
    if (read > most) throw fault('EFBIG', `${name} has more than ${most} bytes`)
    pieces.push(piece.subarray(0, count))
  }
}

function fault(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, syscall: 'open' })
}
