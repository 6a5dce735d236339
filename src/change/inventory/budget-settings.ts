import { z } from 'zod'
import type { BudgetGroup } from '../../model/budget-share.ts'
import type { InventoryDevice } from './inventory.ts'
import { parseSelector, selectorSchema, selects } from './selector.ts'

// So many switches a budget may allow at most: what is more is no budget.
const MOST = 1000

const on = selectorSchema('a budget', 'a budget counts by')
  .transform((text) => text.trim().replace(/\s+/g, ' '))
  .describe('The switches that it counts: a selector.')
  .meta({ examples: ['role:spine'] })

const budget = z.strictObject({
  on,
  max: z.number().int().min(1).max(MOST).describe('So many of them may be under change at once, in all executions.'),
  per: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'the name of a tag')
    .optional()
    .describe('A tag: the switches of each of its values are counted apart. Without it all of them are counted as one.')
    .meta({ examples: ['site'] }),
})

/** `maxUnderChange:` of `eosflow.yaml`: how many switches may be under change at once in all executions of the store. */
export const budgetSettings = z.array(budget).superRefine((budgets, { addIssue }) => {
  for (const [index, one] of budgets.entries()) {
    const first = budgets.findIndex((other) => other.on === one.on && other.per === one.per)
    if (first === index) continue
    const params = { code: 'budget-twice', hint: 'write one of them' }
    addIssue({ code: 'custom', path: [index, 'on'], message: `the same switches are counted twice: ${one.on}`, params })
  }
})

export type Budget = Readonly<z.output<typeof budget>>

/** Whether a switch counts under a budget, and in which group; undefined where it does not. */
export function groupIn({ on, per }: Pick<Budget, 'on' | 'per'>, device: InventoryDevice): BudgetGroup | undefined {
  const parsed = parseSelector(on)
  if (!parsed.ok || !selects(parsed.value, device)) return undefined
  if (per === undefined) return { on }
  return { on, per: { tag: per, value: Object.hasOwn(device.tags, per) ? (device.tags[per] ?? '') : '' } }
}
