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
  | (Part & { readonly kind: 'literal'; readonly value: Literal })
  | (Part & { readonly kind: 'name'; readonly name: string })
  | (Part & { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] })
  | (Part & { readonly kind: 'dict'; readonly pairs: readonly { key: Expression; value: Expression }[] })
  | (Part & { readonly kind: 'attribute'; readonly of: Expression; readonly name: string })
  | (Part & { readonly kind: 'item'; readonly of: Expression; readonly key: Expression })
  | (Part & {
      readonly kind: 'slice'
      readonly start: Expression | undefined
      readonly stop: Expression | undefined
      readonly step: Expression | undefined
    })
  | CallNode
  | FilterNode
  | (Part & {
      readonly kind: 'test'
      readonly of: Expression
      readonly name: string
      readonly args: Arguments
    })
  | (Part & { readonly kind: 'not' | 'negative' | 'positive'; readonly of: Expression })
  | (Part & { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression })
  | (Part & {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    })
  | (Part & { readonly kind: 'concat'; readonly parts: readonly Expression[] })
  | (Part & {
      readonly kind: 'compare'
      readonly first: Expression
      readonly rest: readonly { readonly operator: ComparisonOperator; readonly value: Expression }[]
    })
  | (Part & {
      readonly kind: 'condition'
      readonly test: Expression
      readonly then: Expression
      readonly otherwise: Expression | undefined
    })

export type Target =
  | { readonly kind: 'name'; readonly name: string; readonly offset: number }
  | { readonly kind: 'member'; readonly of: string; readonly name: string; readonly offset: number }
  | { readonly kind: 'targets'; readonly targets: readonly Target[]; readonly offset: number }

export interface Parameter {
  readonly name: string
  readonly fallback: Expression | undefined
}

export interface MacroNode {
  readonly kind: 'macro'
  readonly offset: number
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: Body
}

export type Statement =
  | { readonly kind: 'text'; readonly offset: number; readonly text: string }
  | { readonly kind: 'output'; readonly offset: number; readonly value: Expression }
  | {
      readonly kind: 'for'
      readonly offset: number
      readonly target: Target
      readonly of: Expression
      readonly test: Expression | undefined
      readonly recursive: boolean
      readonly body: Body
      readonly otherwise: Body
    }
  | {
      readonly kind: 'if'
      readonly offset: number
      readonly branches: readonly { readonly test: Expression; readonly body: Body }[]
      readonly otherwise: Body
    }
  | { readonly kind: 'set'; readonly offset: number; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: 'set-block'
      readonly offset: number
      readonly target: Target
      readonly filter: FilterNode | undefined
      readonly body: Body
    }
  | {
      readonly kind: 'with'
      readonly offset: number
      readonly values: readonly { readonly target: Target; readonly value: Expression }[]
      readonly body: Body
    }
  | MacroNode
  | {
      readonly kind: 'call-block'
      readonly offset: number
      readonly call: CallNode
      readonly parameters: readonly Parameter[]
      readonly body: Body
    }
  | { readonly kind: 'filter-block'; readonly offset: number; readonly filter: FilterNode; readonly body: Body }
  | { readonly kind: 'do'; readonly offset: number; readonly value: Expression }
  | { readonly kind: 'break' | 'continue'; readonly offset: number }
  | BlockNode
  | { readonly kind: 'extends'; readonly offset: number; readonly template: Expression }
  | {
      readonly kind: 'include'
      readonly offset: number
      readonly template: Expression
      readonly ignoreMissing: boolean
      readonly withContext: boolean
    }
  | {
      readonly kind: 'import'
      readonly offset: number
      readonly template: Expression
      readonly name: string
      readonly withContext: boolean
    }
  | {
      readonly kind: 'from-import'
      readonly offset: number
      readonly template: Expression
      readonly names: readonly { readonly name: string; readonly as: string }[]
      readonly withContext: boolean
    }

export interface BlockNode {
  readonly kind: 'block'
  readonly offset: number
  readonly name: string
  readonly scoped: boolean
  readonly required: boolean
  readonly body: Body
}

export type Body = readonly Statement[]
