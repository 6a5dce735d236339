import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import { GENERATED_LIMIT } from '../source/text.ts'

/**
 * The bytes of a file in a folder, by its path from there; undefined when it is not there, is no regular file, or lies
 * outside once its links are resolved. One that is longer than anything eosflow reads is read only so far that its
 * reader sees that. `root` has its links resolved.
 */
export function confinedFile(root: string, path: string): Uint8Array | undefined {
  try {
    const real = realpathSync(resolve(root, path))
    const inside = root.endsWith(sep) ? root : root + sep
    return real.startsWith(inside) ? regularFile(real) : undefined
  } catch {
    return undefined
  }
}

/** A link that takes the file's place meanwhile is not followed, and a pipe is not waited for. */
function regularFile(path: string): Uint8Array | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return undefined
    if (stat.size <= GENERATED_LIMIT) return readFileSync(file)
    const begin = Buffer.alloc(GENERATED_LIMIT + 1)
    return begin.subarray(0, readSync(file, begin))
  } finally {
    closeSync(file)
  }
}
