import { join } from 'node:path'
import { EosflowError } from '../model/error.ts'
import { freshKey, KEY_HEX, makeKeyFile, readKeyFile } from './key-file.ts'

/** What commands, settings and messages call it. */
export const INSTALL_KEY = { env: 'EOSFLOW_KEY', file: 'install.key' } as const

const MIN_LENGTH = 32

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
