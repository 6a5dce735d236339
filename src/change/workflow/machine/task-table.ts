import type { Scope } from '../../../model/principal.ts'
import type { TaskState } from './machine.ts'

export interface TaskFacts {
  readonly scope: Scope
  readonly effect: TaskState['effect']
  /** How its work is taken back unless the state says otherwise. */
  readonly undo: 'rollback' | 'none'
  readonly token: boolean
  /** Whether it acts on one switch, so that it stands only in a Map over switches. */
  readonly perSwitch: boolean
  /** Whether its output names what the switches showed before the change. */
  readonly givesSnapshot?: true
  readonly endsDryRun?: true
  readonly asksApproval?: true
  /** Whether a redrive of the state right behind it begins with it: what it was given is kept. */
  readonly keepsInput?: true
}

/** `plan` writes because it opens a config session on each switch; it aborts that session itself, so there is nothing to undo. */
export const TASKS = {
  snapshot: {
    scope: 'task.snapshot',
    effect: 'read',
    undo: 'none',
    token: false,
    perSwitch: false,
    givesSnapshot: true,
  },
  plan: { scope: 'task.plan', effect: 'write', undo: 'none', token: false, perSwitch: false, endsDryRun: true },
  approve: { scope: 'plan.read', effect: 'read', undo: 'none', token: false, perSwitch: false, asksApproval: true },
  recheck: { scope: 'task.snapshot', effect: 'read', undo: 'none', token: false, perSwitch: false, keepsInput: true },
  push: { scope: 'task.push', effect: 'write', undo: 'rollback', token: false, perSwitch: true },
  verify: { scope: 'task.verify', effect: 'read', undo: 'none', token: false, perSwitch: true },
  ready: { scope: 'task.verify', effect: 'read', undo: 'none', token: false, perSwitch: false },
  confirm: { scope: 'task.confirm', effect: 'write', undo: 'rollback', token: false, perSwitch: true },
  save: { scope: 'task.confirm', effect: 'write', undo: 'rollback', token: false, perSwitch: true },
  rollback: { scope: 'task.rollback', effect: 'write', undo: 'none', token: false, perSwitch: true },
  http: { scope: 'task.exec', effect: 'write', undo: 'none', token: false, perSwitch: false },
  signal: { scope: 'execution.read', effect: 'read', undo: 'none', token: true, perSwitch: false },
} as const satisfies Readonly<Record<string, TaskFacts>>

export type TaskName = keyof typeof TASKS

/** The facts about a task; undefined for a name that is not in {@link TASKS}. */
export function factsOf(task: string): TaskFacts | undefined {
  return Object.hasOwn(TASKS, task) ? TASKS[task as TaskName] : undefined
}

export const PUT_BACK = 'rollback' satisfies TaskName

export const READING = { task: 'snapshot', scope: TASKS.snapshot.scope } as const
