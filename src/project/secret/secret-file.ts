import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { codeOf, EosflowError } from '../../model/error.ts'

const LARGEST = 65_536

const HOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Throws `secret` when it is missing, a symbolic link, no regular file, readable by others or larger than 64 KiB. */
export function readSecretFile(path: string): string {
  const file = openSecret(path)
  try {
    requirePrivate(path, fstatSync(file))
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } finally {
    closeSync(file)
  }
}

function openSecret(path: string) {
  try {
    return openSync(path, HOW)
  } catch (cause) {
    throw new EosflowError('secret', `${path}: ${whyNotOpen(cause)}`, { cause })
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

function whyNotOpen(thrown: unknown) {
  const code = codeOf(thrown)
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'ELOOP') return 'a symbolic link is not followed to a secret'
  if (code === 'EACCES') return 'this user may not read it'
  return `it cannot be opened (${code})`
}
