import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { EosflowError } from '../../model/error.ts'

const LARGEST = 65_536

const HOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Throws `secret` when it is missing, a symbolic link, no regular file, readable by others or larger than 64 KiB. */
export async function readSecretFile(path: string): Promise<string> {
  const file = await open(path, HOW).catch((cause: unknown) => {
    throw notOpen(path, cause)
  })
  try {
    requirePrivate(path, await file.stat())
    return withoutLineEnd(await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

/** The same at once, for whoever cannot wait. */
export function readSecretFileNow(path: string): string {
  const file = openNow(path)
  try {
    requirePrivate(path, fstatSync(file))
    return withoutLineEnd(readFileSync(file, 'utf8'))
  } finally {
    closeSync(file)
  }
}

function openNow(path: string) {
  try {
    return openSync(path, HOW)
  } catch (cause) {
    throw notOpen(path, cause)
  }
}

function requirePrivate(path: string, stat: Stats) {
  if (!stat.isFile()) throw new EosflowError('secret', `${path} is not a regular file`)
  if ((stat.mode & 0o077) !== 0) {
    throw new EosflowError('secret', `${path} may be read by others (mode ${(stat.mode & 0o777).toString(8)})`, {
      hint: `chmod 600 ${path}, and change the secret if somebody else may have read it.`,
    })
  }
  if (stat.size > LARGEST) throw new EosflowError('secret', `${path} has ${stat.size} bytes, more than ${LARGEST}`)
}

const withoutLineEnd = (text: string) => text.replace(/\r?\n$/, '')

function notOpen(path: string, cause: unknown) {
  return new EosflowError('secret', `${path}: ${whyNotOpen(cause)}`, { cause })
}

function whyNotOpen(thrown: unknown) {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'ELOOP') return 'a symbolic link is not followed to a secret'
  if (code === 'EACCES') return 'this user may not read it'
  return `it cannot be opened (${code})`
}
