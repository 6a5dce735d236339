import { join } from 'node:path'
import { EosflowError } from '../model/error.ts'
import { freshKey, KEY_HEX, makeKeyFile, readKeyFile } from './key-file.ts'

/** What commands, settings and messages call it. */
export const INSTALL_KEY = { env: 'EOSFLOW_KEY', file: 'install.key' } as const

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

function longEnough(key: string): string {
  if (key.length >= MIN_LENGTH) return key
  throw new EosflowError('store', `EOSFLOW_KEY has ${key.length} characters, it needs ${MIN_LENGTH} or more`, {
    hint: 'Make one with: openssl rand -hex 32',
  })
}
