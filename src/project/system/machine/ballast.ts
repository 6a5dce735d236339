import { randomFillSync } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const CHUNK = 1024 * 1024

/**
 * A file beside the store that holds nothing and is there to be removed: what it gives back is room for a few more records on a disk
 * that is full. Its bytes are random, so that no file system keeps it in less than its size.
 */
export class Ballast {
  readonly #path: string
  readonly #size: number

  constructor(folder: string, size: number) {
    this.#path = join(folder, 'ballast')
    this.#size = size
  }

  /** How many of its bytes are not there. */
  get missing(): number {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0
    return Math.max(0, this.#size - size)
  }

  /** Writes what is missing, with mode 0600. If it cannot be written, what was written is removed and the error thrown. */
  fill(): void {
    const file = openSync(this.#path, constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600)
    try {
      const bytes = randomFillSync(Buffer.alloc(Math.min(CHUNK, this.#size)))
      for (let at = fstatSync(file).size; at < this.#size; ) {
        at += writeSync(file, bytes, 0, Math.min(bytes.length, this.#size - at), at)
      }
    } catch (thrown) {
      this.drop()
      throw thrown
    } finally {
      closeSync(file)
    }
  }

  /** Removes it. False when there was none. */
  drop(): boolean {
    const isThere = this.missing < this.#size
    rmSync(this.#path, { force: true })
    return isThere
  }
}
