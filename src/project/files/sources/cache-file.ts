import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from '../../../model/clock.ts'
import { codeOf } from '../../../model/error.ts'
import { readRegular } from '../../system/machine/regular-file.ts'
import { syncFile } from '../../system/process/new-file.ts'
import { PRIVATE, writeNewUnlinked } from '../../system/process/unlinked-file.ts'

const FOLDER = '.eosflow/inventory'

export const answerFile = (name: string): string => `${FOLDER}/${name}.json`

// The bytes of a kept answer; undefined where there is none. Throws what the file system says of one that cannot be read.
export function readAnswerFile(dir: string, name: string): Uint8Array | undefined {
  try {
    return readRegular(join(dir, answerFile(name)), { noLink: true })
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return undefined
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
    writeNewUnlinked(draft, text, PRIVATE)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  syncFile(folder)
}
