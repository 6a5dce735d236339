import { deviceEnds } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'

/** An execution as `--json` prints it, version 1. */
export function executionJson(execution: ExecutionState, exitCode: number): string {
  return JSON.stringify({
    version: 1,
    kind: 'execution',
    id: execution.id,
    workflow: execution.workflow,
    purpose: execution.purpose,
    status: execution.status,
    outcome: execution.outcome ?? null,
    plan: execution.plan?.digest ?? null,
    devices: Object.entries(deviceEnds(execution)).map(([name, end]) => ({
      name,
      end,
      ...detailOf(execution, name),
    })),
    error: execution.compensation?.error ?? null,
    exitCode,
  })
}

function detailOf({ ends }: ExecutionState, name: string): { detail?: string } {
  const found = ends.get(name)
  return found === undefined ? {} : { detail: found.detail }
}
