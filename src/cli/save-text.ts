import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from './failure.ts'
import type { Io } from './io.ts'
import { PRIVATE, writeUnlinked } from './unlinked-file.ts'

/**
 * Writes a text that people or programs read later: a plan, a report, a recording, an export, for its owner alone. No secret that the
 * process knows is in it, as in nothing else that leaves through `io`. `path` is taken from the working folder. A symbolic link is not
 * followed ({@link writeUnlinked}). Throws InputError when it cannot be written.
 */
export function saveText(io: Io, path: string, text: string): void {
  try {
    writeUnlinked(resolve(io.cwd, path), io.scrubber.scrub(text), PRIVATE)
  } catch (error) {
    throw notWritten(path, error)
  }
}

/** Throws InputError when a path is a symbolic link: said before the work that would end there. */
export function requireNoLink(io: Io, path: string): void {
  if (lstatSync(resolve(io.cwd, path), { throwIfNoEntry: false })?.isSymbolicLink() === true) throw isLink(path)
}

function notWritten(file: string, error: unknown): InputError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
  if (code === 'ELOOP') return isLink(file)
  return unwritable(file, `cannot be written (${code})`, 'check the folder and its rights')
}

function isLink(file: string): InputError {
  return unwritable(file, 'it is a symbolic link, which is not written through', 'Name the file itself.')
}

function unwritable(file: string, message: string, hint: string): InputError {
  return new InputError([{ code: 'not-writable', message, at: { file, line: 1, column: 1 }, hint }])
}
