import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from '../../../model/random.ts'
import { readRegular } from '../../system/machine/regular-file.ts'
import { PRIVATE } from '../../system/process/unlinked-file.ts'

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_DIRECTORY } = constants

const FOLDER = '.eosflow/inventory'

export const answerFile = (name: string): string => `${FOLDER}/${name}.json`

/** The bytes of a kept answer; undefined where there is none. Throws what the file system says of one that cannot be read. */
export function readAnswerFile(dir: string, name: string): Uint8Array | undefined {
  try {
    return readRegular(join(dir, answerFile(name)), { noLink: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}

/**
 * Keeps an answer for its owner alone: it is whole on the disk under another name before it has its own, so that nobody reads a part of it.
 * Throws what the file system says; the answer before is then still there.
 */
export function writeAnswerFile(dir: string, name: string, text: string, random: Pick<Random, 'hex'>): void {
  const path = join(dir, answerFile(name))
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${name}.${random.hex(6)}.part`)
  try {
    writeWhole(draft, Buffer.from(text))
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  const opened = openSync(folder, O_RDONLY | O_DIRECTORY)
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

function writeWhole(path: string, bytes: Buffer) {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE)
  try {
    fchmodSync(file, PRIVATE)
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
