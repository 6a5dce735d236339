import { InputError } from './failure.ts'
import type { Io } from './io.ts'
import { saveText } from './save-text.ts'
import { fault } from './workflow-test/cases.ts'

/** Writes a report that anybody may read. Throws InputError when it cannot be written. */
export function writeReport(io: Io, path: string, text: string): void {
  try {
    saveText(io, path, text, 0o644)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
    throw new InputError([fault('not-writable', `cannot be written (${why})`, path, 'check the folder and its rights')])
  }
}
