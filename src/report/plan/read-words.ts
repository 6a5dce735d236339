import type { PlanContent } from '../../change/plan/plan.ts'
import { count, switches } from '../text/count.ts'

/** How much of the variables of the inventory a plan was made from, as a line; none where no variable was read. */
export function readWords(content: Pick<PlanContent, 'inventory'>): readonly string[] {
  const { read = {} } = content.inventory
  const perSwitch = Object.values(read).map((data) => Object.keys(data).filter(isVariable).length)
  const all = perSwitch.reduce((sum, some) => sum + some, 0)
  if (all === 0) return []
  return [`Made from ${count(all, 'variable')} of ${switches(perSwitch.filter((some) => some > 0).length)}`]
}

const isVariable = (name: string): boolean => /^(?:\w+\()?vars\b/.test(name)
