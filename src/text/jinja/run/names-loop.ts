import type { Body } from '../syntax/nodes.ts'
import { walk } from '../syntax/walk.ts'

const known = new WeakMap<Body, boolean>()

/** Whether the body of a loop, or what is nested in it, names `loop`; looked at once. */
export function namesLoop(body: Body): boolean {
  const before = known.get(body)
  if (before !== undefined) return before
  let found = false
  walk(body, {
    expression: (node) => {
      found ||= node.kind === 'name' && node.name === 'loop'
    },
  })
  known.set(body, found)
  return found
}
