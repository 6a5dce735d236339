import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs'

export const PRIVATE = 0o600

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants

/** The one rule by which commands write files: a symbolic link is never followed, because who can put one there would choose what is written over (open(2), ELOOP). With `mode` the file has that mode afterwards, also one that was there before; without, it keeps its own. */
export function writeUnlinked(path: string, text: string, mode?: number): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW, mode)
  try {
    if (fstatSync(file).isFile()) {
      if (mode !== undefined) fchmodSync(file, mode)
      ftruncateSync(file)
    }
    writeFileSync(file, text)
  } finally {
    closeSync(file)
  }
}

/** The same for a file that must not be there yet, synced to the disk: of what cannot be written whole nothing stays. Throws what the file system says. */
export function writeNewUnlinked(path: string, text: string, mode: number): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}
