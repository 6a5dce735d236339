import type { Json } from '../model/json.ts'
import type { TemplateScope } from '../workflow/change.ts'
import { inventoryPathsIn, materialised } from '../workflow/query/inventory-names.ts'
import type { Workflow } from '../workflow/workflow.ts'

/**
 * Reads what the expressions of a workflow's states will read of the inventory, so that it is kept as all that is read: when they are evaluated the plan is
 * approved already.
 */
export function noteExpressions({ machine }: Pick<Workflow, 'machine'>, sights: readonly TemplateScope[]): void {
  for (const { of, steps } of inventoryPathsIn(machine as unknown as Json)) {
    for (const { device, fabric } of of === 'device' ? sights : sights.slice(0, 1)) {
      materialised(of === 'device' ? device : fabric, steps)
    }
  }
}
