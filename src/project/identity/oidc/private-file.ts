import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, EosflowError } from '../../../model/error.ts'

const LARGEST = 262_144

/**
 * The text of a file that only its owner may read; undefined when there is none. Throws `not-authorised` when it or its folder is a
 * symbolic link, belongs to somebody else, or may be read by others: what stands in it may have been put there.
 */
export async function readPrivate(path: string): Promise<string | undefined> {
  if (!(await isFolderOurs(dirname(path)))) return undefined
  const file = await openPrivate(path)
  if (file === undefined) return undefined
  try {
    const stat = await file.stat()
    if (!stat.isFile()) throw refused(path, 'is not a regular file')
    requireOurs(path, stat)
    if (stat.size > LARGEST) throw refused(path, `has ${stat.size} bytes, more than ${LARGEST}`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Throws as {@link readPrivate} does. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path))
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeNew(aside, text)
    await rename(aside, path)
  } finally {
    await rm(aside, { force: true })
  }
}

export async function createPrivate(path: string, text: string): Promise<boolean> {
  await makeFolder(dirname(path))
  try {
    await writeNew(path, text)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

// Writes a file that must not be there yet, and waits for the disk.
async function writeNew(path: string, text: string) {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Throws as {@link readPrivate} does. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await isFolderOurs(path)
}

async function isFolderOurs(path: string) {
  const stat = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw refused(path, `cannot be read (${codeOf(error)})`)
  })
  if (stat === undefined) return false
  if (!stat.isDirectory()) throw refused(path, 'is not a folder')
  requireOurs(path, stat)
  return true
}

async function openPrivate(path: string) {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    throw refused(path, code === 'ELOOP' ? 'is a symbolic link' : `cannot be opened (${code})`)
  }
}

function requireOurs(path: string, { uid, mode }: { readonly uid: number; readonly mode: number }) {
  if (process.getuid !== undefined && uid !== process.getuid()) throw refused(path, `belongs to user ${uid}`)
  if ((mode & 0o077) !== 0) throw refused(path, `may be used by others (mode ${(mode & 0o777).toString(8)})`)
}

function refused(path: string, why: string) {
  return new EosflowError('not-authorised', `${path} ${why}: eosflow does not use logins from there`, {
    hint: 'Look at it, remove it, and log in again: eosflow login',
  })
}
