import type { Json } from '../../model/json.ts'
import { CALLABLE } from './function-names.ts'
import { boundBy } from './names.ts'
import { type Node, nodesOf } from './syntax.ts'

/** Whether an expression could change the data that is bound to it. jsonata 2.2.2 writes into values it did not make: a flag on an array (`a[]`), a member into an empty array (`a{…}`), the position of a call into what is called, and whatever a transform's pattern reaches. */
export function couldWrite(root: Node): boolean {
  const nodes = [...nodesOf(root)]
  const bound = new Set(nodes.flatMap(namedBy))
  return nodes.some((node) => writes(node) || (node.type === 'function' && !isCallOfFunction(node, bound)))
}

function writes({ type, group, keepArray, keepSingletonArray }: Node) {
  return type === 'transform' || group !== undefined || keepArray === true || keepSingletonArray === true
}

function isCallOfFunction({ procedure }: Node, bound: ReadonlySet<string>) {
  const name = String(procedure?.value)
  return procedure?.type === 'variable' && CALLABLE.includes(name) && !bound.has(name)
}

function namedBy(node: Node) {
  const { type, lhs, arguments: parameters } = node
  if (type === 'bind' && lhs !== undefined && 'type' in lhs) return [String(lhs.value)]
  if (type === 'lambda') return (parameters ?? []).map(({ value }) => String(value))
  return boundBy(node)
}

export function copy(value: Json): Json {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]))
}
