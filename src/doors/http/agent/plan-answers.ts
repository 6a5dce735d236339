import { groupChanges } from '../../../change/plan/group.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import { freezeWords } from '../../../change/record/store/freeze.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Principal } from '../../../model/principal.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { freezesInForce } from '../../../project/access/policy/freeze-in-force.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { approvalProgress, senderFor } from '../../../project/approval/request.ts'
import { agentKey } from '../../../project/execution/begin/run-key.ts'
import { executionRow } from '../../../project/history/executions/list-executions.ts'
import { countEnds } from '../../../report/rehearsal/rehearsal.ts'
import type { ToolInput, ToolOutput } from '../../agents/tools.ts'
import { bounded, fitting, MOST_UNTRUSTED, sizeOf } from '../../agents/untrusted.ts'
import { planOnRecord } from '../act/plan-on-record.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { askerOf } from '../context/route.ts'
import { rehearsalOf } from '../context/shown-rehearsal.ts'
import type { RehearsalOfPlan } from '../jobs/rehearsals.ts'
import { comingUp } from '../pages/coming-up.ts'
import { RequestRefusal } from '../request/fault.ts'
import { notThere } from '../request/not-there.ts'
import { keptExecution } from '../routes/shown-execution.ts'
import type { AgentFront } from './agent-front.ts'
import { rowSeen } from './execution-answers.ts'

// So long a call waits for its plan, and so often it looks, in milliseconds.
const PATIENCE = 20_000
const LOOK = 250
const [GROUPS, NAMES, DEMANDS, WARNINGS] = [8_000, 400, 3_000, 8_000]
const AROUND = 4

interface BegunPlan {
  readonly execution: string
  readonly known: boolean
}

/** The key is the agent's own: no other one's request is under it. */
export async function planMade(
  front: AgentFront,
  caller: IdentifiedCaller,
  { workflow, params, targets, key }: ToolInput<'plan_create'>,
  trace: string | undefined,
): Promise<ToolOutput<'plan_create'>> {
  const asked = {
    workflow,
    params,
    key: agentKey(caller.principal, key),
    ...(targets === undefined ? {} : { targets: targets.join(', ') }),
  }
  const work = () =>
    front.acts.ask('plan', { ...askerOf(caller), ...definedMembers({ trace }) }, asked) as Promise<BegunPlan>
  // What was asked for under the key before is found, however much this agent has begun.
  const isKnown = (await front.app.store.requested(asked.key))?.execution !== undefined
  const begun = isKnown
    ? await work()
    : await front.allowance.begin(caller.principal, work, ({ known }) => (known ? 'nothing' : 'on record'))
  const { state, ...row } = await settled(front, caller, begun.execution)
  const { status, outcome } = rowSeen({ state, ...row })
  const handle = { execution: state.id, status, outcome }
  const digest = status === 'ended' ? state.plan?.digest : undefined
  if (digest === undefined) return handle
  const { plan } = await planOnRecord(front.app, caller, digest, 'plan.create')
  const { demands } = await approvalProgress(front.app, caller, plan, state.id)
  const { untrusted_coming: _, ...closed } = await startTimes(front.app, senderFor(caller.principal), plan)
  return { ...handle, digest, ...sumOf(plan), demands: [...fitting(demands, DEMANDS)], ...closed }
}

async function settled(front: AgentFront, caller: IdentifiedCaller, id: string) {
  const { app } = front
  const until = app.clock.monotonic() + PATIENCE
  let kept = await keptExecution(front, caller, id)
  while (kept.state.status !== 'ended' && app.clock.monotonic() < until) {
    await app.clock.sleep(LOOK)
    kept = await keptExecution(front, caller, id)
  }
  return executionRow(app, '', kept)
}

function sumOf(plan: ShownPlan): Pick<ToolOutput<'plan_explain'>, 'summary' | 'groups'> {
  const changed = plan.content.waves.flat().length
  const groups = groupChanges(plan)
  return {
    summary: { changed, unchanged: plan.content.devices.length - changed },
    groups: {
      count: groups.length,
      first: [
        ...fitting(
          groups.map(({ devices, added, removed }) => ({ ...firstOf(devices), added, removed })),
          GROUPS,
        ),
      ],
    },
  }
}

function firstOf(names: readonly string[]) {
  return { count: names.length, devices: [...fitting(names, NAMES)] }
}

export async function diffSeen(
  { app }: AgentFront,
  caller: IdentifiedCaller,
  { digest, switch: one, cursor }: ToolInput<'plan_diff'>,
): Promise<ToolOutput<'plan_diff'>> {
  const { plan } = await planOnRecord(app, caller, digest, 'plan.read')
  const meant = plan.content.devices.filter(({ name }) => one === undefined || name === one)
  if (meant.length === 0) throw notThere('switch in the plan')
  const lines = meant.flatMap(({ name, diff }) => diff.map(({ sign, text }) => ({ name, line: `${sign}${text}` })))
  const shown = new Map<string, string[]>()
  let [left, next] = [MOST_UNTRUSTED, cursor]
  for (const { name, line } of lines.slice(cursor)) {
    const cut = bounded(line, MOST_UNTRUSTED / 2)
    const own = shown.get(name)
    left -= sizeOf(cut) + (own === undefined ? sizeOf({ name, untrusted_diff: '' }) : 0) + AROUND
    if (left < 0 && next > cursor) break
    shown.set(name, [...(own ?? []), cut])
    next += 1
  }
  const switches = [...shown].map(([name, all]) => ({ name, untrusted_diff: all.join('\n') }))
  return { digest, lines: lines.length, switches, ...(next < lines.length ? { next } : {}) }
}

export async function planExplained(
  { app, address }: AgentFront,
  caller: IdentifiedCaller,
  digest: string,
): Promise<ToolOutput<'plan_explain'>> {
  const { plan, execution } = await planOnRecord(app, caller, digest, 'plan.read')
  const { workflow, waves, checks, warnings } = plan.content
  const { needed, have, isRejected, demands } = await approvalProgress(app, caller, plan, execution)
  return {
    digest,
    execution,
    workflow: workflow.file,
    ...sumOf(plan),
    waves: { count: waves.length, first: [...fitting(waves.map(firstOf), GROUPS)] },
    checks: Array.isArray(checks) ? checks.length : 0,
    demands: [...fitting(demands, DEMANDS)],
    needed,
    have,
    isRejected,
    ...(await startTimes(app, senderFor(caller.principal), plan)),
    person: nextOf(`${address.origin}/plans/${digest}`, { needed, have, isRejected }),
    untrusted_warnings: bounded(warnings.map((one) => JSON.stringify(one)).join('\n'), WARNINGS),
  }
}

export function nextOf(
  url: string,
  { needed, have, isRejected }: { readonly needed: number; readonly have: number; readonly isRejected: boolean },
): string {
  if (isRejected) return `A person has rejected it. Make another plan.`
  if (have < needed) return `A person who may approve opens ${url}, logs in, reads the lines and decides.`
  return `A person who may start changes opens ${url} and starts it.`
}

export async function rehearsalBegun(
  front: AgentFront,
  caller: IdentifiedCaller,
  digest: string,
): Promise<ToolOutput<'rehearsal_start'>> {
  // One that is under way is shown, however much this agent has begun.
  const running = await rehearsalOf(front, caller, digest)
  if (running?.standing === 'running') return triedOf(front, running)
  const work = () => front.acts.ask('rehearse', askerOf(caller), { plan: digest }) as Promise<RehearsalOfPlan>
  const begun = await front.allowance.begin(caller.principal, work, ({ known }) => (known ? 'nothing' : 'beside'))
  return triedOf(front, begun)
}

export async function rehearsalFound(
  front: AgentFront,
  caller: IdentifiedCaller,
  digest: string,
): Promise<ToolOutput<'rehearsal_result'>> {
  const found = await rehearsalOf(front, caller, digest)
  if (found === undefined)
    throw new RequestRefusal({
      kind: 'no-route',
      message: 'nobody has rehearsed this plan since the server began',
      hint: 'Ask rehearsal_start first.',
    })
  const { rehearsal, fault } = found
  const ends = rehearsal === undefined ? undefined : countEnds(rehearsal.cells)
  return {
    ...triedOf(front, found),
    ...(ends === undefined
      ? {}
      : {
          ended: {
            before: ends.get('BEFORE') ?? 0,
            after: ends.get('AFTER') ?? 0,
            part: ends.get('PART') ?? 0,
            unknown: ends.get('UNKNOWN') ?? 0,
            between: ends.get('IN BETWEEN') ?? 0,
          },
        }),
    ...(fault === undefined ? {} : { untrusted_fault: bounded(fault.message) }),
  }
}

function triedOf(
  { app }: AgentFront,
  { plan: digest, standing, done, of, at }: RehearsalOfPlan,
): ToolOutput<'rehearsal_start'> {
  const taken = (app.clock.now() - Date.parse(at)) / 1_000
  const left = standing === 'running' && done > 0 ? { secondsLeft: Math.ceil((taken / done) * (of - done)) } : {}
  return { digest, standing, done, of, began: at, ...left }
}

export async function approvalRequested(
  front: AgentFront,
  caller: IdentifiedCaller,
  { digest, reason }: ToolInput<'approval_request'>,
): Promise<ToolOutput<'approval_request'>> {
  const { app, acts, address } = front
  const { plan, execution } = await planOnRecord(app, caller, digest, 'plan.read')
  const asked = (await acts.ask('request-approval', askerOf(caller), { plan: digest, reason })) as {
    readonly expires: string
  }
  const { needed, have, isRejected, demands } = await approvalProgress(app, caller, plan, execution)
  const url = `${address.origin}/plans/${digest}`
  const person = nextOf(url, { needed, have, isRejected })
  const times = await startTimes(app, senderFor(caller.principal), plan)
  return {
    digest,
    url,
    needed,
    have,
    demands: [...fitting(demands, DEMANDS)],
    expires: asked.expires,
    ...times,
    person,
  }
}

const MOST = 2_000

async function startTimes(app: RecordApp, sender: Principal, plan: ShownPlan) {
  const closed = await closedBy(app, sender, plan)
  const coming = comingUp(app, app.clock.now(), []).map(({ title, detail, at }) =>
    [title, detail, at === undefined ? '' : new Date(at).toISOString()].filter((word) => word !== '').join(' '),
  )
  return {
    ...(closed === undefined ? {} : { untrusted_closed: bounded(closed, MOST) }),
    untrusted_coming: [
      ...fitting(
        coming.map((one) => bounded(one, MOST / 4)),
        MOST,
      ),
    ],
  }
}

async function closedBy(app: RecordApp, sender: Principal, plan: ShownPlan) {
  const [freeze] = await freezesInForce(app)
  if (freeze !== undefined) return freezeWords(freeze)
  const ruled = (['execution.start', 'task.push'] as const).map((action) => {
    const made = decided(app, { principal: sender }, action, aboutPlan(plan))
    return made.ground === 'closed' ? made.reason : undefined
  })
  return ruled.find((one) => one !== undefined)
}
