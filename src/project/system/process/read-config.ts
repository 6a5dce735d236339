import { parseConfig } from '../../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../../eos/config/text/tree.ts'
import { decodeText, GENERATED_LIMIT } from '../../../text/source/located.ts'
import type { Host } from './host.ts'
import { orProblems } from './input-error.ts'
import { readGiven } from './read-given.ts'

/** The text of a configuration file that a user named; `-` is stdin. Throws InputError when it is no text. */
export function readConfigText(host: Host, path: string): string {
  return orProblems(decodeText(readGiven(host, path), path === '-' ? 'stdin' : path, GENERATED_LIMIT))
}

/** Throws InputError when it is no text. */
export function readConfig(host: Host, path: string): ConfigTree {
  return parseConfig(readConfigText(host, path))
}

export function linesOf(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/)
}
