import type { Json } from '../../../../model/json.ts'

export type Root =
  | { readonly of: 'input' }
  | { readonly of: 'context' }
  | { readonly of: 'variable'; readonly name: string }
  | { readonly of: 'current' }

export type PathStep =
  | { readonly kind: 'member'; readonly name: string }
  /** `['a','b']` in the middle of a path: each of them in turn. */
  | { readonly kind: 'members'; readonly names: readonly string[] }
  /** `['a','b']` at the end of a path: one object with those of them that are there (Jayway). */
  | { readonly kind: 'merge'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'indices'; readonly indices: readonly number[] }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  /** `..`: the step, applied to the value itself and to everything inside it. */
  | { readonly kind: 'descend'; readonly step: PathStep }

export interface JsonPath {
  readonly text: string
  readonly root: Root
  readonly steps: readonly PathStep[]
  readonly call?: string
  /** Only such a path can miss: any other one selects an empty list. */
  readonly definite: boolean
}

export type FilterOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'nin'
  | 'subsetof'
  | 'anyof'
  | 'noneof'
  | 'all'
  | 'contains'
  | 'size'
  | 'empty'

export type Operand =
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'literal'; readonly value: Json }

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'exists'; readonly path: JsonPath }
  | { readonly kind: 'compare'; readonly left: Operand; readonly operator: FilterOperator; readonly right: Operand }
