import { closeSync, fstatSync, lstatSync, readlinkSync, readSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { codeOf } from '../../../model/error.ts'
import type { Absence, Files } from '../../../text/source/files.ts'
import { GENERATED_LIMIT } from '../../../text/source/located.ts'
import { type ForeignWriter, foreignWriter, type Reader } from './foreign-writer.ts'
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

export interface ForeignPath {
  readonly path: string
  readonly by: ForeignWriter
}

/** `root` has its links resolved. `isTaken`: what is passed over all the same. */
export function foreignPath(
  root: string,
  path: string,
  reader: Reader,
  isTaken: (at: string) => boolean = () => false,
): ForeignPath | undefined {
  const full = resolve(root, path)
  const real = realOrNone(full)
  if (real === undefined) return undefined
  for (const at of placesOn(root, [full, real])) {
    const found = lstatSync(at, { throwIfNoEntry: false })
    const by = found === undefined ? undefined : foreignWriter(found, reader)
    if (by !== undefined && !isTaken(at)) return { path: at, by }
  }
  return undefined
}

function* placesOn(root: string, ways: readonly string[]): Generator<string> {
  const seen = new Set<string>()
  const left = [...ways]
  for (let way = left.shift(); way !== undefined; way = left.shift()) {
    for (const at of wayTo(root, way)) {
      if (seen.has(at)) continue
      seen.add(at)
      yield at
      if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) left.push(behindLink(at, way))
    }
  }
}

function behindLink(link: string, way: string) {
  return resolve(dirname(link), readlinkSync(link), relative(link, way))
}

export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

function wayTo(root: string, full: string) {
  if (!isWithin(root, full)) return [dirname(full), full]
  const names = relative(root, full).split(sep).filter(Boolean)
  return [root, ...names.map((_, index) => join(root, ...names.slice(0, index + 1)))]
}

function realOrNone(path: string) {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}
