import { posix } from 'node:path'
import type { Files } from '../../change/workflow/template/files.ts'
import type { Place, Problem } from '../../model/problem.ts'

/** A path as a test file names it: beside the file when something is there, else from the project's root. */
export function pathNamed(named: string, file: string, files: Files, inside = ''): string {
  const beside = posix.join(posix.dirname(file), named)
  return files(posix.join(beside, inside)) === undefined ? posix.normalize(named) : beside
}

/** What is wrong with the name of a file that is not there. */
export function missing(what: string, at: Place): Problem {
  return {
    code: 'no-such-file',
    message: `${what} is not there`,
    at,
    hint: 'write the path relative to this file or to the root of the project',
  }
}
