import type { Place, Problem } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'

export class InventoryFault extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

/** The fault of a text that breaks a rule of Ansible's inventories. */
export function broken(message: string, at: Place, hint?: string): InventoryFault {
  return new InventoryFault({ code: 'inventory-ansible', message, at, ...definedMembers({ hint }) })
}
