import { closeSync, constants, existsSync, lstatSync, openSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { segmentFolder } from '../../../change/record/segment-folder.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { INSTALL_KEY, NEXT_INSTALL_KEY, OLD_INSTALL_KEYS } from '../machine/install-key.ts'
import { readRegularText } from '../machine/regular-file.ts'
import { SIGNING_KEYS } from '../machine/signing-keys.ts'
import type { Host } from './host.ts'
import { InputError, notWritable } from './input-error.ts'
import { PRIVATE, writeUnlinked } from './unlinked-file.ts'

/** No secret that the process knows is in it, as in nothing else that leaves through `host`. `path` is taken from the working folder. */
export function saveText(host: Host, path: string, text: string): void {
  requireFree(host, path)
  try {
    writeUnlinked(resolve(host.cwd, path), host.scrubber.scrub(text), PRIVATE)
  } catch (error) {
    throw notWritten(path, error)
  }
}

/**
 * Tries whether a text can be written to a path, which is left as it was: before the work that would be lost there, and before anything is
 * contacted. Throws InputError.
 */
export function requireWritable(host: Host, path: string): void {
  requireFree(host, path)
  const full = resolve(host.cwd, path)
  const before = lstatSync(full, { throwIfNoEntry: false })
  if (before?.isSymbolicLink() === true) throw isLink(path)
  try {
    // A pipe would wait for its reader.
    if (before !== undefined && !before.isFile() && !before.isDirectory()) return
    closeSync(openSync(full, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, PRIVATE))
    if (before === undefined) rmSync(full)
  } catch (error) {
    throw notWritten(path, error)
  }
}

const OWN_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`

/** Throws InputError where a page would take the place of what somebody else has written: an empty file, or a page of eosflow's own, may go. */
export function requireNoOtherPage(host: Host, path: string): void {
  const full = resolve(host.cwd, path)
  const before = lstatSync(full, { throwIfNoEntry: false })
  if (before?.isFile() !== true || before.size === 0) return
  let text: string
  try {
    text = readRegularText(full)
  } catch (error) {
    throw notWritten(path, error)
  }
  if (text.startsWith(OWN_PAGE)) return
  throw notWritable(
    path,
    'there is a file of that name, which is no page of eosflow',
    'Name another file, or move that one away.',
  )
}

/** {@link saveText} behind work that cannot be taken back: switches were asked, so what fails now is an act, exit 1. `hint` says where the text can still be had. */
export function saveLate(host: Host, path: string, text: string, hint: string): void {
  try {
    saveText(host, path, text)
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw new EosflowError('store', `${path}: ${cause.message}`, { hint, cause })
  }
}

const TAKEN: readonly string[] = [
  'eosflow.yaml',
  'inventory.yaml',
  'policy.yaml',
  'allowed_signers',
  'passkeys',
  'reviewers.yaml',
]
const OF_STORES: readonly string[] = [
  'store.db',
  ...Object.values(SIGNING_KEYS).map(({ file }) => file),
  INSTALL_KEY.file,
  NEXT_INSTALL_KEY.file,
  OLD_INSTALL_KEYS.file,
]

// Throws InputError for a place where a file of the project, or of its store, would be lost.
function requireFree(host: Host, path: string) {
  const full = resolve(host.cwd, path)
  const folder = dirname(full)
  const isOfSegments = segmentFolder(folder) === folder
  const isBesideStore = OF_STORES.some((file) => existsSync(join(isOfSegments ? dirname(folder) : folder, file)))
  if (!isBesideStore && !TAKEN.includes(basename(full))) return
  const message = isBesideStore ? 'it is in the folder of the store' : 'it has the name of a file of the project'
  throw notWritable(path, `${message}: no output is written there`, 'Name another file.')
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
  throw notWritable(
    shown,
    'it is a file of the project or of its store: no output is written there',
    'Name another file.',
  )
}

function notWritten(file: string, error: unknown) {
  const code = codeOf(error, 'not writable')
  if (code === 'ELOOP') return isLink(file)
  return notWritable(file, `cannot be written (${code})`, 'check the folder and its rights')
}

function isLink(file: string) {
  return notWritable(file, 'it is a symbolic link, which is not written through', 'Name the file itself.')
}
