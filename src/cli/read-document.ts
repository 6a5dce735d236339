import { orProblems } from '../app/input-error.ts'
import { readGiven } from '../app/read-given.ts'
import { readJson } from '../source/json.ts'
import type { Located } from '../source/located.ts'
import { readYaml } from '../source/yaml.ts'
import type { Io } from './io.ts'

/** A file that a user named, JSON by its name and YAML otherwise, `-` being stdin. Throws InputError. */
export function readDocument(io: Io, path: string): Located {
  const content = readGiven(io, path)
  return orProblems(path.endsWith('.json') ? readJson(content, path) : readYaml(content, path))
}
