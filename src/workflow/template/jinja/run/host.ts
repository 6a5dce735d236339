import type { Given, Value } from '../value/value.ts'
import type { Budget } from './budget.ts'

/** What a filter, a test or a method may ask of the rendering that it is part of. */
export interface Host {
  readonly budget: Budget
  /** `of.name` */
  attribute(of: Value, name: string): Value
  /** `of[key]` */
  item(of: Value, key: Value): Value
  /** `called(…)` */
  call(called: Value, given: Given): Value
  /** `value|name(…)` */
  filter(name: string, value: Value, given: Given): Value
  /** `value is name(…)` */
  test(name: string, value: Value, given: Given): boolean
}
