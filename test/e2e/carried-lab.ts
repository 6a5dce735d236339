import type { Plan } from '../../src/change/plan/plan.ts'
import { exits, type Lab, type LabOptions, openLab, PEOPLE, workflowFor } from '../lab/lab.ts'

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
}: CarriedPolicy = {}) {
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

/** A lab in which an approval may carry. */
export interface CarriedLab extends Pick<Lab, 'as'> {
  readonly lab: Lab
  /** Lines that a colleague types on leaf1 by hand, and saves. */
  byHand(...lines: readonly string[]): Promise<void>
  /** Plans as alice into `a.plan`, and approves as bob. */
  approved(): Promise<void>
}

/** The change of these labs: a port of leaf1 gets another description. */
export const LINES = ['interface Ethernet8', '   description TESTED']

/** Starts such a lab. */
export function carriedLab(options: LabOptions = {}): CarriedLab {
  const workflow = workflowFor('leaf1', { lines: ['vlan 998', '   name TESTED'] })
  const lab = openLab({ policy: carryPolicy(), caller: PEOPLE.alice, workflow, ...options })
  return {
    lab,
    as: lab.as,
    byHand: (...lines) => lab.byHand('leaf1', ...lines),
    approved: async () => {
      await exits(0, lab.as('alice', 'plan workflow.yaml -o a.plan'))
      await exits(0, lab.as('bob', 'approve a.plan'))
    },
  }
}

/** A plan as `--json` or a file has it. */
export function planIn(text: string): Plan {
  return JSON.parse(text) as Plan
}
