import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { SegmentFiles } from '../../../change/record/chains/retired-segments.ts'
import { type SigningKey, signingKeyOf } from '../../../model/ed25519.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import { definedMembers } from '../../../model/json.ts'
import { readRegular } from './regular-file.ts'

export const SIGNING_KEYS = {
  plan: { env: 'EOSFLOW_PLAN_KEY', file: 'plan.key', use: 'seals plans' },
  server: { env: 'EOSFLOW_SERVER_KEY', file: 'server.key', use: 'vouches for people of an identity provider' },
  checkpoint: { env: 'EOSFLOW_CHECKPOINT_KEY', file: 'checkpoint.key', use: 'signs checkpoints of the record' },
} as const

export type KeyName = keyof typeof SIGNING_KEYS

export interface RetiredKey {
  /** 32 bytes in base64. */
  readonly publicKey: string
  /** The last record that it may have signed for; only of checkpoints. */
  readonly until?: number
}

export interface LostKey {
  /** What its checkpoints call it: four bytes in hex. */
  readonly keyId: string
  readonly until: number
}

/** A key of this installation, and those that it has replaced, newest first. */
export interface KeyRing {
  readonly key: SigningKey
  readonly retired: readonly RetiredKey[]
  readonly lost: readonly LostKey[]
  readonly source: string
}

export interface KeyChange {
  /** Absent where there was none here, because it is lost. */
  readonly from?: string
  readonly to: string
}

export interface SigningKeys {
  read(name: KeyName): KeyRing | undefined
  /** The key, made the first time. */
  readOrMake(name: KeyName): KeyRing
  /**
   * Puts a new key in place of the one that there is, once `settle` has been given both: it gives the last record that the old one may
   * have signed for, where that matters. `lost` are keys that have signed and are not here: they go into the file as such.
   */
  rotate(
    name: KeyName,
    settle: (change: KeyChange) => Promise<number | undefined>,
    lost?: readonly LostKey[],
  ): Promise<KeyChange>
}

/** The signing keys in a folder, or in the environment where that names them: it takes the text of a key file. */
export function signingKeys(folder: string, env: Readonly<Record<string, string | undefined>>): SigningKeys {
  const given = (name: KeyName) => env[SIGNING_KEYS[name].env] || undefined
  const pathOf = (name: KeyName) => join(folder, SIGNING_KEYS[name].file)
  const read = (name: KeyName): KeyRing | undefined => {
    const text = given(name) ?? readKeyFile(pathOf(name))
    const source = given(name) === undefined ? pathOf(name) : SIGNING_KEYS[name].env
    return text === undefined ? undefined : readRing(text, source)
  }
  return {
    read,
    readOrMake: (name) => read(name) ?? readRing(makeKeyFile(pathOf(name), freshKey()), pathOf(name)),
    rotate: async (name, settle, lost = []) => {
      const { env: variable } = SIGNING_KEYS[name]
      if (given(name) !== undefined) throw givenElsewhere(name, variable, pathOf(name))
      const old = read(name)
      if (old === undefined && lost.length === 0) throw nothingToRotate(name)
      const seed = freshKey()
      const { publicKey: to } = readRing(seed, pathOf(name)).key
      const change = old === undefined ? { to } : { from: old.key.publicKey, to }
      const until = await settle(change)
      const replaced = old === undefined ? [] : [endOf(old, until), ...old.retired]
      replaceKeyFile(pathOf(name), ringText(seed, replaced, [...lost, ...(old?.lost ?? [])]))
      return change
    },
  }
}

/** The secret halves of the keys in a folder, for whoever keeps them from being printed. */
export function seedsIn(folder: string): readonly string[] {
  return Object.values(SIGNING_KEYS).flatMap(({ file }) => {
    try {
      return readKeyFile(join(folder, file))?.split(/\r?\n/, 1) ?? []
    } catch (error) {
      if (error instanceof EosflowError) return []
      throw error
    }
  })
}

function endOf({ key: { publicKey } }: KeyRing, until: number | undefined): RetiredKey {
  return { publicKey, ...definedMembers({ until }) }
}

const RETIRED = /^retired ([A-Za-z0-9+/]{43}=)(?: until ([0-9]{1,15}))?$/

const LOST = /^lost ([0-9a-f]{8}) until ([0-9]{1,15})$/

function readRing(text: string, source: string): KeyRing {
  const [seed = '', ...lines] = text.split(/\r?\n/).map((line) => line.trim())
  const others = lines.filter((line) => line !== '')
  const lost = others.map((line) => LOST.exec(line)).filter((found) => found !== null)
  const retired = others.filter((line) => !LOST.test(line)).map((line) => RETIRED.exec(line))
  if (!KEY_HEX.test(seed) || retired.includes(null)) {
    throw new EosflowError('store', `${source} does not hold a key of 64 hex digits, and behind it replaced ones`, {
      hint: source.endsWith(SIGNING_KEYS.checkpoint.file)
        ? 'Restore it from a backup. Where it is lost take it away, then: eosflow key rotate checkpoint --reason TEXT'
        : 'Restore it from a backup, or make one with: openssl rand -hex 32',
    })
  }
  return {
    key: signingKeyOf(Buffer.from(seed, 'hex')),
    retired: retired.map((found) => {
      const [, publicKey = '', until] = found ?? []
      return { publicKey, ...(until === undefined ? {} : { until: Number(until) }) }
    }),
    lost: lost.map(([, keyId = '', until]) => ({ keyId, until: Number(until) })),
    source,
  }
}

function ringText(seed: string, retired: readonly RetiredKey[], lost: readonly LostKey[] = []) {
  const lines = retired.map(
    ({ publicKey, until }) => `retired ${publicKey}${until === undefined ? '' : ` until ${until}`}`,
  )
  return [seed, ...lines, ...lost.map(({ keyId, until }) => `lost ${keyId} until ${until}`)].join('\n')
}

function givenElsewhere(name: KeyName, variable: string, path: string) {
  return new EosflowError('store', `the ${name} key is given by ${variable}, and not kept here`, {
    hint: `Write the text of ${variable} into ${path}, for its owner only, and take ${variable} away. Do it again, and give the text that is in the file then in ${variable}.`,
  })
}

function nothingToRotate(name: KeyName) {
  return new EosflowError('store', `there is no ${name} key here to replace`, {
    hint: `It is made the first time that it is needed, or by: eosflow key show ${name}`,
  })
}

export const INSTALL_KEY = { env: 'EOSFLOW_KEY', file: 'install.key' } as const

/** What they call the key that a store is rotated to, until it is. */
export const NEXT_INSTALL_KEY = { env: 'EOSFLOW_NEXT_KEY', file: 'install.next.key' } as const

export const OLD_INSTALL_KEYS = { env: 'EOSFLOW_OLD_KEYS', file: 'install.old.keys' } as const

const MIN_LENGTH = 32

/**
 * The key of this installation, as {@link readOrMakeInstallKey}, for a store that is there: none is made, for no other key than the one
 * that it was made with can read it. Throws `store` without one.
 */
export function readInstallKey(folder: string, env: Readonly<Record<string, string | undefined>>): string {
  const isGiven = (env[INSTALL_KEY.env] ?? '') !== ''
  if (isGiven || readKeyFile(join(folder, INSTALL_KEY.file)) !== undefined) return readOrMakeInstallKey(folder, env)
  throw new EosflowError('store', 'the store is there, and the install key that it was made with is not', {
    hint: `Put ${join(folder, INSTALL_KEY.file)} back from a backup, or give its text in ${INSTALL_KEY.env}. Where it is lost nobody can read the store any more: keep its file as evidence, and begin a new one with --store.`,
  })
}

/**
 * The key of this installation: `EOSFLOW_KEY` where plan, approval and execution happen on different machines, else
 * the file `install.key` in `folder`, made with 32 random bytes the first time. Throws `store` when the key is too
 * short, or when others than its owner may read the file.
 */
export function readOrMakeInstallKey(folder: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env[INSTALL_KEY.env]
  if (given !== undefined && given !== '') return longEnough(given)
  const path = join(folder, INSTALL_KEY.file)
  const key = readKeyFile(path) ?? makeKeyFile(path, freshKey())
  if (KEY_HEX.test(key)) return key
  throw new EosflowError('store', `${path} does not hold a key of 64 hex digits`, {
    hint: 'Restore it from a backup: approvals and stored configurations can only be read with it.',
  })
}

/** The install key with the next one and those before it, each from the environment, or from files of `folder` where the key is one as well. Throws `store`. */
export function installKeysWith(
  key: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): InstallKeys {
  // Where the environment gives the key, files beside the store are those of another one.
  const kept = (file: string) => ((env[INSTALL_KEY.env] ?? '') === '' ? keysIn(folder, file) : [])
  const next = env[NEXT_INSTALL_KEY.env] || kept(NEXT_INSTALL_KEY.file)[0]
  const old = oldKeysIn(env)
  return {
    key,
    ...(next === undefined ? {} : { next: longEnough(next, NEXT_INSTALL_KEY.env) }),
    old: [...old.map((one) => longEnough(one, OLD_INSTALL_KEYS.env)), ...kept(OLD_INSTALL_KEYS.file)],
  }
}

export function oldKeysIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (env[OLD_INSTALL_KEYS.env] ?? '').split(/[,\n]/).flatMap((one) => one.trim() || [])
}

/** Makes the file of the next install key in a folder, unless one is there. Throws `store`. */
export function makeNextInstallKey(folder: string): void {
  makeKeyFile(join(folder, NEXT_INSTALL_KEY.file), freshKey())
}

/** Puts the next install key of a folder in the place of the present one, once the store is under it: `current` is the one that it is under. Throws `store`. */
export function settleInstallKey(folder: string, current: string): void {
  const [path, next, before] = [INSTALL_KEY, NEXT_INSTALL_KEY, OLD_INSTALL_KEYS].map(({ file }) => join(folder, file))
  if (path === undefined || next === undefined || before === undefined) return
  if (keysIn(folder, NEXT_INSTALL_KEY.file)[0] !== current) return
  const key = readKeyFile(path)
  const old = keysIn(folder, OLD_INSTALL_KEYS.file)
  if (key !== undefined && key !== current && !old.includes(key)) replaceKeyFile(before, [key, ...old].join('\n'))
  if (key !== current) replaceKeyFile(path, current)
  rmSync(next, { force: true })
}

function keysIn(folder: string, file: string) {
  const path = join(folder, file)
  const keys = readKeyFile(path)?.split('\n') ?? []
  if (keys.every((key) => KEY_HEX.test(key))) return keys
  const isNext = file === NEXT_INSTALL_KEY.file
  const wanted = isNext ? 'does not hold a key of 64 hex digits' : 'does not hold keys of 64 hex digits'
  throw new EosflowError('store', `${path} ${keys.join('') === '' ? 'is empty' : wanted}`, {
    hint: isNext ? NEXT_HINT : OLD_HINT,
  })
}

const NEXT_HINT =
  'Put the key there that the other machines have as the next one; where no rotation is under way, delete the file.'

const OLD_HINT = 'Restore it from a backup; where no key was replaced, delete the file.'

function longEnough(key: string, from: string = INSTALL_KEY.env) {
  if (key.length >= MIN_LENGTH) return key
  throw new EosflowError('store', `${from} has ${key.length} characters, it needs ${MIN_LENGTH} or more`, {
    hint: 'Make one with: openssl rand -hex 32',
  })
}

/** The files of the segments beside the keys of a project: in the folder `segments`. Throws `store` for one that is there and cannot be read. */
export function segmentFiles(folder: string): SegmentFiles {
  const path = (file: string) => join(folder, 'segments', file)
  return {
    path,
    bytes: (file) => {
      try {
        return readRegular(path(file), { most: Number.POSITIVE_INFINITY })
      } catch (cause) {
        const code = codeOf(cause)
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
        throw new EosflowError('store', `the segment ${path(file)} cannot be read (${code})`, {
          hint: 'Give this user the right to read it, or put the file back from where it is kept.',
          cause,
        })
      }
    },
  }
}

// 32 bytes as hex: what a key file holds in its first line.
const KEY_HEX = /^[0-9a-f]{64}$/

// 32 random bytes as hex.
function freshKey(): string {
  return randomBytes(32).toString('hex')
}

// The text of a key file; undefined when there is none. Throws `store` when it is a symbolic link, when others than its owner may
// read it, or when it belongs to somebody else.
function readKeyFile(path: string): string | undefined {
  const file = openKey(path)
  if (file === undefined) return undefined
  try {
    const stat = fstatSync(file)
    const { mode, uid } = stat
    if (!stat.isFile())
      throw new EosflowError('store', `${path} is not a regular file`, { hint: 'Put the key itself there.' })
    if ((mode & 0o077) !== 0) {
      throw new EosflowError('store', `${path} may be read by others (mode ${(mode & 0o777).toString(8)})`, {
        hint: `If nobody else has read it: chmod 600 ${path}`,
      })
    }
    if (process.getuid !== undefined && uid !== process.getuid()) {
      throw new EosflowError('store', `${path} belongs to user ${uid}, not to this one`)
    }
    return readFileSync(file, 'utf8').trim()
  } finally {
    closeSync(file)
  }
}

// Makes a key file with mode 0600, and its folder. It is written aside and linked into place, so that two first runs end up with one key and nobody reads half of it: gives the text that is in place.
function makeKeyFile(path: string, text: string): string {
  return besides(path, text, (aside) => {
    try {
      linkSync(aside, path)
      return text
    } catch (cause) {
      const other = codeOf(cause) === 'EEXIST' ? readKeyFile(path) : undefined
      if (other !== undefined) return other
      throw cause
    }
  })
}

// Puts another text in place of a key file, whole or not at all. Throws `store`.
function replaceKeyFile(path: string, text: string): void {
  besides(path, text, (aside) => renameSync(aside, path))
}

function besides<T>(path: string, text: string, place: (aside: string) => T) {
  const aside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeToDisk(aside, `${text}\n`)
    return place(aside)
  } catch (cause) {
    if (cause instanceof EosflowError) throw cause
    throw new EosflowError('store', `${path} cannot be written (${codeOf(cause)})`, {
      hint: 'Give this user write permission on the folder of the store, or name another with --store.',
      cause,
    })
  } finally {
    removeIfThere(aside)
  }
}

function removeIfThere(path: string) {
  try {
    rmSync(path, { force: true })
  } catch (cause) {
    if (codeOf(cause) !== 'ENOTDIR') throw cause
  }
}

function writeToDisk(path: string, text: string) {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function openKey(path: string) {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'ELOOP')
      throw new EosflowError('store', `${path} is a symbolic link`, { hint: 'Put the key itself there.', cause })
    throw new EosflowError('store', `${path} cannot be read (${code})`, { cause })
  }
}
