import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'
import { Dict, type Value } from '../value/value.ts'
import type { Pull } from './things.ts'

/** The items of a value one by one. A list may grow meanwhile, as in Python; a mapping may not. */
export function pulled(of: Value, budget: Budget): Pull {
  const items = itemsOf(of, budget)
  const size = of instanceof Dict ? of.size : undefined
  let at = 0
  return () => {
    if (of instanceof Dict && of.size !== size)
      throw wrong('the mapping changes while a loop goes through it', 'go through `|list`')
    const item = items[at]
    at += 1
    return item
  }
}
