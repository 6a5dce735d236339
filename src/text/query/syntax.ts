import jsonata from 'jsonata'
import { DEEPEST_SYNTAX, LONGEST_EXPRESSION, LONGEST_MILLISECONDS, LONGEST_SEQUENCE, MOST_PENDING } from './limits.ts'

export interface Node {
  readonly type: string
  readonly value?: unknown
  readonly position?: number
  readonly steps?: readonly Node[]
  readonly expressions?: readonly Node[]
  readonly expression?: Node
  readonly arguments?: readonly Node[]
  readonly procedure?: Node
  readonly lhs?: Node | readonly (readonly [Node, Node])[]
  readonly rhs?: Node
  readonly condition?: Node
  readonly then?: Node
  readonly else?: Node
  readonly body?: Node
  readonly signature?: unknown
  readonly thunk?: boolean
  readonly pattern?: Node
  readonly update?: Node
  readonly delete?: Node
  readonly terms?: readonly { readonly expression: Node }[]
  readonly stages?: readonly Stage[]
  readonly predicate?: readonly Stage[]
  readonly group?: { readonly lhs: readonly (readonly [Node, Node])[] }
  readonly focus?: string
  readonly index?: string
  readonly keepArray?: boolean
  readonly keepSingletonArray?: boolean
}

export interface Stage {
  readonly type: string
  readonly expr?: Node
  readonly value?: unknown
}

export type ParsedExpression =
  | { readonly ok: true; readonly expression: jsonata.Expression; readonly root: Node }
  | { readonly ok: false; readonly message: string; readonly position: number }

// A bracket that is followed by `??` or `?:`. The parser of jsonata 2.2.2 processes what stands before these operators twice, so that each
// such group inside another one doubles its time: 25 take minutes.
const DEFAULT_OF_A_GROUP = /[)\]}](?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)*\?[?:]/g
const MOST_DEFAULTS_OF_GROUPS = 12

/** Parses the text of an expression, without its `{%` and `%}`. */
export function parse(text: string): ParsedExpression {
  if (text.length > LONGEST_EXPRESSION) {
    return { ok: false, message: `The expression is longer than ${LONGEST_EXPRESSION} characters`, position: 0 }
  }
  const defaults = text.match(DEFAULT_OF_A_GROUP)?.length ?? 0
  if (defaults > MOST_DEFAULTS_OF_GROUPS) {
    return { ok: false, message: `More than ${MOST_DEFAULTS_OF_GROUPS} groups have a default`, position: 0 }
  }
  try {
    const limits = { timeout: LONGEST_MILLISECONDS, stack: MOST_PENDING, sequence: LONGEST_SEQUENCE }
    const expression = jsonata(text, limits)
    const root = expression.ast() as unknown as Node
    return isDeeper(root, DEEPEST_SYNTAX) ? tooDeep : { ok: true, expression, root }
  } catch (error) {
    // The parser is recursive: a text that overflows its stack is far deeper than the limit.
    if (error instanceof RangeError) return tooDeep
    const { message, position } = error as { readonly message?: string; readonly position?: number }
    return { ok: false, message: message ?? 'The expression cannot be parsed', position: position ?? 0 }
  }
}

const tooDeep: ParsedExpression = {
  ok: false,
  message: `The expression is nested deeper than ${DEEPEST_SYNTAX} levels`,
  position: 0,
}

function isDeeper(node: Node, levels: number): boolean {
  return levels === 0 || childrenOf(node).some((child) => isDeeper(child, levels - 1))
}

/** The nodes directly below a node, in the order of evaluation. */
export function childrenOf(node: Node): readonly Node[] {
  const { lhs, rhs, procedure, expression, condition, body, pattern, update } = node
  const single = [expression, condition, node.then, node.else, procedure, body, pattern, update, node.delete]
  return [
    ...(node.steps ?? []),
    ...(node.expressions ?? []),
    ...(lhs === undefined ? [] : 'type' in lhs ? [lhs] : lhs.flat()),
    ...(rhs === undefined ? [] : [rhs]),
    ...single.filter((child) => child !== undefined),
    ...(node.type === 'lambda' ? [] : (node.arguments ?? [])),
    ...(node.terms ?? []).map((term) => term.expression),
    ...stagesOf(node),
    ...(node.group?.lhs.flat() ?? []),
  ]
}

/** The filters behind a node. */
export function stagesOf(node: Node): readonly Node[] {
  return [...(node.stages ?? []), ...(node.predicate ?? [])].flatMap(({ expr }) => (expr === undefined ? [] : [expr]))
}

export function* nodesOf(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}
