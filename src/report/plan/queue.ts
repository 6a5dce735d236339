import type { Requester } from '../../change/plan/plan.ts'
import type { BehindPlan, QueueRelation } from '../../change/plan/queue-order.ts'
import { definedItems } from '../../model/json.ts'
import { agentName, identityOf, type Principal } from '../../model/principal.ts'
import { count, short, switches, visibleLine } from '../text/text.ts'

export type QueueState = 'under-way' | 'approved' | 'waiting'

/** Times are ISO 8601 in UTC. */
export interface QueueRow {
  readonly digest: string
  readonly workflow: string
  readonly file: string
  readonly switches: readonly string[]
  readonly state: QueueState
  readonly requesters: readonly Requester[]
  readonly approvals: readonly { readonly approver: Principal; readonly at: string }[]
  readonly until?: string
  readonly rebases?: string
  readonly executions: readonly { readonly id: string; readonly standing: string }[]
  /** The plans before it that change one of its switches, in their order. */
  readonly behind: readonly (BehindPlan & { readonly plan: string })[]
}

export interface PlanQueue {
  readonly rows: readonly QueueRow[]
  readonly switches: readonly string[]
  readonly withheld: number
  readonly unread: number
}

/** The queue as a document, version 1: the plans in their order, and for each switch their digests. */
export function planQueueJson({ rows, switches: names, withheld, unread }: PlanQueue): string {
  const plans = rows.map(({ requesters, approvals, until, rebases, ...row }) => ({
    ...row,
    requestedBy: requesters.map(nameOf),
    approvals: approvals.map(({ approver, at }) => ({ by: nameOf(approver), at })),
    until: until ?? null,
    rebases: rebases ?? null,
  }))
  const perSwitch = names.map((name) => ({ name, plans: onSwitch(rows, name).map(({ digest }) => digest) }))
  return JSON.stringify({ version: 1, kind: 'plan-queue', plans, switches: perSwitch, withheld, unread })
}

/** The queue in lines: each plan once, then for each switch their order. */
export function planQueueLines({ rows, switches: names, withheld, unread }: PlanQueue): readonly string[] {
  return definedItems(
    ...rows.flatMap(rowLines),
    rows.length !== 0 && '',
    ...names.map((name) =>
      visibleLine(
        `${name}: ${onSwitch(rows, name)
          .map(({ digest }) => short(digest))
          .join(', ')}`,
      ),
    ),
    `${count(rows.length, 'plan')} for ${switches(names.length)}`,
    withheld !== 0 && `${count(withheld, 'plan')} more that you may not read: some may be before these`,
    unread !== 0 && `${count(unread, 'approved plan')} more that cannot be read in this store`,
  )
}

function onSwitch(rows: readonly QueueRow[], name: string) {
  return rows.filter((row) => row.switches.includes(name))
}

const STATE_WORDS: Readonly<Record<QueueState, string>> = {
  'under-way': 'is sent now',
  approved: 'is approved',
  waiting: 'waits for its approval',
}

function rowLines(row: QueueRow) {
  const { digest, file, state, until, rebases, executions, behind } = row
  const asked = row.requesters.map(nameOf).join(', ')
  const given = row.approvals.map(({ approver, at }) => `${nameOf(approver)} ${minute(at)}`).join(', ')
  const more = definedItems(
    `${switches(row.switches.length)}: ${row.switches.join(' ')}`,
    `requested by ${asked}; ${given === '' ? 'approved by nobody' : `approved by ${given}`}`,
    rebases !== undefined && `rebases ${short(rebases)}: approvals of that plan have carried to this one`,
    ...executions.map(({ id, standing }) => `execution ${id}: ${standing}`),
    ...behind.flatMap(behindLines),
  )
  const holds = until === undefined ? '' : ` until ${minute(until)}`
  return [`${short(digest)}  ${file}  ${STATE_WORDS[state]}${holds}`, ...more.map((line) => `  ${line}`)].map(
    visibleLine,
  )
}

const RELATION_WORDS: Readonly<Record<QueueRelation, string>> = {
  conflict: 'a conflict: its approvals do not carry behind that one',
  carries: 'its approvals carry behind that one',
  again: 'shares the switch only, and is approved again behind that one',
}

function behindLines({ plan, switches: names, relation, reasons }: QueueRow['behind'][number]) {
  const head = `behind ${short(plan)} on ${names.join(' ')}: ${RELATION_WORDS[relation]}`
  return [head, ...reasons.map((reason) => `  ${reason}`)]
}

const minute = (at: string) => `${at.slice(0, 16)}Z`

function nameOf(who: Requester | Principal) {
  return 'onBehalfOf' in who && who.onBehalfOf !== undefined ? agentName(who as Principal) : identityOf(who)
}
