import type { TaskState } from '../machine/machine.ts'
import type { Progress } from './progress.ts'

export interface OrderFault {
  readonly code: string
  readonly message: string
  readonly hint: string
}

export interface Passage {
  readonly done: Progress
  readonly caught: readonly Progress[]
  readonly fault?: OrderFault
}

/** `asksApproval`: some state of the machine asks for an approval. */
export function passTask({ task, effect }: TaskState, at: Progress, asksApproval: boolean): Passage {
  const pass = PASSAGES[task]
  if (pass !== undefined) return pass(at, asksApproval)
  const fault = faultUnless(
    effect === 'read' || at.plan === 'made',
    'write-before-plan',
    `a write to a service can be reached before the plan, and so in a dry run`,
    'move it behind the state with `plan`, or say `Effect: read` if it changes nothing',
  )
  return { done: at, caught: [at], ...fault }
}

type Pass = (at: Progress, asksApproval: boolean) => Passage

const PASSAGES: Readonly<Record<string, Pass>> = {
  snapshot: (at) => ({ done: { ...at, snapshot: true }, caught: [at] }),

  plan: (at) => ({
    done: { ...at, plan: 'made' },
    caught: [{ ...at, plan: 'tried' }],
    ...faultUnless(
      at.snapshot,
      'task-order',
      '`plan` can come before `snapshot`',
      'put a state with `snapshot` before it',
    ),
    ...faultUnless(
      at.plan === 'none',
      'plan-twice',
      'the plan can be made twice: an approval is of one plan',
      'leave loops behind it, and lead no way back to it',
    ),
  }),

  approve: (at) => ({ done: { ...at, approved: true }, caught: [at], ...afterPlan(at, 'approve') }),

  recheck: (at) => ({ done: at, caught: [at], ...afterPlan(at, 'recheck') }),

  push: (at, asksApproval) => ({
    done: { ...at, change: 'armed', ready: false },
    caught: [at, { ...at, change: 'restored', ready: false }],
    ...faultUnless(
      !asksApproval || at.approved,
      'push-unapproved',
      '`push` can be reached without the approval that this machine asks for elsewhere',
      'lead every way to it through the state with `approve`',
    ),
    ...afterPlan(at, 'push'),
    ...faultUnless(
      at.change === 'none',
      'push-twice',
      '`push` can be reached a second time on one switch',
      'lead no way back to it: what failed is put back, and planned anew',
    ),
  }),

  verify: (at) => ({
    done: { ...at, change: 'verified' },
    caught: [{ ...at, change: 'armed' }],
    ...faultUnless(
      at.change === 'armed' || at.change === 'verified',
      'task-order',
      '`verify` can be reached where no switch is under its commit timer',
      'put it behind `push`',
    ),
  }),

  ready: (at) => ({ done: { ...at, ready: at.change === 'verified' }, caught: [at] }),

  confirm: (at) => ({
    done: { ...at, change: 'confirmed' },
    caught: [{ ...at, change: 'restored' }],
    ...faultUnless(
      at.ready,
      'task-order',
      '`confirm` can be reached without `ready`, which asks every switch for its commit timer first',
      'put a state with `ready` before it, outside the Map over the switches',
    ),
    ...faultUnless(
      at.change === 'verified',
      'confirm-unverified',
      '`confirm` can be reached where the change is not verified',
      'lead every way from `push` to it through `verify`, and none to it twice',
    ),
  }),

  save: (at) => ({
    done: { ...at, change: 'saved' },
    caught: [{ ...at, change: 'restored' }],
    ...faultUnless(
      at.change === 'confirmed',
      'task-order',
      '`save` can be reached where the change is not confirmed',
      'put it behind the Map that confirms',
    ),
  }),

  rollback: (at) => ({
    done: { ...at, change: at.change === 'none' ? 'none' : 'restored', ready: false },
    caught: [at],
    ...afterPlan(at, 'rollback'),
  }),
}

function afterPlan(at: Progress, task: string): { readonly fault?: OrderFault } {
  return faultUnless(
    at.plan === 'made',
    'task-order',
    `\`${task}\` can be reached without a plan`,
    `lead every way to it through the state with \`plan\``,
  )
}

function faultUnless(holds: boolean, code: string, message: string, hint: string): { readonly fault?: OrderFault } {
  return holds ? {} : { fault: { code, message, hint } }
}
