import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { InputError } from './failure.ts'
import type { Io } from './io.ts'

/** The bytes of a file that a user named on the command line, `-` being stdin. Throws InputError when it cannot be read. */
export function readGiven(io: Io, path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? process.stdin.fd : resolve(io.cwd, path))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new InputError([
      {
        code: 'no-such-file',
        message: `cannot be read (${why})`,
        at: { file: path, line: 1, column: 1 },
        hint: 'Check the path and its permissions.',
      },
    ])
  }
}
