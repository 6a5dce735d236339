import type { Body, Expression, Parameter, Statement, Target } from './nodes.ts'

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
  const below = nodesIn(node)
  for (const part of below.filter(isExpression)) walkExpression(part, visitor)
  for (const part of below) if (!isExpression(part)) walkStatement(part, visitor)
}

export function walkExpression(node: Expression | undefined, visitor: Visitor): void {
  if (node === undefined) return
  visitor.expression?.(node)
  for (const part of nodesIn(node)) if (isExpression(part)) walkExpression(part, visitor)
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

/** The nodes directly below a node, in their order. */
export function nodesIn(of: object): readonly (Expression | Statement)[] {
  return Object.values(of).flatMap((part: unknown) => {
    if (typeof part !== 'object' || part === null) return []
    return 'offset' in part ? [part as Expression | Statement] : nodesIn(part)
  })
}

function isExpression(node: Expression | Statement): node is Expression {
  return 'depth' in node
}
