import type { Workflow } from '../../change/workflow/definition/workflow.ts'
import type { Project } from './project.ts'

/** How long nobody drives what a dead worker drove, in seconds; undefined where no workers drive. */
export function failoverOf({ settings: { workers } }: Pick<Project, 'settings'>): number | undefined {
  return workers.dispatch === 'in-process' ? undefined : workers.ttl
}

export function withFailover(project: Pick<Project, 'settings'>, workflow: Workflow): Workflow {
  const failover = failoverOf(project)
  return failover === undefined ? workflow : { ...workflow, timers: { ...workflow.timers, failover } }
}

/**
 * The same workflow for what was begun with it before: its timers were judged then, perhaps by a version or by settings that knew of no worker, and
 * what is approved goes on.
 */
export function withoutFailover({ timers: { failover: _, ...timers }, ...workflow }: Workflow): Workflow {
  return { ...workflow, timers }
}
