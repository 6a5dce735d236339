import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type ForeignWriter, foreignWriter, type Reader } from './foreign-writer.ts'

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
