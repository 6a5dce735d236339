import { contains, isEqual, isTrue, orderOf } from '../call/compare.ts'
import { textOf } from '../call/print.ts'
import { FILTERS } from '../filter/names.ts'
import { TESTS } from '../filter/tests.ts'
import { attributeOf, itemAt, itemOf, memberOf } from '../object/access.ts'
import { combined, signed } from '../object/arithmetic.ts'
import type { Arguments, ComparisonOperator, Expression, FilterNode } from '../syntax/nodes.ts'
import type { Budget } from '../value/budget.ts'
import { placed, wrong } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'
import type { TemplateRuntime } from '../value/template-runtime.ts'
import {
  type CallArguments,
  Callable,
  Dict,
  Range,
  Slice,
  Tuple,
  typeOf,
  Undefined,
  type Value,
  View,
} from '../value/value.ts'
import { keyWork, workOf } from '../value/work.ts'
import { ofFilter, unknownFilter, unknownTest } from './filter-faults.ts'
import type { Scope } from './scope.ts'

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>

export class Evaluator implements TemplateRuntime {
  readonly budget: Budget

  constructor(budget: Budget) {
    this.budget = budget
  }

  value(node: Expression, scope: Scope): Value {
    this.budget.spend()
    try {
      const value = this.#value(node, scope)
      if (value instanceof Undefined) value.offset ??= node.offset
      return value
    } catch (thrown) {
      throw placed(thrown, node.offset)
    }
  }

  attribute(of: Value, name: string): Value {
    return attributeOf(of, name, this)
  }

  item(of: Value, key: Value): Value {
    return itemOf(of, key, this)
  }

  member(of: Value, name: string): Value {
    const value = of instanceof Undefined ? of : memberOf(of, name, this)
    if (value !== undefined) return value
    throw wrong(`a ${typeOf(of)} has no member \`${name}\``, `an item is written \`[${name}]\` in a format`)
  }

  ownItem(of: Value, key: Value): Value {
    const value = of instanceof Undefined ? of : itemAt(of, key, this.budget)
    if (value !== undefined) return value
    throw wrong(
      `a ${typeOf(of)} has no item \`${textOf(key, this.budget)}\``,
      'see the name behind the value in the format',
    )
  }

  call(called: Value, given: CallArguments): Value {
    this.budget.spend()
    this.#spendOn(null, given)
    if (called instanceof Callable) return called.call(given)
    if (called instanceof Undefined) throw called.fault()
    throw wrong(`a ${typeOf(called)} cannot be called`, 'leave the parentheses out')
  }

  filter(name: string, value: Value, given: CallArguments): Value {
    this.budget.spend()
    const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined
    if (filter === undefined) throw unknownFilter(name)
    this.#spendOn(value, given)
    if (SLOW_FILTERS.has(name.replace(/^ansible\.(?:builtin|legacy)\./, ''))) this.budget.spend(workOf(value) * SLOWER)
    try {
      return this.#unrolled(filter(value, given, this))
    } catch (thrown) {
      throw ofFilter(thrown, name)
    }
  }

  #unrolled(value: Value): Value {
    return value instanceof View || value instanceof Range ? [...itemsOf(value, this.budget)] : value
  }

  test(name: string, value: Value, given: CallArguments): boolean {
    this.budget.spend()
    const test = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined
    if (test === undefined) throw unknownTest(name)
    this.#spendOn(value, given)
    return test(value, given, this)
  }

  filteredBlock(node: FilterNode, text: string, scope: Scope): Value {
    return this.#filtered(node, node.of?.kind === 'filter' ? this.filteredBlock(node.of, text, scope) : text, scope)
  }

  #filtered(node: FilterNode, of: Value, scope: Scope): Value {
    try {
      return this.filter(node.name, of, this.given(node.args, scope))
    } catch (thrown) {
      throw placed(thrown, node.offset)
    }
  }

  given(args: Arguments, scope: Scope): CallArguments {
    const positional = args.positional.map((arg) => this.value(arg, scope))
    const named = new Map(args.named.map(({ name, value }) => [name, this.value(value, scope)]))
    if (args.list !== undefined) positional.push(...itemsOf(this.value(args.list, scope), this.budget))
    if (args.mapping !== undefined) this.#addNamed(this.value(args.mapping, scope), named)
    return { positional, named }
  }

  #addNamed(mapping: Value, named: Map<string, Value>): void {
    if (!(mapping instanceof Dict)) throw wrong('a mapping is expected behind `**`')
    for (const [key, value] of mapping.entries()) {
      if (typeof key !== 'string') throw wrong('the keys of a mapping behind `**` are names')
      named.set(key, value)
    }
  }

  #value(node: Expression, scope: Scope): Value {
    switch (node.kind) {
      case 'literal':
        return node.value
      case 'name':
        return this.#named(node.name, scope)
      case 'list':
        return node.items.map((item) => this.value(item, scope))
      case 'tuple':
        return new Tuple(node.items.map((item) => this.value(item, scope)))
      case 'dict':
        return new Dict(node.pairs.map(({ key, value }) => [this.#key(key, scope), this.value(value, scope)]))
      case 'slice':
        return this.#slice(node, scope)
      case 'attribute':
        return this.attribute(this.value(node.of, scope), node.name)
      case 'item':
        return this.item(this.value(node.of, scope), this.value(node.key, scope))
      case 'call':
        return this.call(this.value(node.of, scope), this.given(node.args, scope))
      case 'filter':
        return this.#filtered(node, node.of === undefined ? null : this.value(node.of, scope), scope)
      case 'test':
        return this.test(node.name, this.value(node.of, scope), this.given(node.args, scope))
      default:
        return this.#operation(node, scope)
    }
  }

  #key(node: Expression, scope: Scope): Value {
    const key = this.value(node, scope)
    this.budget.spend(keyWork(key))
    return key
  }

  #operation(
    node: Of<'not' | 'negative' | 'positive' | 'and' | 'or' | 'binary' | 'concat' | 'compare' | 'condition'>,
    scope: Scope,
  ): Value {
    switch (node.kind) {
      case 'not':
        return !isTrue(this.value(node.of, scope))
      case 'negative':
      case 'positive':
        return signed(this.value(node.of, scope), node.kind === 'negative')
      case 'and':
      case 'or': {
        const left = this.value(node.left, scope)
        return isTrue(left) === (node.kind === 'and') ? this.value(node.right, scope) : left
      }
      case 'binary':
        return this.#combined(node, scope)
      case 'concat':
        return this.#concat(node, scope)
      case 'compare':
        return this.#compare(node, scope)
      case 'condition':
        return this.#condition(node, scope)
    }
  }

  #combined({ operator, left, right }: Of<'binary'>, scope: Scope): Value {
    const [a, b] = [this.value(left, scope), this.value(right, scope)]
    this.budget.spend(workOf(a) + workOf(b))
    return combined(operator, a, b, this.budget)
  }

  #spendOn(value: Value, { positional, named }: CallArguments): void {
    this.budget.spend(workOf(value))
    for (const one of positional) this.budget.spend(workOf(one))
    for (const one of named.values()) this.budget.spend(workOf(one))
  }

  #named(name: string, scope: Scope): Value {
    const value = scope.get(name)
    return value === undefined ? undefinedName(name) : value
  }

  #slice({ start, stop, step }: Of<'slice'>, scope: Scope): Value {
    const part = (node: Expression | undefined) => (node === undefined ? null : this.value(node, scope))
    return new Slice(part(start), part(stop), part(step))
  }

  #concat({ parts }: Of<'concat'>, scope: Scope): Value {
    const texts = parts.map((part) => textOf(this.value(part, scope), this.budget))
    return this.budget.text(texts.join(''))
  }

  #compare({ first, rest }: Of<'compare'>, scope: Scope): Value {
    let left = this.value(first, scope)
    for (const { operator, value } of rest) {
      const right = this.value(value, scope)
      this.budget.spend(compareWork(operator, left, right))
      if (!holds(operator, left, right, this.budget)) return false
      left = right
    }
    return true
  }

  #condition({ test, then, otherwise }: Of<'condition'>, scope: Scope): Value {
    if (isTrue(this.value(test, scope))) return this.value(then, scope)
    if (otherwise !== undefined) return this.value(otherwise, scope)
    return new Undefined('the `if` in the expression has no `else`, and its condition is false', 'add an `else`', true)
  }
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

export function holds(operator: ComparisonOperator, left: Value, right: Value, budget: Budget): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right, budget)
    case '!=':
      return !isEqual(left, right, budget)
    case 'in':
      return contains(right, left, budget)
    case 'not in':
      return !contains(right, left, budget)
    case '<':
      return orderOf(left, right, budget) < 0
    case '<=':
      return orderOf(left, right, budget) <= 0
    case '>':
      return orderOf(left, right, budget) > 0
    case '>=':
      return orderOf(left, right, budget) >= 0
  }
}

export function undefinedName(name: string): Undefined {
  return new Undefined(`\`${name}\` is not defined`, '')
}

function compareWork(operator: ComparisonOperator, left: Value, right: Value): number {
  const isIn = operator === 'in' || operator === 'not in'
  return isIn ? (right instanceof Dict ? 0 : workOf(right)) : Math.min(workOf(left), workOf(right))
}
