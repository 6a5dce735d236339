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
    for (const called of [node, namedByText(node)]) {
      if (called?.kind === 'filter' && !Object.hasOwn(FILTERS, called.name))
        add(unknownFilter(called.name), called.offset)
      if (called?.kind === 'test' && !Object.hasOwn(TESTS, called.name)) add(unknownTest(called.name), called.offset)
    }
  }
  walk(body, { expression })
  return faults
}

/** Which argument of a filter names another filter or a test. */
const NAMING: Readonly<Record<string, { readonly kind: 'filter' | 'test'; readonly place: number }>> = {
  map: { kind: 'filter', place: 0 },
  select: { kind: 'test', place: 0 },
  reject: { kind: 'test', place: 0 },
  selectattr: { kind: 'test', place: 1 },
  rejectattr: { kind: 'test', place: 1 },
}

/** The filter of `map('upper')`, and the test of `select('odd')` and its kin. */
function namedByText(node: Expression): { kind: 'filter' | 'test'; name: string; offset: number } | undefined {
  const naming = node.kind === 'filter' && Object.hasOwn(NAMING, node.name) ? NAMING[node.name] : undefined
  if (node.kind !== 'filter' || naming === undefined) return undefined
  const text = node.args.positional[naming.place]
  if (text?.kind !== 'literal' || typeof text.value !== 'string') return undefined
  return { kind: naming.kind, name: text.value, offset: text.offset }
}
