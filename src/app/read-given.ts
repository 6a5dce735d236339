import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import type { Problem } from '../model/problem.ts'
import { didYouMean } from '../source/suggest.ts'
import type { Host } from './host.ts'
import { InputError } from './input-error.ts'

/** The file descriptor of standard input. */
const STDIN = 0

/** The bytes of a file that a user named on the command line, `-` being stdin. Throws InputError when it cannot be read. */
export function readGiven(host: Host, path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? STDIN : resolve(host.cwd, path))
  } catch (error) {
    throw new InputError([unreadable(host, path, error instanceof Error && 'code' in error ? String(error.code) : '')])
  }
}

/** Why a file cannot be read, by the code that the system gives: of one that is not there also the files that are. */
function unreadable(host: Host, path: string, code: string): Problem {
  const at = { file: path, line: 1, column: 1 }
  const problem = (message: string, hint: string): Problem => ({ code: 'no-such-file', message, at, hint })
  if (code === 'EISDIR') return problem('this is a folder, not a file', 'Name the file in it.')
  if (code === 'EACCES' || code === 'EPERM') return problem('you may not read this file', 'Check its permissions.')
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

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return []
  }
}
