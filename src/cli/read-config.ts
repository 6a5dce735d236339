import { orProblems } from '../app/input-error.ts'
import { readGiven } from '../app/read-given.ts'
import { parseConfig } from '../config/parse.ts'
import type { ConfigTree } from '../config/tree.ts'
import { decodeText, GENERATED_LIMIT } from '../source/text.ts'
import type { Io } from './io.ts'

/** The text of a configuration file that a user named; `-` is stdin. Throws InputError when it is no text. */
export function readConfigText(io: Io, path: string): string {
  return orProblems(decodeText(readGiven(io, path), path === '-' ? 'stdin' : path, GENERATED_LIMIT))
}

/** A configuration file as a tree. Throws InputError when it is no text. */
export function readConfig(io: Io, path: string): ConfigTree {
  return parseConfig(readConfigText(io, path))
}

/** The lines of a text, without the last line break. */
export function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}
