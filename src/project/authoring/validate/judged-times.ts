import type { Inventory, InventoryDevice } from '../../../change/inventory/inventory.ts'
import { rolloutProblems } from '../../../change/plan/prepare.ts'
import type { Soak } from '../../../change/plan/soak.ts'
import { overBudget } from '../../../change/plan/unmet-rollout.ts'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import type { Warning } from '../../../change/workflow/habit/habits.ts'
import { FAILOVER_RESERVE, timerProblem } from '../../../change/workflow/timers.ts'
import type { Problem } from '../../../model/problem.ts'
import { failoverOf, withFailover } from '../../files/failover.ts'
import type { Project } from '../../files/project.ts'

interface Switches {
  readonly inventory: Inventory | undefined
  readonly devices: readonly InventoryDevice[]
  readonly soak: Soak | undefined
}

/**
 * What cannot be of the waves and times of a workflow on its switches; and as warnings the commit timer that leaves less than a minute where
 * a worker of this project dies, and more switches than a budget lets be under change at once.
 */
export function judgedTimes(
  project: Pick<Project, 'settings'>,
  workflow: Workflow,
  switches: Switches,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Warning[] } {
  const problems = problemsOf(withFailover(project, workflow), switches)
  const failover = failoverOf(project)
  const over = overBudget(workflow, project.settings.maxUnderChange, switches.devices)
  if (problems.length > 0 || failover === undefined) return { problems, warnings: over }
  const timers = { ...workflow.timers, failover, reserve: FAILOVER_RESERVE }
  const late = problemsOf({ ...workflow, timers }, switches)
  return { problems, warnings: [...over, ...late.map((problem) => ({ ...problem, severity: 'warning' as const }))] }
}

function problemsOf(workflow: Workflow, { inventory, devices, soak }: Switches) {
  if (inventory !== undefined) return rolloutProblems(workflow, inventory, devices, soak)
  const problem = timerProblem(workflow, [['the fewest there can be']])
  return problem === undefined ? [] : [problem]
}
