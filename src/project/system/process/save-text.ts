import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { segmentFolder } from '../../../change/record/segment-folder.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { INSTALL_KEY, NEXT_INSTALL_KEY, OLD_INSTALL_KEYS, SIGNING_KEYS } from '../machine/key-files.ts'
import { readRegularText } from '../machine/regular-file.ts'
import type { Host } from './host.ts'
import { InputError, notWritable } from './input-error.ts'
import { PRIVATE, writeNewUnlinked, writeUnlinked } from './unlinked-file.ts'

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

/** Saves texts below a folder, by their paths in it, behind work that cannot be taken back: as {@link saveLate} saves one. Throws `store`. */
export function saveFolder(host: Host, folder: string, files: Readonly<Record<string, string>>, hint: string): void {
  for (const [path, content] of Object.entries(files)) {
    makeFolder(host.cwd, folder, dirname(path), hint)
    saveLate(host, join(folder, path), content, hint)
  }
}

/** `mode`: of those that are made. */
export function makeFolder(cwd: string, folder: string, path: string, hint: string, mode?: number): void {
  const root = resolve(cwd, folder)
  try {
    mkdirSync(root, { recursive: true })
    let at = root
    for (const part of path.split(sep)) {
      at = join(at, part)
      if (lstatSync(at, { throwIfNoEntry: false }) === undefined) mkdirSync(at, mode)
      else if (at !== root && !lstatSync(at).isDirectory()) throw new Error('ENOTDIR')
    }
  } catch (cause) {
    throw new EosflowError('store', `${join(folder, path)}: a folder cannot be made there, or it is a link`, {
      hint,
      cause,
    })
  }
}

/** Throws InputError for a symbolic link: who can put one there would choose what decides. `shown`: the path as it is said. */
export function requireUnlinkedFile(path: string, shown: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw notWritable(shown, 'it is a symbolic link, which is not written through', 'Put the file itself there.')
}

/** `before` is what its writer has read, empty where there was none; a file that is another by now is left alone. Two writers at once are not possible. */
export function replaceFile(path: string, shown: string, text: string, before: string): void {
  const aside = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeNewUnlinked(aside, text, modeOf(path))
  } catch (error) {
    const hint = `If no other eosflow writes it, delete ${shown}.new.`
    throw notWritable(shown, `${shown}.new cannot be made (${codeOf(error)})`, hint)
  }
  try {
    requireUnlinkedFile(path, shown)
    if (nowIn(path) !== before) throw notWritable(shown, 'it has changed meanwhile', 'Look at it, and do it again.')
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error instanceof InputError
      ? error
      : notWritable(shown, `cannot be written (${codeOf(error)})`, 'Nothing was changed.')
  }
}

const modeOf = (path: string) => (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o777

function nowIn(path: string) {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? '' : readRegularText(path, { noLink: true })
}
