import { closeSync, fstatSync, lstatSync, readSync, realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { codeOf } from '../../../model/error.ts'
import type { Absence, Files } from '../../../text/source/files.ts'
import { GENERATED_LIMIT } from '../../../text/source/text.ts'
import { openRegular, readOpened } from './regular-file.ts'

/** The bytes of a file in a folder, by its path from there; undefined when it is not there, is no regular file, or lies outside once its links are resolved. `root` has its links resolved. */
export function confinedFile(root: string, path: string, most = GENERATED_LIMIT): Uint8Array | undefined {
  try {
    const real = realpathSync.native(resolve(root, path))
    return isInside(root, real) ? regularFile(real, most) : undefined
  } catch {
    return undefined
  }
}

/** The files of a folder as {@link confinedFile} reads them, and why it does not read the others. `within` is what the folder is. */
export function confinedFiles(root: string, within = 'the project'): Files {
  const why = (path: string): Absence => absenceOf(root, path)
  return Object.assign((path: string) => confinedFile(root, path), { why, within, isLinked: linkedIn(root) })
}

function linkedIn(root: string): (path: string) => boolean {
  return (path) => {
    const full = resolve(root, path)
    try {
      return realpathSync(full) !== full
    } catch {
      return false
    }
  }
}

function absenceOf(root: string, path: string): Absence {
  const full = resolve(root, path)
  try {
    const real = realpathSync(full)
    if (!isInside(root, real)) return 'outside'
    regularFile(real, GENERATED_LIMIT)
    return 'missing'
  } catch (error) {
    const code = codeOf(error, '')
    const absence = BY_CODE[code] ?? 'unreadable'
    return absence === 'missing' && isLink(full) ? 'link' : absence
  }
}

// What the file system says (open(2)): whatever is not in the table forbids the reading.
const BY_CODE: Readonly<Record<string, Absence>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  ENAMETOOLONG: 'missing',
  ELOOP: 'link',
  ENXIO: 'not-a-file',
  EISDIR: 'not-a-file',
}

function isInside(root: string, real: string) {
  return real.startsWith(root.endsWith(sep) ? root : root + sep)
}

function isLink(path: string) {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function regularFile(path: string, most: number): Uint8Array {
  const file = openRegular(path, { noLink: true })
  try {
    if (fstatSync(file).size <= most) return readOpened(file, path, most)
    const begin = Buffer.alloc(most + 1)
    return begin.subarray(0, readSync(file, begin))
  } finally {
    closeSync(file)
  }
}
