import type { Budget } from './budget.ts'
import type { CallArguments, Value } from './value.ts'

/** What a filter, a test or a method may ask of the rendering that it is part of. */
export interface TemplateRuntime {
  readonly budget: Budget
  /** `of.name` */
  attribute(of: Value, name: string): Value
  /** `of[key]` */
  item(of: Value, key: Value): Value
  /** The member of a value that a format names; never an item. Throws where there is none. */
  member(of: Value, name: string): Value
  /** The item of a value that a format names; never a member. Throws where there is none. */
  ownItem(of: Value, key: Value): Value
  /** `called(…)` */
  call(called: Value, given: CallArguments): Value
  /** `value|name(…)` */
  filter(name: string, value: Value, given: CallArguments): Value
  /** `value is name(…)` */
  test(name: string, value: Value, given: CallArguments): boolean
}
