import { mkdirSync, renameSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { definedMembers } from '../../model/defined-members.ts'
import { codeOf, EosflowError } from '../../model/error.ts'
import { givenJson, isJsonObject, type Json } from '../../model/json.ts'
import { foreignPath, isWithin } from '../system/machine/foreign-path.ts'
import { readerOf } from '../system/machine/foreign-writer.ts'
import { readRegularText } from '../system/machine/regular-file.ts'
import type { Host } from '../system/process/host.ts'
import { PRIVATE, writeUnlinked } from '../system/process/unlinked-file.ts'

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

/** One that has another owner since then is another folder. */
export function isTrusted(path: string, env: Env): boolean {
  return trustedIn(env).some(
    ({ dir, uid }) => isWithin(dir, path) && statSync(dir, { throwIfNoEntry: false })?.uid === uid,
  )
}

/** `dir` has its links resolved. Throws `not-authorised` where it cannot be written. */
export function trustFolder(dir: string, env: Env, isTaken: boolean): boolean {
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
