import type { TemplateFault } from '../fault.ts'
import { FILTERS } from '../filter/names.ts'
import { TESTS } from '../filter/tests.ts'
import type { Body, Expression } from '../syntax/nodes.ts'
import { walk } from '../syntax/walk.ts'
import { unknownFilter, unknownTest } from './evaluate.ts'

/** Each filter and test of a template that there is not; Ansible refuses a template with one even where it is not used. */
export function callFaults(body: Body): TemplateFault[] {
  const faults: TemplateFault[] = []
  const add = (fault: TemplateFault, offset: number) => {
    fault.offset = offset
    faults.push(fault)
  }
  const expression = (node: Expression) => {
    if (node.kind === 'filter' && !Object.hasOwn(FILTERS, node.name)) add(unknownFilter(node.name), node.offset)
    if (node.kind === 'test' && !Object.hasOwn(TESTS, node.name)) add(unknownTest(node.name), node.offset)
    const named = namedByText(node)
    if (named?.kind === 'filter' && !Object.hasOwn(FILTERS, named.name)) add(unknownFilter(named.name), named.offset)
    if (named?.kind === 'test' && !Object.hasOwn(TESTS, named.name)) add(unknownTest(named.name), named.offset)
  }
  walk(body, { expression })
  return faults
}

/** The filter of `map('upper')`, and the test of `select('odd')` and its kin. */
function namedByText(node: Expression): { kind: 'filter' | 'test'; name: string; offset: number } | undefined {
  if (node.kind !== 'filter') return undefined
  const at = ['select', 'reject'].includes(node.name)
    ? 0
    : ['selectattr', 'rejectattr'].includes(node.name)
      ? 1
      : undefined
  const text = node.args.positional[node.name === 'map' ? 0 : (at ?? -1)]
  if (text?.kind !== 'literal' || typeof text.value !== 'string') return undefined
  return { kind: node.name === 'map' ? 'filter' : 'test', name: text.value, offset: text.offset }
}
