import { closeSync, constants, fstatSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { EosflowError } from '../../model/error.ts'

/** Makes the file with mode 0600, and its folder; SQLite gives its WAL the same mode. */
export function makePrivateFile(path: string): void {
  if (path === ':memory:') return
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, constants.O_CREAT | constants.O_RDONLY, 0o600)
    try {
      requirePrivate(path, fstatSync(file).mode)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (cause instanceof EosflowError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new EosflowError('store', `the store ${path} cannot be made or read (${code})`, {
      hint: 'Give this user write permission on the folder of the store, or name another with --store.',
      cause,
    })
  }
}

/** Who can write to a store, or put another in its place, decides what is on record. Throws `store`. */
function requirePrivate(path: string, mode: number): void {
  if ((mode & 0o077) !== 0) throw openToOthers(path, mode, '600')
  const folder = dirname(path)
  const { mode: around } = statSync(folder)
  const isSticky = (around & 0o1000) !== 0
  if ((around & 0o022) !== 0 && !isSticky) throw openToOthers(folder, around, 'go-w')
}

function openToOthers(path: string, mode: number, mend: string): EosflowError {
  return new EosflowError('store', `${path} is open to others (mode ${(mode & 0o777).toString(8)})`, {
    hint: `If nobody else has written there: chmod ${mend} ${path}`,
  })
}
