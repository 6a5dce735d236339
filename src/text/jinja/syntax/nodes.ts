interface Part {
  readonly offset: number
  readonly depth: number
}

export interface Arguments {
  readonly positional: readonly Expression[]
  readonly named: readonly { readonly name: string; readonly value: Expression }[]
  readonly list: Expression | undefined
  readonly mapping: Expression | undefined
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

export type Literal = string | boolean | bigint | number | null

export interface FilterNode extends Part {
  readonly kind: 'filter'
  readonly of: Expression | undefined
  readonly name: string
  readonly args: Arguments
}

export interface CallNode extends Part {
  readonly kind: 'call'
  readonly of: Expression
  readonly args: Arguments
}

export type Expression =
  | CallNode
  | FilterNode
  | (Part &
      (
        | { readonly kind: 'literal'; readonly value: Literal }
        | { readonly kind: 'name'; readonly name: string }
        | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] }
        | { readonly kind: 'dict'; readonly pairs: readonly { key: Expression; value: Expression }[] }
        | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
        | { readonly kind: 'item'; readonly of: Expression; readonly key: Expression }
        | {
            readonly kind: 'slice'
            readonly start: Expression | undefined
            readonly stop: Expression | undefined
            readonly step: Expression | undefined
          }
        | {
            readonly kind: 'test'
            readonly of: Expression
            readonly name: string
            readonly args: Arguments
          }
        | { readonly kind: 'not' | 'negative' | 'positive'; readonly of: Expression }
        | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
        | {
            readonly kind: 'binary'
            readonly operator: BinaryOperator
            readonly left: Expression
            readonly right: Expression
          }
        | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
        | {
            readonly kind: 'compare'
            readonly first: Expression
            readonly rest: readonly { readonly operator: ComparisonOperator; readonly value: Expression }[]
          }
        | {
            readonly kind: 'condition'
            readonly test: Expression
            readonly then: Expression
            readonly otherwise: Expression | undefined
          }
      ))

export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: string; readonly name: string }
  | { readonly kind: 'targets'; readonly targets: readonly Target[] }

export interface Parameter {
  readonly name: string
  readonly fallback: Expression | undefined
}

export type Statement = { readonly offset: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | {
      readonly kind: 'for'
      readonly target: Target
      readonly of: Expression
      readonly test: Expression | undefined
      readonly recursive: boolean
      readonly body: Body
      readonly otherwise: Body
    }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly test: Expression; readonly body: Body }[]
      readonly otherwise: Body
    }
  | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: 'set-block'
      readonly target: Target
      readonly filter: FilterNode | undefined
      readonly body: Body
    }
  | {
      readonly kind: 'with'
      readonly values: readonly { readonly target: Target; readonly value: Expression }[]
      readonly body: Body
    }
  | {
      readonly kind: 'macro'
      readonly name: string
      readonly parameters: readonly Parameter[]
      readonly body: Body
    }
  | {
      readonly kind: 'call-block'
      readonly call: CallNode
      readonly parameters: readonly Parameter[]
      readonly body: Body
    }
  | { readonly kind: 'filter-block'; readonly filter: FilterNode; readonly body: Body }
  | { readonly kind: 'do'; readonly value: Expression }
  | { readonly kind: 'break' | 'continue' }
  | {
      readonly kind: 'block'
      readonly name: string
      readonly scoped: boolean
      readonly required: boolean
      readonly body: Body
    }
  | { readonly kind: 'extends'; readonly template: Expression }
  | {
      readonly kind: 'include'
      readonly template: Expression
      readonly ignoreMissing: boolean
      readonly withContext: boolean
    }
  | {
      readonly kind: 'import'
      readonly template: Expression
      readonly name: string
      readonly withContext: boolean
    }
  | {
      readonly kind: 'from-import'
      readonly template: Expression
      readonly names: readonly { readonly name: string; readonly as: string }[]
      readonly withContext: boolean
    }
)

export type Body = readonly Statement[]

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
