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
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { EosflowError } from '../../model/error.ts'

const FILE = 'install.key'
const MIN_LENGTH = 32

/**
 * The key of this installation: `EOSFLOW_KEY` where plan, approval and execution happen on different machines, else
 * the file `install.key` in `folder`, made with 32 random bytes the first time. Throws `store` when the key is too
 * short, or when others than its owner may read the file.
 */
export function readOrMakeInstallKey(folder: string, env: Readonly<Record<string, string | undefined>>): string {
  const given = env.EOSFLOW_KEY
  if (given !== undefined && given !== '') return longEnough(given)
  const path = join(folder, FILE)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw notWritten(path, cause)
  }
  return readKey(path) ?? makeKey(folder, path)
}

function longEnough(key: string): string {
  if (key.length >= MIN_LENGTH) return key
  throw new EosflowError('store', `EOSFLOW_KEY has ${key.length} characters, it needs ${MIN_LENGTH} or more`, {
    hint: 'Make one with: openssl rand -hex 32',
  })
}

function readKey(path: string): string | undefined {
  const file = openKey(path)
  if (file === undefined) return undefined
  try {
    const { mode, uid } = fstatSync(file)
    if ((mode & 0o077) !== 0) {
      throw new EosflowError('store', `${path} may be read by others (mode ${(mode & 0o777).toString(8)})`, {
        hint: `If nobody else has read it: chmod 600 ${path}`,
      })
    }
    if (process.getuid !== undefined && uid !== process.getuid()) {
      throw new EosflowError('store', `${path} belongs to user ${uid}, not to this one`)
    }
    const key = readFileSync(file, 'utf8').trim()
    if (/^[0-9a-f]{64}$/.test(key)) return key
    throw new EosflowError('store', `${path} does not hold a key of 64 hex digits`, {
      hint: 'Restore it from a backup: approvals and stored configurations can only be read with it.',
    })
  } finally {
    closeSync(file)
  }
}

function openKey(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP')
      throw new EosflowError('store', `${path} is a symbolic link`, { hint: 'Put the key itself there.', cause })
    throw new EosflowError('store', `${path} cannot be read (${code})`, { cause })
  }
}

/** Writes the key aside and links it into place, so that two first runs end up with one key and nobody reads half of it. */
function makeKey(folder: string, path: string): string {
  const key = randomBytes(32).toString('hex')
  const aside = join(folder, `.${FILE}.${randomBytes(6).toString('hex')}`)
  try {
    writeToDisk(aside, `${key}\n`)
    linkSync(aside, path)
    return key
  } catch (cause) {
    const other = codeOf(cause) === 'EEXIST' ? readKey(path) : undefined
    if (other !== undefined) return other
    throw notWritten(path, cause)
  } finally {
    rmSync(aside, { force: true })
  }
}

function writeToDisk(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function notWritten(path: string, cause: unknown): EosflowError {
  return new EosflowError('store', `${path} cannot be written (${codeOf(cause)})`, {
    hint: 'Give this user write permission on the folder of the store, or name another with --store.',
    cause,
  })
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
}
