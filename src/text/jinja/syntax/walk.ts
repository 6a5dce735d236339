import type { Arguments, Body, Expression, Parameter, Statement, Target } from './nodes.ts'

export interface Visitor {
  readonly expression?: (node: Expression) => void
  readonly statement?: (node: Statement) => void
  readonly assigned?: (name: string) => void
}

/** Goes through all parts of a template, the outer before the inner. */
export function walk(body: Body, visitor: Visitor): void {
  for (const statement of body) walkStatement(statement, visitor)
}

function walkStatement(node: Statement, visitor: Visitor) {
  visitor.statement?.(node)
  for (const name of assignedBy(node)) visitor.assigned?.(name)
  for (const expression of expressionsOf(node)) walkExpression(expression, visitor)
  for (const inner of bodiesOf(node)) walk(inner, visitor)
}

export function walkExpression(node: Expression | undefined, visitor: Visitor): void {
  if (node === undefined) return
  visitor.expression?.(node)
  for (const part of partsOf(node)) walkExpression(part, visitor)
}

function assignedBy(node: Statement): readonly string[] {
  switch (node.kind) {
    case 'for':
      return [...namesOf(node.target), 'loop']
    case 'set':
    case 'set-block':
      return namesOf(node.target)
    case 'with':
      return node.values.flatMap(({ target }) => namesOf(target))
    case 'macro':
      return [node.name, ...parameterNames(node.parameters), 'varargs', 'kwargs', 'caller']
    case 'call-block':
      return parameterNames(node.parameters)
    case 'import':
      return [node.name]
    case 'from-import':
      return node.names.map(({ as }) => as)
    case 'block':
      return ['super']
    default:
      return []
  }
}

function parameterNames(parameters: readonly Parameter[]) {
  return parameters.map(({ name }) => name)
}

function namesOf(target: Target): string[] {
  if (target.kind === 'targets') return target.targets.flatMap(namesOf)
  return target.kind === 'name' ? [target.name] : []
}

function expressionsOf(node: Statement) {
  switch (node.kind) {
    case 'output':
    case 'do':
    case 'set':
      return [node.value]
    case 'set-block':
    case 'filter-block':
      return [node.filter]
    case 'for':
      return [node.of, node.test]
    case 'if':
      return node.branches.map(({ test }) => test)
    case 'with':
      return node.values.map(({ value }) => value)
    case 'macro':
      return node.parameters.map(({ fallback }) => fallback)
    case 'call-block':
      return [node.call, ...node.parameters.map(({ fallback }) => fallback)]
    case 'extends':
    case 'include':
    case 'import':
    case 'from-import':
      return [node.template]
    default:
      return []
  }
}

function bodiesOf(node: Statement) {
  switch (node.kind) {
    case 'for':
      return [node.body, node.otherwise]
    case 'if':
      return [...node.branches.map(({ body }) => body), node.otherwise]
    case 'set-block':
    case 'with':
    case 'macro':
    case 'call-block':
    case 'filter-block':
    case 'block':
      return [node.body]
    default:
      return []
  }
}

function argumentsOf({ positional, named, list, mapping }: Arguments) {
  return [...positional, ...named.map(({ value }) => value), list, mapping]
}

export function partsOf(node: Expression): readonly (Expression | undefined)[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return []
    case 'list':
    case 'tuple':
      return node.items
    case 'dict':
      return node.pairs.flatMap(({ key, value }) => [key, value])
    case 'item':
      return [node.of, node.key]
    case 'slice':
      return [node.start, node.stop, node.step]
    case 'call':
    case 'filter':
    case 'test':
      return [node.of, ...argumentsOf(node.args)]
    case 'and':
    case 'or':
    case 'binary':
      return [node.left, node.right]
    case 'concat':
      return node.parts
    case 'compare':
      return [node.first, ...node.rest.map(({ value }) => value)]
    case 'condition':
      return [node.test, node.then, node.otherwise]
    default:
      return [node.of]
  }
}
