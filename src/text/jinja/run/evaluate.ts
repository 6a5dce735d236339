import { type Call, callFault, holds, isTrue } from '../call/arguments.ts'
import { textOf } from '../call/print.ts'
import { FILTERS } from '../filter/names.ts'
import { TESTS } from '../filter/tests.ts'
import { attributeOf, itemAt, itemOf, memberOf } from '../object/access.ts'
import { combined, signed } from '../object/arithmetic.ts'
import {
  type Arguments,
  type Body,
  type ComparisonOperator,
  type Expression,
  type FilterNode,
  walk,
} from '../syntax/nodes.ts'
import {
  type Budget,
  type CallArguments,
  Callable,
  Dict,
  itemsOf,
  keyWork,
  placed,
  Range,
  Slice,
  TemplateFault,
  type TemplateRuntime,
  Tuple,
  typeOf,
  Undefined,
  type Value,
  View,
  workOf,
  wrong,
} from '../value/value.ts'
import { ofFilter, unknownFilter, unknownTest } from './filter-faults.ts'
import { globalSignature, REFUSED_GLOBALS, refusedCall, type Scope } from './scope.ts'

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>

export type Evaluator = ReturnType<typeof evaluatorOf>

export function evaluatorOf(budget: Budget) {
  const host: TemplateRuntime = {
    budget,
    item: (of, key) => itemOf(of, key, host),
    member: memberIn,
    ownItem: ownItemIn,
    filter: filterValue,
    test: testValue,
  }

  function evaluated(node: Expression, scope: Scope): Value {
    budget.spend()
    try {
      const value = valueByKind(node, scope)
      if (value instanceof Undefined) value.offset ??= node.offset
      return value
    } catch (thrown) {
      throw placed(thrown, node.offset)
    }
  }

  function memberIn(of: Value, name: string) {
    const value = of instanceof Undefined ? of : memberOf(of, name, host)
    if (value !== undefined) return value
    throw wrong(`a ${typeOf(of)} has no member \`${name}\``, `an item is written \`[${name}]\` in a format`)
  }

  function ownItemIn(of: Value, key: Value) {
    const value = of instanceof Undefined ? of : itemAt(of, key, budget)
    if (value !== undefined) return value
    throw wrong(`a ${typeOf(of)} has no item \`${textOf(key, budget)}\``, 'see the name behind the value in the format')
  }

  function callValue(called: Value, given: CallArguments) {
    budget.spend()
    spendOn(null, given)
    if (called instanceof Callable) return called.call(given)
    if (called instanceof Undefined) throw called.fault()
    throw wrong(`a ${typeOf(called)} cannot be called`, 'leave the parentheses out')
  }

  function filterValue(name: string, value: Value, given: CallArguments) {
    budget.spend()
    const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined
    if (filter === undefined) throw unknownFilter(name)
    spendOn(value, given)
    if (SLOW_FILTERS.has(name.replace(/^ansible\.(?:builtin|legacy)\./, ''))) budget.spend(workOf(value) * SLOWER)
    try {
      return unrolled(filter(value, given, host))
    } catch (thrown) {
      throw ofFilter(thrown, name)
    }
  }

  function unrolled(value: Value) {
    return value instanceof View || value instanceof Range ? [...itemsOf(value, budget)] : value
  }

  function testValue(name: string, value: Value, given: CallArguments) {
    budget.spend()
    const test = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined
    if (test === undefined) throw unknownTest(name)
    spendOn(value, given)
    return test(value, given, host)
  }

  function filteredBlock(node: FilterNode, text: string, scope: Scope): Value {
    return filtered(node, node.of?.kind === 'filter' ? filteredBlock(node.of, text, scope) : text, scope)
  }

  function filtered(node: FilterNode, of: Value, scope: Scope) {
    try {
      return filterValue(node.name, of, givenIn(node.args, scope))
    } catch (thrown) {
      throw placed(thrown, node.offset)
    }
  }

  function givenIn(args: Arguments, scope: Scope): CallArguments {
    const positional = args.positional.map((arg) => evaluated(arg, scope))
    const named = new Map(args.named.map(({ name, value }) => [name, evaluated(value, scope)]))
    if (args.list !== undefined) positional.push(...itemsOf(evaluated(args.list, scope), budget))
    if (args.mapping !== undefined) addNamed(evaluated(args.mapping, scope), named)
    return { positional, named }
  }

  function addNamed(mapping: Value, named: Map<string, Value>) {
    if (!(mapping instanceof Dict)) throw wrong('a mapping is expected behind `**`')
    for (const [key, value] of mapping.entries()) {
      if (typeof key !== 'string') throw wrong('the keys of a mapping behind `**` are names')
      named.set(key, value)
    }
  }

  function valueByKind(node: Expression, scope: Scope): Value {
    switch (node.kind) {
      case 'literal':
        return node.value
      case 'name':
        return namedValue(node.name, scope)
      case 'list':
        return node.items.map((item) => evaluated(item, scope))
      case 'tuple':
        return new Tuple(node.items.map((item) => evaluated(item, scope)))
      case 'dict':
        return new Dict(node.pairs.map(({ key, value }) => [keyOf(key, scope), evaluated(value, scope)]))
      case 'slice':
        return sliceOf(node, scope)
      case 'attribute':
        return attributeOf(evaluated(node.of, scope), node.name, host)
      case 'item':
        return itemOf(evaluated(node.of, scope), evaluated(node.key, scope), host)
      case 'call':
        return callValue(evaluated(node.of, scope), givenIn(node.args, scope))
      case 'filter':
        return filtered(node, node.of === undefined ? null : evaluated(node.of, scope), scope)
      case 'test':
        return testValue(node.name, evaluated(node.of, scope), givenIn(node.args, scope))
      default:
        return operation(node, scope)
    }
  }

  function keyOf(node: Expression, scope: Scope): Value {
    const key = evaluated(node, scope)
    budget.spend(keyWork(key))
    return key
  }

  function operation(
    node: Of<'not' | 'negative' | 'positive' | 'and' | 'or' | 'binary' | 'concat' | 'compare' | 'condition'>,
    scope: Scope,
  ): Value {
    switch (node.kind) {
      case 'not':
        return !isTrue(evaluated(node.of, scope))
      case 'negative':
      case 'positive':
        return signed(evaluated(node.of, scope), node.kind === 'negative')
      case 'and':
      case 'or': {
        const left = evaluated(node.left, scope)
        return isTrue(left) === (node.kind === 'and') ? evaluated(node.right, scope) : left
      }
      case 'binary':
        return binary(node, scope)
      case 'concat':
        return concat(node, scope)
      case 'compare':
        return compare(node, scope)
      case 'condition':
        return condition(node, scope)
    }
  }

  function binary({ operator, left, right }: Of<'binary'>, scope: Scope): Value {
    const [a, b] = [evaluated(left, scope), evaluated(right, scope)]
    budget.spend(workOf(a) + workOf(b))
    return combined(operator, a, b, budget)
  }

  function spendOn(value: Value, { positional, named }: CallArguments) {
    budget.spend(workOf(value))
    for (const one of positional) budget.spend(workOf(one))
    for (const one of named.values()) budget.spend(workOf(one))
  }

  function namedValue(name: string, scope: Scope) {
    const value = scope.get(name)
    return value === undefined ? undefinedName(name) : value
  }

  function sliceOf({ start, stop, step }: Of<'slice'>, scope: Scope): Value {
    const part = (node: Expression | undefined) => (node === undefined ? null : evaluated(node, scope))
    return new Slice(part(start), part(stop), part(step))
  }

  function concat({ parts }: Of<'concat'>, scope: Scope): Value {
    return budget.text(parts.map((part) => textOf(evaluated(part, scope), budget)).join(''))
  }

  function compare({ first, rest }: Of<'compare'>, scope: Scope): Value {
    let left = evaluated(first, scope)
    for (const { operator, value } of rest) {
      const right = evaluated(value, scope)
      budget.spend(compareWork(operator, left, right))
      if (!holds(operator, left, right, budget)) return false
      left = right
    }
    return true
  }

  function condition({ test, then, otherwise }: Of<'condition'>, scope: Scope): Value {
    if (isTrue(evaluated(test, scope))) return evaluated(then, scope)
    if (otherwise !== undefined) return evaluated(otherwise, scope)
    return new Undefined('the `if` in the expression has no `else`, and its condition is false', 'add an `else`', true)
  }

  return { budget, evaluated, given: givenIn, call: callValue, filteredBlock }
}

const SLOW_FILTERS: ReadonlySet<string> = new Set([
  'capitalize',
  'symmetric_difference',
  'title',
  'union',
  'unique',
  'urlencode',
  'wordcount',
])
const SLOWER = 15

export function undefinedName(name: string): Undefined {
  return new Undefined(`\`${name}\` is not defined`, '')
}

function compareWork(operator: ComparisonOperator, left: Value, right: Value) {
  const isIn = operator === 'in' || operator === 'not in'
  return isIn ? (right instanceof Dict ? 0 : workOf(right)) : Math.min(workOf(left), workOf(right))
}

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
