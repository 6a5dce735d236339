import { closeSync, existsSync, openSync, readdirSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import { codeOf, type Problem, problemOf } from '../../../model/error.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { readOpened, readRegular } from '../machine/regular-file.ts'
import type { Host } from './host.ts'
import { InputError } from './input-error.ts'

const STDIN = 0

// What a shell has opened for this process, as `<(COMMAND)` in bash(1): a pipe that somebody writes to.
const OPENED = /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/

export function isOpened(path: string): boolean {
  return OPENED.test(path)
}

/** The bytes of a file that a user named on the command line, `-` being stdin. Throws InputError when it cannot be read. */
export function readGiven(host: Host, path: string): Uint8Array {
  try {
    if (path === '-') return readOpened(STDIN, 'stdin')
    return isOpened(path) ? readPiped(path) : readRegular(resolve(host.cwd, path))
  } catch (error) {
    throw new InputError([unreadable(host, path, codeOf(error, ''))])
  }
}

function readPiped(path: string): Uint8Array {
  const file = openSync(path, 'r')
  try {
    return readOpened(file, path)
  } finally {
    closeSync(file)
  }
}

function unreadable(host: Host, path: string, code: string): Problem {
  const problem = (message: string, hint: string) => problemOf(path, 'no-such-file', message, hint)
  if (code === 'EISDIR') return problem('this is a folder, not a file', 'Name the file in it.')
  if (code === 'EACCES' || code === 'EPERM') return problem('you may not read this file', 'Check its permissions.')
  if (code === 'ENXIO') return problem('this is not a regular file', 'Name a file, not a pipe or a device.')
  if (code === 'EFBIG')
    return problem('this file is larger than anything that eosflow reads', 'Name the file that you mean.')
  if (code !== 'ENOENT' && code !== 'ENOTDIR')
    return problem(`cannot be read (${code || 'unreadable'})`, 'Check the path and its permissions.')
  const folder = dirname(resolve(host.cwd, path))
  const beside = filesIn(folder).filter((name) => extname(name) === extname(path))
  const shown = dirname(path) === '.' ? 'this folder' : dirname(path)
  if (!existsSync(folder)) return problem('there is no such file', `There is no folder ${shown} either.`)
  return problem(
    'there is no such file',
    beside.length === 0
      ? `Nothing like it is in ${shown}: check the path.`
      : `in ${shown}: ${didYouMean(basename(path), beside)}`,
  )
}

function filesIn(folder: string) {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return []
  }
}
