import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRegular } from './regular-file.ts'

export interface UserCache {
  read(name: string): Buffer | undefined
  /** Writes a file, and forgets the oldest of those whose names begin as it does up to its first `-`, but for so many. */
  write(name: string, content: Buffer | string, most: number): void
}

/** The user's folder for what can be made again: `$XDG_CACHE_HOME/eosflow`, or `~/.cache/eosflow`. */
export function userCache(): UserCache | undefined {
  const cache = process.env.XDG_CACHE_HOME || join(process.env.HOME ?? '', '.cache')
  if (!cache.startsWith('/')) return undefined
  const dir = join(cache, 'eosflow')
  return {
    read: (name) => (isOurs(dir) && isOurs(join(dir, name)) ? readIfThere(join(dir, name)) : undefined),
    write(name, content, most) {
      try {
        mkdirSync(dir, { recursive: true, mode: 0o700 })
        if (!isOurs(dir)) return
        const written = join(dir, `${name}.${process.pid}`)
        writeFileSync(written, content, { mode: 0o600, flag: 'wx' })
        renameSync(written, join(dir, name))
        forgetOthers(dir, name, most)
      } catch {
        // Without it the next command does what this one did.
      }
    },
  }
}

function forgetOthers(dir: string, newest: string, most: number) {
  const kind = newest.slice(0, newest.indexOf('-') + 1)
  const others = readdirSync(dir)
    .filter((name) => name.startsWith(kind) && name !== newest)
    .map((name) => join(dir, name))
  if (others.length < most) return
  const byAge = others.toSorted((a, b) => lstatSync(b).mtimeMs - lstatSync(a).mtimeMs)
  for (const path of byAge.slice(most - 1)) rmSync(path, { force: true })
}

function isOurs(path: string) {
  try {
    const found = lstatSync(path)
    return !found.isSymbolicLink() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
  } catch {
    return false
  }
}

function readIfThere(path: string) {
  try {
    return readRegular(path)
  } catch {
    return undefined
  }
}
