import type { Json } from '../../src/model/json.ts'

/** What derived-fields.json says of one command: the paths that follow from the configuration, and from the topology. */
export interface FieldClasses {
  readonly config: readonly string[]
  readonly topology: readonly string[]
}

/** Leaves by a name that both sides give alike. */
export type Leaves = ReadonlyMap<string, Json>

/** Arrays that are compared as sets: an element is a leaf of its own. */
const SETS = new Set(['vias', 'interfaces', 'interfacesV4', 'interfacesV6', 'remoteVtepAddr'])

/** The leaves of an answer that lie on a path: `*` is any one step; peers go by their address, elements of sets by value. */
export function leavesAt(answer: Json, path: string): Leaves {
  const found = new Map<string, Json>()
  walk(answer, path.replace(/ \(.*$/, '').split('.'), [], found)
  return found
}

function walk(here: Json, steps: readonly string[], at: readonly string[], found: Map<string, Json>): void {
  const [step, ...rest] = steps
  if (step === undefined) {
    found.set(at.join('.'), typeof here === 'object' && here !== null ? 'present' : here)
    return
  }
  if (Array.isArray(here)) {
    for (const [name, child] of elements(here, at.at(-1) ?? '', rest)) walk(child, rest, [...at, name], found)
    return
  }
  if (typeof here !== 'object' || here === null) return
  for (const [key, child] of Object.entries(here)) {
    if (step === '*' || step === key) walk(child, rest, [...at, key], found)
  }
}

/** The elements of an array with the names they go by. */
function elements(array: readonly Json[], name: string, rest: readonly string[]): readonly (readonly [string, Json])[] {
  if (SETS.has(name)) return array.flatMap((element) => setElement(element, rest))
  if (name === 'peerList') return array.map((peer) => [peerAddress(peer), peer])
  return array.map((element, index) => [String(index), element])
}

function setElement(element: Json, rest: readonly string[]): readonly (readonly [string, Json])[] {
  const [key] = rest
  const value = key === undefined ? element : (element as Record<string, Json>)[key]
  return value === undefined ? [] : [[String(value), element]]
}

function peerAddress(peer: Json): string {
  return String((peer as Record<string, Json>).peerAddress)
}

/** How one path compares: equal of all, and what differs. */
export interface Compared {
  readonly equal: number
  readonly total: number
  readonly different: readonly string[]
}

/** Compares the union of two sets of leaves, but those that are skipped. */
export function compareLeaves(recorded: Leaves, simulated: Leaves, skipped: (leaf: string) => boolean): Compared {
  const names = [...new Set([...recorded.keys(), ...simulated.keys()])].filter((name) => !skipped(name))
  const show = (value: Json | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value))
  const different = names.flatMap((name) => {
    const [theirs, ours] = [show(recorded.get(name)), show(simulated.get(name))]
    return theirs === ours ? [] : [`${name}: ${theirs}, here ${ours}`]
  })
  return { equal: names.length - different.length, total: names.length, different }
}
