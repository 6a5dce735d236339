import { closeSync, constants, fsyncSync, linkSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf, problemOf } from '../../../model/error.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { InputError, notWritable } from './input-error.ts'
import { PRIVATE } from './unlinked-file.ts'

const { O_WRONLY, O_CREAT, O_EXCL } = constants

export interface NewFile {
  readonly draft: string
  /** Throws InputError where something is at that place by now. */
  finish(): void
  discard(): void
}

/** Begins a file that must not be there yet. `shown` is how messages name it. */
export function newFile(path: string, shown: string): NewFile {
  requireNothingAt(path, shown)
  const draft = join(dirname(path), `.${basename(path)}.part`)
  try {
    closeSync(openSync(draft, O_WRONLY | O_CREAT | O_EXCL, PRIVATE))
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? leftOver(shown, draft) : unwritable(shown, error)
  }
  return {
    draft,
    finish: () => {
      syncFile(draft)
      try {
        putAt(draft, path)
      } catch (error) {
        requireNothingAt(path, shown)
        throw unwritable(shown, error)
      }
      syncFile(dirname(path))
    },
    discard: () => {
      for (const behind of ['', '-journal', '-wal', '-shm']) rmSync(`${draft}${behind}`, { force: true })
    },
  }
}

function putAt(draft: string, path: string) {
  try {
    linkSync(draft, path)
    rmSync(draft)
  } catch (error) {
    const code = codeOf(error)
    const hasLinks = code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS'
    if (hasLinks || lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw error
    renameSync(draft, path)
  }
}

export function syncFile(path: string): void {
  const file = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function requireNothingAt(path: string, shown: string) {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  const what = found.isDirectory() ? 'this is a folder' : 'something is there already, and it is not written over'
  throw notWritable(shown, what, 'Name a file that is not there yet.')
}

function leftOver(shown: string, draft: string) {
  return notWritable(
    shown,
    `${basename(draft)} is beside it: it is being made, or was when its process was killed`,
    `Where nothing makes it any more: rm ${shellWord(draft)}`,
  )
}

function unwritable(shown: string, error: unknown) {
  const code = codeOf(error)
  const problem = problemOf(
    shown,
    'not-writable',
    `cannot be written (${code})`,
    'Check the folder, its rights and its disk.',
  )
  return new InputError([problem], { cause: error })
}
