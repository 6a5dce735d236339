import { readDocument } from '../source/document.ts'
import type { Located } from '../source/located.ts'
import type { Console } from './console.ts'
import { orProblems } from './input-error.ts'
import { readGiven } from './read-given.ts'

/** A file that a user named, JSON by its name and YAML otherwise, `-` being stdin. Throws InputError. */
export function documentGiven(console: Console, path: string): Located {
  return orProblems(readDocument(readGiven(console, path), path))
}
