import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { codeOf } from '../../../model/error.ts'
import type { Tree, TreeEntry } from '../../../text/source/located.ts'
import { confinedFile, isWithin } from './confined-file.ts'

export interface WatchedTree extends Tree {
  isSame(): boolean
  /** What was asked for and lies outside of the roots, because a link leads there: it is not there for a reader, and not missing either. */
  outside(): readonly string[]
  watch(path: string): void
}

// What was changed so shortly before it was looked at may change again without another time: Linux counts in steps of up to 10 ms.
const YOUNG_MS = 50

/**
 * The files and folders on disk, by paths from `dir`. Only what lies in one of `roots` once its links are resolved is there; a root is an
 * absolute path.
 */
export function watchedTree(dir: string, roots: readonly string[]): WatchedTree {
  const within = roots.map(realOrSame)
  const seen = new Map<string, string>()
  const left = new Set<string>()
  const look = (path: string) => {
    const full = resolve(dir, path)
    // Before it is read: what changes meanwhile has another look.
    if (!seen.has(full)) seen.set(full, lookOf(full, Date.now()))
    return full
  }
  return {
    file: (path) => {
      const full = look(path)
      if (isOutside(full, within)) left.add(path)
      for (const root of within) {
        const content = confinedFile(root, full)
        if (content !== undefined) return content
      }
      return undefined
    },
    folder: (path) => {
      const full = look(path)
      if (!isOutside(full, within)) return entriesOf(full)
      left.add(path)
      return undefined
    },
    mayAsk: (path) => !isOutside(resolve(dir, path), within),
    outside: () => [...left],
    watch: (path) => {
      look(path)
    },
    isSame: () => [...seen].every(([full, before]) => before === lookOf(full, undefined)),
  }
}

// `now` in milliseconds: what is younger than that allows has a look that never comes again.
function lookOf(full: string, now: number | undefined) {
  try {
    const { ino, size, mode, mtimeNs, ctimeNs, ctimeMs } = statSync(full, { bigint: true })
    if (now !== undefined && Number(ctimeMs) > now - YOUNG_MS) return 'young'
    return [ino, size, mode, mtimeNs, ctimeNs].join(' ')
  } catch (error) {
    return codeOf(error, 'unreadable')
  }
}

function entriesOf(full: string): readonly TreeEntry[] | undefined {
  try {
    return readdirSync(full)
      .sort()
      .flatMap((name) => {
        const kind = kindOf(join(full, name))
        return kind === undefined ? [] : [{ name, kind }]
      })
  } catch {
    return undefined
  }
}

// A link that leads nowhere is named as a file, so that its reader finds that it cannot be read.
function kindOf(path: string) {
  try {
    const stat = statSync(path)
    if (stat.isDirectory()) return 'folder'
    return stat.isFile() ? 'file' : undefined
  } catch {
    return 'file'
  }
}

function isOutside(full: string, roots: readonly string[]) {
  const real = realOrSame(full)
  return !roots.some((root) => isWithin(root, real)) && existsSync(full)
}

export function realOrSame(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
