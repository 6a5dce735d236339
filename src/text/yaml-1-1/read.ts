import { definedMembers } from '../../model/defined-members.ts'
import { type Place, problemOf, type ValueOrProblems } from '../../model/problem.ts'
import { accept, refuse } from '../source/checked.ts'
import { codePoint } from '../source/text.ts'
import { type ComposeOptions, composedDocument } from './composer.ts'
import { type Mark, YamlFault } from './fault.ts'
import { jsonValue } from './json-reader.ts'
import type { Marks } from './mapping.ts'

// What libyaml takes for no text, of the characters that are one UTF-16 unit.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNPRINTABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

export interface Yaml11Options {
  readonly tags: ComposeOptions['tags']
  /** Down to which depth the places of members are kept, where the outermost mapping is 1; 0 for none. */
  readonly markDepth: number
}

export interface Yaml11 {
  readonly value: unknown
  /** Of the member of a mapping or a list of this file; undefined where it is not kept. */
  markOf(container: object, key: string | number): Mark | undefined
}

/** Reads a text as Ansible reads files: JSON, or YAML 1.1 as PyYAML understands it, with what Ansible adds. A mapping is a plain object whose keys `model/map-keys.ts` knows as they are written. */
export function readYaml11(text: string, file: string, given: Yaml11Options): ValueOrProblems<Yaml11> {
  const marks = given.markDepth > 0 ? new Map<object, Marks>() : undefined
  const options: ComposeOptions = {
    tags: given.tags,
    markDepth: given.markDepth,
    ...definedMembers({ marks }),
  }
  const markOf = (container: object, key: string | number) => marks?.get(container)?.get(key)
  const json = jsonValue(text, options)
  if (json !== undefined) return accept({ value: json.value, markOf })
  const hidden = UNPRINTABLE.exec(text)
  if (hidden !== null) return refuse(unprintable(text, file, hidden))
  try {
    return accept({ value: composedDocument(text, options) ?? null, markOf })
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error
    const at: Place = { file, ...error.mark }
    return refuse({
      code: 'yaml-syntax',
      message: error.message,
      at,
      ...definedMembers({ hint: error.hint }),
    })
  }
}

/** Throws {@link YamlFault} for a text that has such, or is no YAML 1.1. */
export function strictYaml11(text: string): unknown {
  const hidden = UNPRINTABLE.exec(text)
  if (hidden !== null) throw new YamlFault(unprintable(text, '', hidden).message, unprintable(text, '', hidden).at)
  return composedDocument(text, { tags: new Map(), markDepth: 0, isStrict: true }) ?? null
}

function unprintable(text: string, file: string, { index, 0: sign }: RegExpExecArray) {
  const before = text.slice(0, index)
  const at = { file, line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
  return {
    ...problemOf(
      file,
      'yaml-syntax',
      `the character ${codePoint(sign)} is not allowed in YAML`,
      'write an escape in a text in quotes',
    ),
    at,
  }
}
