import type { Budget } from './budget.ts'
import type { CallArguments, Value } from './value.ts'

export interface TemplateRuntime {
  readonly budget: Budget
  item(of: Value, key: Value): Value
  /** The member of a value that a format names; never an item. Throws where there is none. */
  member(of: Value, name: string): Value
  /** The item of a value that a format names; never a member. Throws where there is none. */
  ownItem(of: Value, key: Value): Value
  filter(name: string, value: Value, given: CallArguments): Value
  test(name: string, value: Value, given: CallArguments): boolean
}
