import { unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../../src/app/app.ts'
import { decideAs } from '../../src/app/approval/decide.ts'
import type { Caller } from '../../src/app/caller.ts'
import { handOver } from '../../src/app/execution/carry-out.ts'
import { beginRebased, plannedAgain, type RebasedChange } from '../../src/app/execution/rebase.ts'
import { planChange } from '../../src/app/plan/plan-change.ts'
import { unplanned } from '../../src/app/plan/unplanned.ts'
import { foldAll } from '../../src/engine/fold.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { asking, preparedIn } from '../lab/application.ts'
import { soon } from '../lab/loopback.ts'
import type { Truth, WriteSeen } from './fabric-process.ts'
import { startTeam, type Team } from './team.ts'

/** People of one machine: Alice asks for changes, Bob and Carol approve them, Zoe may do both. */
export const PEOPLE = { alice: 1001, bob: 1002, carol: 1003, zoe: 1004 } as const
/** One of them. */
export type Person = keyof typeof PEOPLE

const idOf = (name: Person): string => `local:${PEOPLE[name]}:${name}@box`
/** One of them who asks. */
export const callerOf = (name: Person): Caller =>
  asking({ issuer: 'local', id: idOf(name), kind: 'person', auth: 'os' })

/** A policy by which a change needs one approval by somebody else, which may carry. */
export function policyOf({
  carry = ', carry: { kinds: [vlan.name, interface.description] }',
  approvers = ['bob', 'carol', 'zoe'],
  head = '',
  when = '{}',
}: {
  readonly carry?: string
  readonly approvers?: readonly Person[]
  readonly head?: string
  readonly when?: string
} = {}): string {
  const members = (...names: readonly Person[]): string => JSON.stringify(names.map(idOf))
  return `version: 1
roles:
  operator: { members: ${members('alice', 'zoe')} }
  approver: { members: ${members(...approvers)} }
${head}rules:
  - { id: read, allow: [plan.read, execution.read, audit.read], to: [operator, approver] }
  - { id: plan, allow: [plan.create, task.snapshot, task.plan, task.verify], to: [operator, approver] }
  - { id: begin, allow: [execution.start, execution.stop], to: [operator, approver] }
  - id: change
    allow: [task.push, task.confirm, task.rollback]
    to: [operator, approver]
    when: ${when}
    require: { approvals: { count: 1, from: [approver], notRequester: true${carry} } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver] }
`
}

/** The change of one switch whose approvals are to carry. */
export interface CarriedChange {
  readonly device: string
  readonly vlan: number
  readonly approved: Plan
}

/** A team under a policy, with changes whose approvals carry. This process plans and carries, as a server does; only workers push. */
export interface CarriedTeam {
  readonly team: Team
  policy(text: string | undefined): void
  /** Types lines on a switch by hand, and saves. */
  byHand(device: string, ...lines: readonly string[]): Promise<void>
  /** A change of the next switch: Alice plans it, and Bob approves it. */
  approved(): Promise<CarriedChange>
  /** The plan of a change, made again by somebody behind what was typed. */
  again(who: Person, change: CarriedChange): Promise<RebasedChange>
  /** Has the approvals carry to a plan that was made again and begins its change, which nobody drives yet. Gives the execution. */
  carry(who: Person, made: RebasedChange): Promise<string>
  reject(who: Person, plan: Plan): Promise<void>
  /** Leaves an execution to the workers. */
  leave(execution: string): Promise<void>
  /** The records of an execution once it has ended, or waits for somebody and nobody drives it. */
  rest(execution: string): Promise<readonly JournalEvent[]>
  /** How a switch is, and what was sent to it so far that can change it, but for what was typed by hand. */
  truth(device: string): Promise<Truth & { readonly writes: readonly WriteSeen[] }>
}

/** Starts such a team without workers. */
export async function carriedTeam(switches: number): Promise<CarriedTeam> {
  const team = await startTeam(switches)
  const { app } = team
  const { dispatch, ...here } = app
  if (dispatch === undefined) throw new Error('nobody hands executions to workers')
  const devices = Object.keys(team.fabric.ports)
  const file = join(team.dir, 'policy.yaml')
  let used = 0
  const alone: App = here
  return {
    team,
    policy: (text) => (text === undefined ? unlinkSync(file) : writeFileSync(file, text)),
    byHand: (device, ...lines) => typedByHand(team.fabric.ports[device] ?? 0, lines),
    approved: async () => {
      const device = devices[used] ?? ''
      used += 1
      const vlan = 300 + used
      const prepared = preparedIn(app, 'vlan.yaml', { given: { vlan: `${vlan}` }, only: device })
      const planned = await planChange(alone, callerOf('alice'), { prepared, skipUnreachable: false })
      if (planned.plan === undefined) throw unplanned(app, planned)
      await decideAs(app, callerOf('bob'), planned.plan, { decision: 'approve', comment: '' })
      return { device, vlan, approved: planned.plan }
    },
    again: (who, { approved }) => plannedAgain(alone, callerOf(who), { plan: approved, file: 'the plan' }),
    carry: async (who, made) => {
      const begun = await beginRebased(app, callerOf(who), made)
      return begun.kind === 'begun' ? begun.state.id : begun.id
    },
    reject: async (who, plan) => {
      await decideAs(app, callerOf(who), plan, { decision: 'reject', comment: 'not now' })
    },
    leave: async (execution) => handOver(app, dispatch, foldAll(execution, await app.store.read(execution))),
    rest: async (execution) => {
      let records: readonly JournalEvent[] = []
      await soon(
        async () => {
          records = await app.store.read(execution)
          const last = records.at(-1)?.type
          return last === 'ExecutionEnded' || (last === 'TaskWaiting' && !(await app.claims.isClaimed(execution)))
        },
        30_000,
        () => `${execution}: ${records.map(({ type }) => type).join(' ')}`,
      )
      return records
    },
    truth: async (device) => {
      const { switches: all, writes } = await team.fabric.truth()
      const found = all[device]
      if (found === undefined) throw new Error(`there is no ${device}`)
      return { ...found, writes: writes.filter((one) => one.device === device && one.commands[0] !== 'configure') }
    },
  }
}

/** A person at the eAPI of a switch. */
async function typedByHand(port: number, lines: readonly string[]): Promise<void> {
  const cmds = ['enable', 'configure', ...lines, 'end', 'copy running-config startup-config']
  const answer = await fetch(`http://127.0.0.1:${port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('admin:admin')}` },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params: { version: 1, cmds, format: 'json' }, id: 1 }),
  })
  const { error } = (await answer.json()) as { readonly error?: unknown }
  if (error !== undefined) throw new Error(JSON.stringify(error))
}
