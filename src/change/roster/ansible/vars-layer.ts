import { keysOf } from '../../../model/map-keys.ts'
import type { Place } from '../../../model/problem.ts'
import type { Tree } from '../../../text/source/tree.ts'
import { readYaml11, type Yaml11 } from '../../../text/yaml-1-1/read.ts'
import type { Layer, RosterValue, Variable } from '../hosts/roster.ts'
import { broken, InventoryFault } from './fault.ts'
import { fileText, type Opener } from './file-text.ts'
import { isMap } from './is-map.ts'
import { ANSIBLE_TAGS } from './tags.ts'

/** Reads one file of group_vars or host_vars; undefined for an empty one. Throws InventoryFault. */
export function varsLayer(tree: Tree, path: string, of: string, open: Opener | undefined): Layer | undefined {
  const { text, isSecret } = fileText(tree, path, open)
  const read = readYaml11(text, path, { tags: ANSIBLE_TAGS, markDepth: 1 })
  if (!read.ok) throw new InventoryFault(read.problems[0])
  const { value, markOf } = read.value
  if (isNothing(value)) return undefined
  const start = { line: 1, column: 1 }
  if (!isMap(value)) throw broken('a file of variables must be a mapping', { file: path, ...start })
  const places = new FilePlaces(tree, path)
  const vars = new Map<string, Variable>()
  for (const name of keysOf(value)) {
    const at = { file: path, ...(markOf(value, name) ?? start) }
    vars.set(name, new FileVariable(value[name] ?? null, at, name, isSecret ? undefined : places, isSecret))
  }
  return vars.size === 0 ? undefined : { of, vars }
}

/** What Python takes for no value: Ansible leaves such a file out. */
function isNothing(value: unknown): boolean {
  return (
    value === null || value === false || value === 0 || value === '' || (Array.isArray(value) && value.length === 0)
  )
}

class FileVariable implements Variable {
  readonly value: RosterValue
  readonly at: Place
  readonly isSecret?: true
  private readonly name: string
  private readonly places: FilePlaces | undefined

  constructor(value: RosterValue, at: Place, name: string, places: FilePlaces | undefined, isSecret: boolean) {
    this.value = value
    this.at = at
    this.name = name
    this.places = places
    if (isSecret) this.isSecret = true
  }

  /** Made when it is asked for: most variables never are. Only for what is within the value its file is read again. */
  get placeOf(): (path: readonly (string | number)[]) => Place {
    return (path) => (path.length === 0 ? undefined : this.places?.of([this.name, ...path])) ?? this.at
  }
}

/** The places within a file: read anew, when somebody asks. */
class FilePlaces {
  private readonly tree: Tree
  private readonly path: string
  private kept: WeakRef<Yaml11> | undefined

  constructor(tree: Tree, path: string) {
    this.tree = tree
    this.path = path
  }

  /** Of the member that keys and indices lead to, or of the last on the way that has one; undefined where there is none. */
  of(keys: readonly (string | number)[]): Place | undefined {
    const read = this.again()
    if (read === undefined) return undefined
    let [value, place]: [unknown, Place | undefined] = [read.value, undefined]
    for (const key of keys) {
      if (typeof value !== 'object' || value === null) break
      const mark = read.markOf(value, key)
      if (mark !== undefined) place = { file: this.path, ...mark }
      value = (value as { readonly [key: string | number]: unknown })[key]
    }
    return place
  }

  /** The file with all places. Who asks for one asks for more soon: it is kept as long as there is room. */
  private again(): Yaml11 | undefined {
    const kept = this.kept?.deref()
    if (kept !== undefined) return kept
    const { text } = fileText(this.tree, this.path, undefined)
    const read = readYaml11(text, this.path, { tags: ANSIBLE_TAGS, markDepth: Number.POSITIVE_INFINITY })
    if (!read.ok) return undefined
    this.kept = new WeakRef(read.value)
    return read.value
  }
}
