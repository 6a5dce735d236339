import type { Plan } from '../../src/plan/plan.ts'
import {
  exits,
  inventoryOf,
  type Lab,
  type LabOptions,
  openLab,
  PEOPLE,
  type Person,
  SETTINGS,
  typeOn,
  workflowFor,
} from '../lab/lab.ts'

/** What a policy of these labs is changed in. */
export interface CarriedPolicy {
  readonly demand?: string
  readonly when?: string
  readonly head?: string
}

/** A policy by which a change needs one approval by somebody else, which may carry. */
export function carryPolicy({
  demand = 'count: 1, from: [approver], notRequester: true, carry: { kinds: [vlan.name, interface.description] }',
  when = '{}',
  head = '',
}: CarriedPolicy = {}): string {
  return `version: 1
roles:
  operator: { members: ["corp:group:netops"] }
  approver: { members: ["corp:group:leads"] }
${head}rules:
  - { id: read, allow: [plan.read, execution.read, audit.read], to: [operator, approver] }
  - { id: plan, allow: [plan.create, task.snapshot, task.plan, task.verify], to: [operator, approver] }
  - id: change
    allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback]
    to: [operator, approver]
    when: ${when}
    require: { approvals: { ${demand} } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver] }
`
}

/** A lab in which whoever calls is who is said, and in which an approval may carry. */
export interface CarriedLab {
  readonly lab: Lab
  as(person: Person, ...argv: readonly string[]): ReturnType<Lab['eosflow']>
  /** Lines that somebody types on leaf1 by hand, and saves. */
  byHand(...lines: readonly string[]): Promise<void>
  /** Plans as alice into `a.plan`, and approves as bob. */
  approved(): Promise<void>
}

/** The change of these labs: a port of leaf1 gets another description. */
export const LINES = ['interface Ethernet8', '   description TESTED']

/** Starts such a lab. */
export function carriedLab(options: Omit<LabOptions, 'files'> & { readonly policy?: string } = {}): CarriedLab {
  const { policy = carryPolicy(), ...given } = options
  let who: Person = 'alice'
  const lab = openLab({
    workflow: workflowFor('leaf1', {
      lines: ['vlan 998', '   name TESTED'],
    }),
    ...given,
    seams: (seams) => ({ ...(given.seams?.(seams) ?? seams), principal: PEOPLE[who] }),
  })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  lab.write('eosflow.yaml', SETTINGS)
  lab.write('policy.yaml', policy)
  const as: CarriedLab['as'] = (person, ...argv) => {
    who = person
    return lab.eosflow(...argv)
  }
  return {
    lab,
    as,
    byHand: async (...lines) => {
      await typeOn(lab.fabric.device('leaf1'), 'configure', ...lines, 'end', 'copy running-config startup-config')
    },
    approved: async () => {
      await exits(0, as('alice', 'plan', 'workflow.yaml', '-o', 'a.plan'))
      await exits(0, as('bob', 'approve', 'a.plan'))
    },
  }
}

/** A plan as `--json` or a file has it. */
export function planIn(text: string): Plan {
  return JSON.parse(text) as Plan
}
