import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import { freshKey, KEY_HEX, makeKeyFile, readKeyFile, replaceKeyFile } from './key-file.ts'

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
