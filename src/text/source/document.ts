import type { ValueOrProblems } from '../../model/problem.ts'
import { readJson } from './json.ts'
import type { LocatedValue } from './located.ts'
import { readYaml } from './yaml.ts'

/** A text as located data: JSON by the name of its file, and YAML otherwise. */
export function readDocument(content: string | Uint8Array, file: string): ValueOrProblems<LocatedValue> {
  return file.endsWith('.json') ? readJson(content, file) : readYaml(content, file)
}
