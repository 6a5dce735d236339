import { InventoryFault } from '../../../../change/roster/ansible/fault.ts'
import { fileText } from '../../../../change/roster/ansible/file-text.ts'
import { ANSIBLE_TAGS } from '../../../../change/roster/ansible/tags.ts'
import type { Place } from '../../../../model/problem.ts'
import type { Tree } from '../../../../text/source/tree.ts'
import { readYaml11, type Yaml11 } from '../../../../text/yaml-1-1/read.ts'
import type { NotTaken } from './play.ts'

export interface ReadFile {
  readonly file: string
  readonly yaml: Yaml11
}

export function yamlIn(tree: Tree, path: string): ReadFile | NotTaken | undefined {
  return readFile(tree, `${path}.yml`) ?? readFile(tree, `${path}.yaml`)
}

const known = new WeakMap<Tree, Map<string, ReadFile | NotTaken | undefined>>()

/** A file as YAML of Ansible, read once; what is wrong with it where it is none. */
export function readFile(tree: Tree, file: string): ReadFile | NotTaken | undefined {
  const files = known.get(tree) ?? new Map<string, ReadFile | NotTaken | undefined>()
  known.set(tree, files)
  if (!files.has(file)) files.set(file, parsed(tree, file))
  return files.get(file)
}

function parsed(tree: Tree, file: string): ReadFile | NotTaken | undefined {
  if (tree.file(file) === undefined) return undefined
  try {
    const { text } = fileText(tree, file, undefined)
    const read = readYaml11(text, file, { tags: ANSIBLE_TAGS, markDepth: Number.POSITIVE_INFINITY })
    if (read.ok) return { file, yaml: read.value }
    const [{ at, message }] = read.problems
    return { at, what: file, why: message }
  } catch (error) {
    if (!(error instanceof InventoryFault)) throw error
    return { at: error.problem.at, what: file, why: error.problem.message }
  }
}

export function placeOf({ file, yaml }: ReadFile, container: object, key: string | number): Place {
  return { file, ...(yaml.markOf(container, key) ?? { line: 1, column: 1 }) }
}
