import { childrenOf, type Node } from './names.ts'

export interface PathMention {
  readonly of: string
  readonly steps: readonly string[]
  readonly position: number
}

/** Every path into a variable of an expression; one without steps where the variable is used otherwise. */
export function pathsOf(root: Node): readonly PathMention[] {
  return [...mentionsIn(root)]
}

function* mentionsIn(node: Node): Generator<PathMention> {
  const [first, ...rest] = node.type === 'path' ? (node.steps ?? []) : [node]
  const variable = first?.type === 'variable' ? first : undefined
  if (variable !== undefined) {
    const steps = isFiltered(variable) ? [] : namesIn(rest)
    yield { of: String(variable.value), steps, position: variable.position ?? 0 }
  }
  // What a variable at the beginning of a path picks by is not the variable once more.
  const below = childrenOf(node).flatMap((child) => (child === variable ? childrenOf(child) : [child]))
  for (const child of below) yield* mentionsIn(child)
}

function namesIn(steps: readonly Node[]) {
  const names: string[] = []
  for (const step of steps) {
    if (step.type !== 'name') break
    names.push(String(step.value))
    if (isFiltered(step)) break
  }
  return names
}

function isFiltered({ stages, predicate, group, focus, index }: Node) {
  return [stages, predicate, group, focus, index].some((part) => part !== undefined)
}
