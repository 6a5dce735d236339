import { type Call, callFault } from '../call/arguments.ts'
import { FILTERS } from '../filter/names.ts'
import { TESTS } from '../filter/tests.ts'
import type { Arguments, Body, Expression } from '../syntax/nodes.ts'
import { walk } from '../syntax/walk.ts'
import { TemplateFault } from '../value/fault.ts'
import { ofFilter, unknownFilter, unknownTest } from './filter-faults.ts'
import { globalSignature, REFUSED_GLOBALS, refusedCall } from './globals.ts'

/** Each filter and test of a template that there is not; Ansible refuses a template with one even where it is not used. */
export function callFaults(body: Body): TemplateFault[] {
  return faultsOf(body, (called) => {
    if (called.kind === 'filter' && !Object.hasOwn(FILTERS, called.name)) return unknownFilter(called.name)
    return called.kind === 'test' && !Object.hasOwn(TESTS, called.name) ? unknownTest(called.name) : undefined
  })
}

/**
 * Each call that can never be good, whatever the values are: with an argument that the filter, test or function does not
 * have, without one that it needs, or of a function that is not rendered. `own` are names that mean something else here; without
 * them any name may, and functions are not judged.
 */
export function argumentFaults(body: Body, own: ReadonlySet<string> | undefined): TemplateFault[] {
  return faultsOf(body, (called) => {
    const isOwn = called.kind === 'function' && (own === undefined || own.has(called.name))
    return isOwn ? undefined : (refusalOf(called) ?? unfitCall(called))
  })
}

function refusalOf({ kind, name }: Called) {
  const why = kind === 'function' && Object.hasOwn(REFUSED_GLOBALS, name) ? REFUSED_GLOBALS[name] : undefined
  return why === undefined ? undefined : refusedCall(name, why)
}

function unfitCall({ kind, name, call }: Called) {
  const signature = signatureOf(kind, name)
  const fault = signature === undefined ? undefined : callFault(signature, call)
  const named = fault === undefined ? undefined : ofFilter(fault, name)
  return named instanceof TemplateFault ? named : undefined
}

function signatureOf(kind: Called['kind'], name: string) {
  if (kind === 'function') return globalSignature(name)
  const all = kind === 'filter' ? FILTERS : TESTS
  return Object.hasOwn(all, name) ? all[name]?.signature : undefined
}

interface Called {
  readonly kind: 'filter' | 'test' | 'function'
  readonly name: string
  readonly offset: number
  readonly call: Call
}

function faultsOf(body: Body, faultOf: (called: Called) => TemplateFault | undefined): TemplateFault[] {
  const faults: TemplateFault[] = []
  const expression = (node: Expression) => {
    for (const called of [calledBy(node), namedByText(node)]) {
      const fault = called === undefined ? undefined : faultOf(called)
      if (called === undefined || fault === undefined) continue
      fault.offset = called.offset
      faults.push(fault)
    }
  }
  walk(body, { expression })
  return faults
}

function calledBy(node: Expression): Called | undefined {
  if (node.kind === 'filter' || node.kind === 'test')
    return { kind: node.kind, name: node.name, offset: node.offset, call: callOf(node.args) }
  if (node.kind !== 'call' || node.of.kind !== 'name') return undefined
  return { kind: 'function', name: node.of.name, offset: node.of.offset, call: callOf(node.args) }
}

function callOf({ positional, named, list, mapping }: Arguments, without = 0): Call {
  return {
    positional: positional.length - without,
    named: named.map(({ name }) => name),
    isOpen: list !== undefined || mapping !== undefined,
  }
}

const NAMING: Readonly<Record<string, { readonly kind: 'filter' | 'test'; readonly place: number }>> = {
  map: { kind: 'filter', place: 0 },
  select: { kind: 'test', place: 0 },
  reject: { kind: 'test', place: 0 },
  selectattr: { kind: 'test', place: 1 },
  rejectattr: { kind: 'test', place: 1 },
}

function namedByText(node: Expression): Called | undefined {
  const naming = node.kind === 'filter' && Object.hasOwn(NAMING, node.name) ? NAMING[node.name] : undefined
  if (node.kind !== 'filter' || naming === undefined) return undefined
  const text = node.args.positional[naming.place]
  if (text?.kind !== 'literal' || typeof text.value !== 'string') return undefined
  const call = callOf(node.args, naming.place + 1)
  return { kind: naming.kind, name: text.value, offset: text.offset, call }
}
