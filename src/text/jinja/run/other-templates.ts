import type { Value } from '../value/value.ts'
import type { ImportedTemplate, Scope } from './scope.ts'

export interface OtherTemplates {
  /** The names that `include` and its like are given: one, or several of which the first that is there is taken. */
  namesIn(value: Value): readonly string[]
  /** The text of an included template; undefined where it is missing and may be. Without `context` it sees no variable. */
  included(names: readonly string[], mayBeMissing: boolean, context: Scope | undefined): string | undefined
  /** Without `context` it sees no variable. */
  imported(names: readonly string[], context: Scope | undefined): ImportedTemplate
}
