import { existsSync, lstatSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { segmentFolder } from '../journal/segment-folder.ts'
import { problemOf } from '../model/problem.ts'
import { INSTALL_KEY, NEXT_INSTALL_KEY, OLD_INSTALL_KEYS } from '../system/install-key.ts'
import { SIGNING_KEYS } from '../system/signing-keys.ts'
import type { Host } from './host.ts'
import { InputError } from './input-error.ts'
import { PRIVATE, writeUnlinked } from './unlinked-file.ts'

/**
 * Writes a text that people or programs read later: a plan, a report, a recording, an export, for its owner alone. No secret that the
 * process knows is in it, as in nothing else that leaves through `host`. `path` is taken from the working folder. A symbolic link is not
 * followed ({@link writeUnlinked}). Throws InputError when it cannot be written.
 */
export function saveText(host: Host, path: string, text: string): void {
  requireFree(host, path)
  try {
    writeUnlinked(resolve(host.cwd, path), host.scrubber.scrub(text), PRIVATE)
  } catch (error) {
    throw notWritten(path, error)
  }
}

/** Throws InputError when a path is a symbolic link: said before the work that would end there. */
export function requireNoLink(host: Host, path: string): void {
  requireFree(host, path)
  if (lstatSync(resolve(host.cwd, path), { throwIfNoEntry: false })?.isSymbolicLink() === true) throw isLink(path)
}

/** What a project is made of, and what lies beside its store: no output belongs there. */
const TAKEN: readonly string[] = ['eosflow.yaml', 'inventory.yaml', 'policy.yaml', 'allowed_signers', 'passkeys']
const OF_STORES: readonly string[] = [
  'store.db',
  ...Object.values(SIGNING_KEYS).map(({ file }) => file),
  INSTALL_KEY.file,
  NEXT_INSTALL_KEY.file,
  OLD_INSTALL_KEYS.file,
]

/** Throws InputError for a place where a file of the project, or of its store, would be lost. */
function requireFree(host: Host, path: string): void {
  const full = resolve(host.cwd, path)
  const folder = dirname(full)
  const isOfSegments = segmentFolder(folder) === folder
  const isBesideStore = OF_STORES.some((file) => existsSync(join(isOfSegments ? dirname(folder) : folder, file)))
  if (!isBesideStore && !TAKEN.includes(basename(full))) return
  const message = isBesideStore ? 'it is in the folder of the store' : 'it has the name of a file of the project'
  throw unwritable(path, `${message}: no output is written there`, 'Name another file.')
}

/**
 * Throws InputError for a file that a project or its store is made of: records that were appended to it would spoil it. `full` is
 * absolute, and so is `store`, the file of the store.
 */
export function requireNotOurs(full: string, store: string, shown: string): void {
  const name = basename(full)
  const isOurs =
    [store, `${store}-wal`, `${store}-shm`].includes(full) ||
    dirname(full) === segmentFolder(store) ||
    [...TAKEN, ...OF_STORES, 'ballast'].includes(name)
  if (!isOurs) return
  throw unwritable(
    shown,
    'it is a file of the project or of its store: no output is written there',
    'Name another file.',
  )
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
  return new InputError([problemOf(file, 'not-writable', message, hint)])
}
