import type jsonata from 'jsonata'
import { LimitFault } from './limit-fault.ts'
import { isFunction, measure } from './measure.ts'
import type { Meter } from './meter.ts'
import { type Environment, meterOf } from './runtime.ts'
import { childrenOf, type Node, nodesOf, stagesOf } from './syntax.ts'

/** What is special about a node for the count of steps. */
interface Mark {
  /** What it gives is walked by what stands above it. */
  walked?: boolean
  /** It walks what it is applied to. */
  walks?: boolean
  /** Its value becomes a member of an object. */
  member?: boolean
  /** It is a term of an order-by: JSONata holds a copy of all that is left to sort for every comparison. */
  term?: boolean
  /** It is the key of a group. */
  key?: boolean
}

const EXIT = Symbol.for('jsonata.__evaluate_exit')
const STEPS_PER_TERM = 4

/**
 * Counts every step of an expression's evaluations, and bounds every value in them. JSONata waits for its hooks, so there
 * is one only: what never leaves a node is bounded by MOST_PENDING.
 */
export function hook(expression: jsonata.Expression, root: Node): void {
  const marks = marksOf(root)
  const leave = (node: Node, input: unknown, environment: Environment, result: unknown): void => {
    const meter = meterOf(environment)
    const mark = marks.get(node)
    if (mark === undefined) {
      meter.spend(1)
      measure(result)
      return
    }
    meter.spend(mark.term === true ? STEPS_PER_TERM : 1)
    if (mark.key === true) meter.group()
    if (mark.walks === true) walk(meter, node, input)
    if (mark.walked === true) meter.walk(result)
    else measure(result)
    if (mark.member === true) requireData(result)
  }
  // The declarations of jsonata know no symbols here.
  expression.assign(EXIT as unknown as string, leave)
}

function walk(meter: Meter, { type }: Node, input: unknown): void {
  meter.walk(input)
  // Of `*`, JSONata copies what it has found for every member that is an array.
  if (type === 'wildcard') meter.spend(Math.floor(Object.keys(input ?? {}).length ** 2 / 512))
}

/**
 * A function in an object could be named `then`, and JavaScript would wait for it without end. Lambdas are objects to
 * JavaScript, so that only what has become a function of its own is meant.
 */
function requireData(value: unknown): void {
  const isNotData = (one: unknown): boolean => typeof one === 'function' || (isFunction(one) && !isLambda(one))
  if (Array.isArray(value) ? value.some(isNotData) : isNotData(value)) {
    throw new LimitFault('A member of an object cannot be a function')
  }
}

function isLambda(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_jsonata_lambda' in value
}

function marksOf(root: Node): ReadonlyMap<Node, Mark> {
  const marks = new Map<Node, Mark>()
  for (const node of nodesOf(root)) {
    for (const [marked, mark] of marksBy(node)) marks.set(marked, { ...marks.get(marked), ...mark })
  }
  return marks
}

/** What one node means for itself and the nodes below it. */
function marksBy(node: Node): readonly (readonly [Node, Mark])[] {
  const isWalker = ['binary', 'unary', 'condition', 'transform'].includes(node.type)
  const walked = [...(isWalker ? [node, ...childrenOf(node)] : []), ...stagesOf(node)]
  const pairs = pairsOf(node)
  const stored = [...pairs.map(([, value]) => value), ...(node.update === undefined ? [] : [node.update])]
  return [
    ...(node.type === 'wildcard' || node.type === 'descendant' ? [[node, { walks: true }] as const] : []),
    ...walked.map((one) => [one, { walked: true }] as const),
    ...(node.terms ?? []).map(({ expression }) => [expression, { walked: true, term: true }] as const),
    ...pairs.map(([key]) => [key, { walked: true, key: true }] as const),
    ...stored.map((one) => [one, { member: true }] as const),
  ]
}

function pairsOf({ lhs, group }: Node): readonly (readonly [Node, Node])[] {
  return [...(lhs === undefined || 'type' in lhs ? [] : lhs), ...(group?.lhs ?? [])]
}
