import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type ForeignWriter, foreignWriter, type Reader } from './foreign-writer.ts'

/** A file or a folder on the way to what is read, and who else may change it. */
export interface ForeignPath {
  readonly path: string
  readonly by: ForeignWriter
}

/**
 * The first of a folder and what is between it and a path, the path too, that somebody else may change. Links count, and so does all that they
 * lead through. Of a path that is not in the folder its own folder counts. Undefined where there is none, or nothing is there.
 * `root` has its links resolved. `isTaken`: what is passed over all the same.
 */
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

/** The places on some ways, each once, and on those that the links among them make of a way. */
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

/** The path that a link on the way makes of it: a link may lead to a link, and each lies in a folder. */
function behindLink(link: string, way: string): string {
  return resolve(dirname(link), readlinkSync(link), relative(link, way))
}

/** Whether a path is a folder, or in it. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

function wayTo(root: string, full: string): readonly string[] {
  if (!isWithin(root, full)) return [dirname(full), full]
  const names = relative(root, full).split(sep).filter(Boolean)
  return [root, ...names.map((_, index) => join(root, ...names.slice(0, index + 1)))]
}

function realOrNone(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}
