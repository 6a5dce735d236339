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
