import { existsSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { checkpointNotesIn } from '../../../change/record/audit/signed-note.ts'
import { keptHead } from '../../../change/record/sqlite/store-file.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { givenJson, isJsonObject, type Json } from '../../../model/json.ts'
import type { Project } from '../../files/project.ts'
import { SIGNING_KEYS, signingKeys } from '../../system/machine/key-files.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'
import { type InputError, inputError } from '../../system/process/input-error.ts'
import { PRIVATE, writeUnlinked } from '../../system/process/unlinked-file.ts'
import { ringVerifier } from './own-verifier.ts'

const VERSION = 1
const KIND = 'eosflow.begun'

// Which stores were begun in a folder: it outlives them, so that one which is lost is missed.
const NOTE = 'begun.json'

type Where = Pick<Project, 'dir' | 'settings' | 'store'>

/** Whether a store is there already: an empty file becomes one. Throws as {@link lyingAt} does. */
export function isMade(path: string): boolean {
  const stat = lyingAt(path)
  return stat?.isFile() === true && stat.size > 0
}

/** Whether nothing is at the place of a store, or an empty file. Throws as {@link lyingAt} does. */
export function isNothing(path: string): boolean {
  const stat = lyingAt(path)
  return stat === undefined || (stat.isFile() && stat.size === 0)
}

/** What lies at the place of a store; undefined where that is free. Throws `store` where this user may not look, and where links lead in a circle. */
export function lyingAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (cause) {
    const code = codeOf(cause)
    throw new EosflowError('store', `the store ${path} cannot be looked at (${code})`, {
      hint: `Run it as the user who owns ${dirname(path)}. Without the store an export of the record can be verified.`,
      cause,
    })
  }
}

export function noteBegun(store: string, id: string): void {
  const name = basename(store)
  const begun = begunIn(dirname(store))
  if (name.startsWith('.') || begun[name] === id) return
  const text = JSON.stringify({ version: VERSION, kind: KIND, stores: { ...begun, [name]: id } })
  writeUnlinked(join(dirname(store), NOTE), `${text}\n`, PRIVATE)
}

function begunIn(folder: string): Readonly<Record<string, string>> {
  let said: Json
  try {
    said = givenJson(readRegularText(join(folder, NOTE)))
  } catch {
    return {}
  }
  if (!isJsonObject(said) || said.kind !== KIND || !isJsonObject(said.stores)) return {}
  return Object.fromEntries(
    Object.entries(said.stores).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** What is left of a store that is not at its place, in words; undefined where there never was one, as far as anything here tells. */
export function traceOfLost(project: Where, host: Pick<Host, 'env'>): string | undefined {
  if (isMade(project.store)) return undefined
  const trace = traceIn(project) ?? traceOutside(project, host)
  // Another process may have begun it at this moment: its keys come after its file.
  return isMade(project.store) ? undefined : trace
}

function traceIn({ store }: Where) {
  const folder = dirname(store)
  // Where it leads to is on a disk that is not mounted.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() && !existsSync(folder)) return `the link ${folder}`
  if (begunIn(folder)[basename(store)] !== undefined) return join(folder, NOTE)
  // Keys and segments belong to any store of the folder; the install key comes before the first.
  const others = namesIn(folder).filter((name) => name.endsWith('.db') && isMade(join(folder, name)))
  if (others.length > 0) return undefined
  const [segment] = namesIn(join(folder, 'segments'))
  if (segment !== undefined) return join(folder, 'segments', segment)
  const key = Object.values(SIGNING_KEYS).find(({ file }) => existsSync(join(folder, file)))
  return key === undefined ? undefined : join(folder, key.file)
}

function namesIn(folder: string) {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function traceOutside(project: Where, { env }: Pick<Host, 'env'>) {
  const ring = signingKeys(dirname(project.store), env).read('checkpoint')
  if (ring === undefined) return undefined
  const verifier = ringVerifier(ring)
  const anchor = anchorsOf(project).find(({ notes }) => notes.some((note) => !('fault' in verifier.read(note))))
  return anchor === undefined ? undefined : `the checkpoints in ${anchor.file}`
}

export function lostWords({ store }: Where, trace: string): string {
  const stat = statSync(store, { throwIfNoEntry: false })
  const is = stat === undefined ? 'not there' : stat.isDirectory() ? 'a folder' : 'empty'
  return `there was a store here, as ${trace} shows, and ${store} is ${is}`
}

/** Throws InputError where the store of a project is lost: a new one knows no freeze, no lease, no rejection and no open execution of it. */
export function requireNotLost(project: Where, host: Pick<Host, 'env' | 'words'>): void {
  const trace = traceOfLost(project, host)
  if (trace === undefined) return
  throw inputError('store', 'store-lost', lostWords(project, trace), host.words({ code: 'put-store-back' }))
}

/** What is said where there never was a store, to whoever only reads one. */
export function noStore(store: string, { cwd, words }: Pick<Host, 'cwd' | 'words'>): InputError {
  const message = 'there is no store here, so nothing is on record'
  return inputError(relative(cwd, store) || store, 'no-store', message, words({ code: 'no-record' }))
}

/** Throws InputError where a store in a database was used from here and the database has none now: it was emptied, or is another one. */
export function requireNoneSeen({ store }: Pick<Project, 'store'>, host: Pick<Host, 'words'>): void {
  const folder = join(dirname(store), 'seen')
  if (namesIn(folder).length === 0) return
  throw inputError(
    'store',
    'store-lost',
    `there was a store in a database, as ${folder} shows, and this database has none`,
    host.words({ code: 'put-database-back' }),
  )
}

export interface AnchorFile {
  readonly file: string
  readonly notes: readonly string[]
}

/** Throws InputError when there is none to read. */
export function readAnchors(path: string, shown: string): readonly AnchorFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ file: shown, notes: checkpointNotesIn(readRegularText(path)) }]
    const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
    const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
    return files.map((file) => ({
      file: join(shown, file.slice(path.length)),
      notes: checkpointNotesIn(readRegularText(file)),
    }))
  } catch (cause) {
    const code = codeOf(cause)
    throw inputError(
      shown,
      'no-anchors',
      `the checkpoints cannot be read (${code})`,
      'Name a file of checkpoints, or a folder with such files, as the anchors of `audit:` keep them.',
    )
  }
}

export function anchorsOf({ dir, settings }: Pick<Project, 'dir' | 'settings'>): readonly AnchorFile[] {
  return settings.audit.anchors.flatMap((anchor) => {
    const path = 'file' in anchor ? resolve(dir, anchor.file) : undefined
    return path !== undefined && 'file' in anchor && existsSync(path) ? readAnchors(path, anchor.file) : []
  })
}

interface OpenedFile {
  readonly id: string
  readonly newest: number
}

export function lossFileOf(store: string): string {
  return `${store}-lost`
}

/** The newest position that a store has acknowledged and does not have, as when its file was copied without its write-ahead log; undefined where it has all. */
export function lostThrough(store: string, opened: OpenedFile): number | undefined {
  const said = existsSync(lossFileOf(store)) ? Number.parseInt(textOf(lossFileOf(store)), 10) : Number.NaN
  if (said > 0) return said
  // Before the store is asked: another process may be writing to both.
  const kept = keptHead(store)
  return kept !== undefined && kept.origin === opened.id && kept.newest > opened.newest ? kept.newest : undefined
}

export function keepLoss(store: string, through: number): void {
  writeUnlinked(lossFileOf(store), `${through}\n`, PRIVATE)
}

function textOf(file: string) {
  try {
    return readRegularText(file)
  } catch {
    return ''
  }
}

export function lostHeadWords(store: string, through: number): string {
  return `${basename(store)} lacks records that were acknowledged, up to position ${through}: it was put back without its write-ahead log (-wal), or from an older copy`
}
