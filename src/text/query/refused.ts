import { REFUSED } from './function-names.ts'
import type { Mention, Names } from './names.ts'
import { type Node, nodesOf } from './syntax.ts'

export interface ExpressionRefusal {
  readonly message: string
  readonly position: number
}

// Patterns that are read in one pass, in time that is the product of the lengths of pattern and text: characters, classes, escapes and
// anchors, without repetition, groups, alternatives or references.
const LONGEST_PATTERN = 64
const ONE_PASS = /^\^?(?:[^\\^$.*+?()[\]{}|]|\.|\\[^0-9kpPbBcxu]|\[\^?(?:[^\\\]]|\\[^0-9kpPbBcxu])+\])*\$?$/

/** What an expression must not have. */
export function refusedIn(root: Node, { free }: Names): readonly ExpressionRefusal[] {
  const allowed = new Set(patternsOfContains(root, free))
  return [...nodesOf(root)]
    .filter((node) => !allowed.has(node))
    .flatMap((node) => {
      const message = refusalOf(node, free)
      return message === undefined ? [] : [{ message, position: startOf(node) }]
    })
}

function refusalOf(node: Node, free: readonly Mention[]) {
  const name = String(node.value)
  switch (node.type) {
    case 'regex':
      return 'Regular expressions are refused: they can run without end. Compare strings instead'
    case 'lambda':
      return node.signature === undefined
        ? undefined
        : 'Signatures of lambdas are refused: JSONata makes regular expressions of them'
    case 'variable':
      if (Object.hasOwn(REFUSED, name) && free.some((mention) => mention.name === name)) return REFUSED[name]
  }
  // JavaScript waits for an object that has a function of this name.
  return node.focus === 'then' || node.index === 'then' ? 'A variable of a path cannot be $then' : undefined
}

function startOf({ type, value, position }: Node) {
  const length = type === 'variable' ? String(value).length + 1 : value instanceof RegExp ? value.source.length + 2 : 0
  return Math.max(0, (position ?? 0) - length)
}

function patternsOfContains(root: Node, free: readonly Mention[]) {
  if (!free.some(({ name }) => name === 'contains')) return []
  return [...nodesOf(root)].flatMap(({ type, procedure, arguments: args }) => {
    const pattern = args?.at(-1)
    const isCall = type === 'function' && procedure?.type === 'variable' && procedure.value === 'contains'
    if (!isCall || pattern === undefined || !(pattern.value instanceof RegExp)) return []
    const { source } = pattern.value
    return source.length <= LONGEST_PATTERN && ONE_PASS.test(source) ? [pattern] : []
  })
}
