import { EosflowError } from '../../model/error.ts'
import type { StateMachine, TaskState } from './machine/machine.ts'

/**
 * The tasks that only the machines of a change over several sites call (docs/adr/0081-a-change-over-several-sites.md): no workflow names them. The
 * scope of each is one that any change needs.
 */
export const SITE_TASKS = {
  /** In a part: waits for the others. */
  barrier: { scope: 'task.verify' },
  /** Says on record which execution changes the switches of which site. */
  'divide-sites': { scope: 'execution.start' },
  /** Begins them. */
  'begin-sites': { scope: 'execution.start' },
  /** Makes one plan of theirs. */
  'plan-sites': { scope: 'task.plan' },
  /** Lets all of them past a barrier, or none. */
  'release-sites': { scope: 'task.verify' },
  /** Waits for the end of each. */
  'end-sites': { scope: 'task.verify' },
} as const

/** The name of such a task. */
export type SiteTask = keyof typeof SITE_TASKS

/** What takes a division back: every part is stopped, and its end goes on record. */
export const STOP_SITES = 'stop-sites'

/** The machine of the part that changes the switches of one site: it waits for the others where it would be approved, confirm and save. */
export function partMachine(machine: StateMachine): StateMachine {
  const approve = only(machine, 'Approve')
  const barriers = [
    { at: 'push', before: 'Approve', state: 'BarrierPush' },
    { at: 'confirm', before: 'ConfirmAll', state: 'BarrierConfirm' },
    { at: 'save', before: 'SaveAll', state: 'BarrierSave' },
  ] as const
  const renamed = new Map<string, string>(barriers.map(({ before, state }) => [before, state]))
  const behind = new Map<string, string>(barriers.map(({ before, state }) => [state, before]))
  const to = (name: string): string => renamed.get(name) ?? name
  const states = Object.values(machine.states).flatMap((state) => {
    const linked = 'next' in state && state.next !== undefined ? { ...state, next: to(state.next) } : state
    const barrier = barriers.find(({ before }) => before === state.name)
    if (barrier === undefined) return [linked]
    const { at } = barrier
    if (at === 'push') {
      const next = approve.next === undefined ? {} : { next: to(approve.next) }
      return [{ ...siteTask(approve, barrier.state, 'barrier', { at }), ...next }]
    }
    return [
      { ...siteTask({ at: state.at }, barrier.state, 'barrier', { at }), next: behind.get(barrier.state) ?? '' },
      linked,
    ]
  })
  return {
    ...machine,
    startAt: to(machine.startAt),
    states: Object.fromEntries(states.map((state) => [state.name, state])),
  }
}

/** The machine of the whole: it plans what its parts have planned, has that approved, and lets them past their barriers. */
export function wholeMachine(machine: StateMachine): StateMachine {
  const approve = only(machine, 'Approve')
  const { next: _, ...approved } = approve
  const divide: TaskState = {
    ...siteTask(approve, 'DivideSites', 'divide-sites', {}),
    effect: 'write',
    undo: { by: 'task', task: STOP_SITES, arguments: {} },
  }
  const states: readonly TaskState[] = [
    divide,
    siteTask(approve, 'BeginSites', 'begin-sites', {}),
    siteTask(approve, 'PlanSites', 'plan-sites', {}),
    approved,
    siteTask(approve, 'ReleasePush', 'release-sites', { at: 'push' }),
    siteTask(approve, 'ReleaseConfirm', 'release-sites', { at: 'confirm' }),
    siteTask(approve, 'ReleaseSave', 'release-sites', { at: 'save' }),
    siteTask(approve, 'EndSites', 'end-sites', {}),
  ]
  const linked = states.map((state, index): TaskState => ({ ...state, next: states[index + 1]?.name ?? 'Done' }))
  return {
    ...machine,
    startAt: divide.name,
    states: {
      ...Object.fromEntries(linked.map((state) => [state.name, state])),
      Done: { kind: 'Succeed', name: 'Done', at: approve.at, flow: { language: 'jsonata' } },
    },
  }
}

function siteTask(
  { at }: Pick<TaskState, 'at'>,
  name: string,
  task: SiteTask,
  given: Readonly<Record<string, string>>,
): TaskState {
  return {
    kind: 'Task',
    name,
    at,
    flow: { language: 'jsonata', arguments: given },
    task,
    scope: SITE_TASKS[task].scope,
    effect: 'read',
    undo: { by: 'none' },
    token: false,
    retry: [],
    catch: [],
  }
}

/** A state that every workflow has that may be made at several sites together. */
function only({ states }: StateMachine, name: string): TaskState {
  const found = states[name]
  if (found?.kind === 'Task') return found
  throw new EosflowError('bug', `a change over several sites has no state ${name}`)
}
