import { lstatSync, mkdirSync, realpathSync, renameSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, parse, resolve } from 'node:path'
import { codeOf, EosflowError, problemOf } from '../../model/error.ts'
import { definedMembers, givenJson, isJsonObject, type Json } from '../../model/json.ts'
import { visibleLine } from '../../report/text/text.ts'
import type { Files } from '../../text/source/files.ts'
import { type ForeignPath, foreignPath, isWithin } from '../system/machine/confined-file.ts'
import { type ForeignWriter, readerOf } from '../system/machine/foreign-writer.ts'
import { readRegularText } from '../system/machine/regular-file.ts'
import type { WatchedTree } from '../system/machine/watched-tree.ts'
import type { Host } from '../system/process/host.ts'
import { InputError, inputError } from '../system/process/input-error.ts'
import { PRIVATE, writeUnlinked } from '../system/process/unlinked-file.ts'
import type { Settings } from './settings/settings.ts'

/** Throws InputError. */
export type ProjectGuard = (path: string) => void

/** The guard of a folder: what is read there says which programs run and what is sent to switches, so it is taken from its reader and from root alone, as `safe.directory` of git(1) has it (docs/security.md#whose-files). */
export function projectGuard(
  dir: string,
  { env = {}, words }: Pick<Host, 'words'> & Partial<Pick<Host, 'env'>>,
): ProjectGuard {
  const reader = readerOf(env)
  if (reader === undefined) return () => undefined
  return (path) => {
    const root = realpathSync.native(dir)
    // What lies in a trusted folder may be a link to what does not.
    const found = foreignPath(root, path, reader, (at) => isTrusted(placeOf(at), env))
    if (found === undefined) return
    const folder = isWithin(root, found.path) ? root : folderOf(found.path)
    const hint = words({ code: 'trust-folder', folder, path: found.path, by: found.by.kind })
    throw new InputError([notTaken(found, folder, hint)])
  }
}

/** Files that a guard has looked at: after they were read, so that none is put there between both. */
export function guardedFiles(files: Files, guard: ProjectGuard): Files {
  const read = (path: string) => {
    const content = files(path)
    if (content !== undefined) guard(path)
    return content
  }
  return Object.assign(read, files)
}

export function guardedTree(tree: WatchedTree, guard: ProjectGuard): WatchedTree {
  const looked = <T>(read: (path: string) => T | undefined) => {
    return (path: string) => {
      const content = read(path)
      if (content !== undefined) guard(path)
      return content
    }
  }
  const watch = (path: string) => {
    guard(path)
    tree.watch(path)
  }
  return { ...tree, file: looked(tree.file), folder: looked(tree.folder), watch }
}

/**
 * Guards the files among the words of each command that settings name: a program, or a script that it is given, also as `--option=FILE`.
 * `folders`: where it may be run.
 */
export function guardPrograms(
  guard: ProjectGuard,
  { inventoryPrograms, secrets, notify }: Pick<Settings, 'inventoryPrograms' | 'secrets' | 'notify'>,
  folders: readonly string[],
): void {
  const programs = [...Object.values(inventoryPrograms), ...Object.values(secrets.exec)].map(({ command }) => command)
  const told = notify.targets.flatMap((target) => ('exec' in target ? [target.exec] : []))
  guardCommands(guard, [...programs, ...told], folders)
}

export function guardCommands(
  guard: ProjectGuard,
  commands: readonly (readonly string[])[],
  folders: readonly string[],
): void {
  const words = commands.flat()
  for (const word of [...words, ...words.map((one) => one.slice(one.indexOf('=') + 1))]) {
    for (const folder of folders) {
      const path = resolve(folder, word)
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) guard(path)
    }
  }
}

function folderOf(path: string) {
  return lstatSync(path).isDirectory() ? path : dirname(path)
}

function placeOf(path: string) {
  return join(realpathSync(dirname(path)), path.slice(dirname(path).length))
}

function notTaken({ path, by }: ForeignPath, folder: string, hint: string) {
  const what = `${writes(by)}. Nothing in ${folder} is used: what is there says which programs run, and what is sent`
  return problemOf(path, 'foreign-files', what, hint)
}

function writes(by: ForeignWriter) {
  if (by.kind === 'everybody') return 'can be changed by every user of this machine'
  const name = by.name === undefined ? '' : `${by.name}, `
  return by.kind === 'owner'
    ? `belongs to another user (${name}uid ${by.uid})`
    : `can be changed by a group that is not yours alone (${name}gid ${by.gid})`
}

// A folder whose files one user takes although others can change them, and whose it was when they said so.
interface TrustedFolder {
  readonly dir: string
  readonly uid: number
}

type Env = Host['env']

const SET_HOME = 'Set HOME or XDG_CONFIG_HOME to a folder of yours.'
const VERSION = 1
const KIND = 'eosflow.trusted-folders'

// Where a user's list of trusted folders is: `$XDG_CONFIG_HOME/eosflow` (XDG Base Directory Specification 0.8), never in a project.
function listOf(env: Env) {
  const config = env.XDG_CONFIG_HOME ?? ''
  const home = homeOf(env)
  // A relative path there is to be ignored (same specification).
  const folder = config.startsWith('/') ? config : home === undefined ? undefined : join(home, '.config')
  return folder === undefined ? undefined : join(folder, 'eosflow', 'trusted-folders.json')
}

// One that has another owner since then is another folder.
function isTrusted(path: string, env: Env): boolean {
  return trustedIn(env).some(
    ({ dir, uid }) => isWithin(dir, path) && statSync(dir, { throwIfNoEntry: false })?.uid === uid,
  )
}

// `dir` has its links resolved. Throws `not-authorised` where it cannot be written.
function trustFolder(dir: string, env: Env, isTaken: boolean): boolean {
  const before = trustedIn(env)
  const { uid } = statSync(dir)
  const others = before.filter((one) => one.dir !== dir)
  const isThere = before.some((one) => one.dir === dir && one.uid === uid)
  if (isTaken ? isThere : others.length === before.length) return false
  const folders = isTaken ? [...others, { dir, uid }] : others
  write(listOf(env), `${JSON.stringify({ version: VERSION, kind: KIND, folders })}\n`)
  return true
}

function write(file: string | undefined, text: string) {
  if (file === undefined) throw unusable('this user has no home folder to keep a list of trusted folders in', SET_HOME)
  const aside = `${file}.new`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeUnlinked(aside, text, PRIVATE)
    renameSync(aside, file)
  } catch (cause) {
    const code = codeOf(cause)
    throw unusable(`${file} cannot be written (${code})`, SET_HOME, cause)
  }
}

function trustedIn(env: Env): readonly TrustedFolder[] {
  const file = listOf(env)
  if (file === undefined) return []
  let said: Json
  try {
    said = givenJson(readRegularText(file))
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(cause))) return []
    throw unusable(`${file} cannot be read`, 'Look at it, or delete it and trust the folders again.', cause)
  }
  requireOwn(file, env)
  if (!isJsonObject(said) || said.kind !== KIND || said.version !== VERSION || !Array.isArray(said.folders))
    throw unusable(`${file} is not a list of version ${VERSION}`, 'Delete it, and trust the folders again.')
  return said.folders.flatMap((one) => {
    const { dir, uid } = isJsonObject(one) ? one : {}
    return typeof dir === 'string' && typeof uid === 'number' ? [{ dir, uid }] : []
  })
}

function requireOwn(file: string, env: Env) {
  const reader = readerOf(env)
  const found = reader === undefined ? undefined : foreignPath(dirname(file), file, reader)
  if (found === undefined) return
  throw unusable(`${found.path} can be changed by others: no folder is trusted by it`, `chmod go-w ${found.path}`)
}

function homeOf(env: Env) {
  try {
    return env.HOME || homedir()
  } catch {
    return undefined
  }
}

function unusable(message: string, hint: string, cause?: unknown) {
  return new EosflowError('not-authorised', message, { hint, ...definedMembers({ cause }) })
}

export interface TrustResult {
  readonly dir: string
  readonly isTrusted: boolean
  readonly hasChanged: boolean
}

/** Throws InputError for what is none, and `not-authorised` where the list cannot be written. */
export function trustProject({ cwd, env }: Pick<Host, 'cwd' | 'env'>, typed: string, isTrusted: boolean): TrustResult {
  const dir = realOf(resolve(cwd, typed), typed)
  if (isTrusted) requireProject(dir, typed)
  return { dir, isTrusted, hasChanged: trustFolder(dir, env, isTrusted) }
}

function requireProject(dir: string, typed: string) {
  const isProject = statSync(join(dir, 'eosflow.yaml'), { throwIfNoEntry: false })?.isFile() === true
  if (typed.trim() !== '' && dir !== parse(dir).root && isProject) return
  const message =
    typed.trim() === '' ? 'no folder is named' : `${visibleLine(dir)} is no folder of a project: it has no eosflow.yaml`
  throw inputError('folder', 'no-project', message, 'Name the folder with eosflow.yaml.')
}

function realOf(path: string, typed: string) {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(path)
  throw inputError(typed, 'no-such-folder', 'there is no such folder', 'Name the folder with eosflow.yaml.')
}
