import type { LocatedValue } from '../../../text/source/located.ts'
import { readDocument } from '../../../text/source/yaml.ts'
import type { Host } from './host.ts'
import { orProblems } from './input-error.ts'
import { readGiven } from './read-given.ts'

/** A file that a user named, JSON by its name and YAML otherwise, `-` being stdin. Throws InputError. */
export function documentGiven(host: Host, path: string): LocatedValue {
  return orProblems(readDocument(readGiven(host, path), path))
}
