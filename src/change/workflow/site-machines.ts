import { EosflowError } from '../../model/error.ts'
import type { StateMachine, TaskState } from './machine/machine.ts'

/** The tasks that only the machines of a change over several sites call (docs/adr/0081-a-change-over-several-sites.md): no workflow names them. */
export const SITE_TASKS = {
  barrier: { scope: 'task.verify' },
  'divide-sites': { scope: 'execution.start' },
  'begin-sites': { scope: 'execution.start' },
  'plan-sites': { scope: 'task.plan' },
  'release-sites': { scope: 'task.verify' },
  'end-sites': { scope: 'task.verify' },
} as const

export type SiteTask = keyof typeof SITE_TASKS

export const STOP_SITES = 'stop-sites'

export function partMachine(machine: StateMachine): StateMachine {
  const approve = approveIn(machine)
  const barriers = [
    { at: 'push', before: 'Approve', state: 'BarrierPush' },
    { at: 'confirm', before: 'ConfirmAll', state: 'BarrierConfirm' },
    { at: 'save', before: 'SaveAll', state: 'BarrierSave' },
  ] as const
  const renamed = new Map<string, string>(barriers.map(({ before, state }) => [before, state]))
  const behind = new Map<string, string>(barriers.map(({ before, state }) => [state, before]))
  const to = (name: string) => renamed.get(name) ?? name
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

export function wholeMachine(machine: StateMachine): StateMachine {
  const approve = approveIn(machine)
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

function approveIn({ states: { Approve: found } }: StateMachine) {
  if (found?.kind === 'Task') return found
  throw new EosflowError('bug', 'a change over several sites has no state Approve')
}
