import { approvalStanding } from '../../app/approval/request.ts'
import { agentKey } from '../../app/run-key.ts'
import type { ToolInput, ToolOutput } from '../../mcp/tools.ts'
import { bounded, MOST_UNTRUSTED } from '../../mcp/untrusted.ts'
import { groupChanges } from '../../plan/group.ts'
import type { Plan } from '../../plan/plan.ts'
import { countEnds } from '../../report/rehearsal/rehearsal.ts'
import { planOnRecord } from '../act/plan-on-record.ts'
import { Refusal } from '../fault.ts'
import type { Known } from '../known.ts'
import { notThere } from '../not-there.ts'
import type { RehearsalOfPlan } from '../rehearsals.ts'
import { askerOf } from '../route.ts'
import { keptExecution } from '../routes/shown.ts'
import { rehearsalOf } from '../shown-rehearsal.ts'
import type { AgentFront } from './agent-front.ts'

/** So long a call waits for its plan, and so often it looks, in milliseconds. What takes longer is asked for by its execution. */
const PATIENCE = 20_000
const LOOK = 250

/** Plans a change: the same act as that of the API. The key is the agent's own: no other one's request is under it. */
export async function planMade(
  front: AgentFront,
  caller: Known,
  { workflow, params, targets, key }: ToolInput<'plan_create'>,
  trace: string | undefined,
): Promise<ToolOutput<'plan_create'>> {
  const asked = {
    workflow,
    params,
    key: agentKey(caller.principal, key),
    ...(targets === undefined ? {} : { targets: targets.join(', ') }),
  }
  const begun = (await front.acts.ask(
    'plan',
    { ...askerOf(caller), ...(trace === undefined ? {} : { trace }) },
    asked,
  )) as { readonly execution: string }
  const state = await settled(front, caller, begun.execution)
  const handle = { execution: state.id, status: state.status, outcome: state.outcome ?? null }
  const digest = state.status === 'ended' ? state.plan?.digest : undefined
  if (digest === undefined) return handle
  const { plan } = await planOnRecord(front.app, caller, digest, 'plan.create')
  const { demands } = await approvalStanding(front.app, caller, plan, state.id)
  return { ...handle, digest, ...sumOf(plan), demands: [...demands] }
}

/** The execution of a plan as it is when it has ended, or when the call has waited for long enough. */
async function settled(front: AgentFront, caller: Known, id: string) {
  const { clock } = front.app
  const until = clock.monotonic() + PATIENCE
  let { state } = await keptExecution(front, caller, id)
  while (state.status !== 'ended' && clock.monotonic() < until) {
    await clock.sleep(LOOK)
    state = (await keptExecution(front, caller, id)).state
  }
  return state
}

function sumOf(plan: Plan): Pick<ToolOutput<'plan_explain'>, 'summary' | 'groups'> {
  const changed = plan.content.waves.flat().length
  return {
    summary: { changed, unchanged: plan.content.devices.length - changed },
    groups: groupChanges(plan).map(({ devices, added, removed }) => ({ devices: [...devices], added, removed })),
  }
}

/** The lines of a plan, as many as one answer holds. The cursor counts lines over all switches that are asked for. */
export async function diffSeen(
  { app }: AgentFront,
  caller: Known,
  { digest, switch: one, cursor }: ToolInput<'plan_diff'>,
): Promise<ToolOutput<'plan_diff'>> {
  const { plan } = await planOnRecord(app, caller, digest, 'plan.read')
  const meant = plan.content.devices.filter(({ name }) => one === undefined || name === one)
  if (meant.length === 0) throw notThere('switch in the plan')
  const lines = meant.flatMap(({ name, diff }) => diff.map(({ sign, text }) => ({ name, line: `${sign}${text}` })))
  const shown = new Map<string, string[]>()
  let [left, next] = [MOST_UNTRUSTED, cursor]
  for (const { name, line } of lines.slice(cursor)) {
    const cut = bounded(line)
    left -= Buffer.byteLength(cut) + 1
    if (left < 0 && next > cursor) break
    const own = shown.get(name) ?? []
    own.push(cut)
    shown.set(name, own)
    next += 1
  }
  const switches = [...shown].map(([name, all]) => ({ name, untrusted_diff: bounded(all.join('\n')) }))
  return { digest, switches, ...(next < lines.length ? { next } : {}) }
}

/** What a plan means, and what it needs. */
export async function planExplained(
  { app, address }: AgentFront,
  caller: Known,
  digest: string,
): Promise<ToolOutput<'plan_explain'>> {
  const { plan, execution } = await planOnRecord(app, caller, digest, 'plan.read')
  const { workflow, waves, checks, warnings } = plan.content
  const { needed, have, isRejected, demands } = await approvalStanding(app, caller, plan, execution)
  return {
    digest,
    execution,
    workflow: workflow.file,
    ...sumOf(plan),
    waves: waves.map((wave) => [...wave]),
    checks: Array.isArray(checks) ? checks.length : 0,
    demands: [...demands],
    needed,
    have,
    isRejected,
    person: nextOf(`${address.origin}/plans/${digest}`, { needed, have, isRejected }),
    untrusted_warnings: bounded(warnings.map((one) => JSON.stringify(one)).join('\n')),
  }
}

/** What a person does next about a plan. */
export function nextOf(
  url: string,
  { needed, have, isRejected }: { readonly needed: number; readonly have: number; readonly isRejected: boolean },
): string {
  if (isRejected) return `A person has rejected it. Make another plan.`
  if (have < needed) return `A person who may approve opens ${url}, logs in, reads the lines and decides.`
  return `A person who may start changes opens ${url} and starts it.`
}

/** Begins the rehearsal of a plan. */
export async function rehearsalBegun(
  { acts }: AgentFront,
  caller: Known,
  digest: string,
): Promise<ToolOutput<'rehearsal_start'>> {
  return triedOf((await acts.ask('rehearse', askerOf(caller), { plan: digest })) as RehearsalOfPlan)
}

/** What a rehearsal has found. */
export async function rehearsalFound(
  front: AgentFront,
  caller: Known,
  digest: string,
): Promise<ToolOutput<'rehearsal_result'>> {
  const found = await rehearsalOf(front, caller, digest)
  if (found === undefined)
    throw new Refusal({
      kind: 'no-route',
      message: 'nobody has rehearsed this plan since the server began',
      hint: 'Ask rehearsal_start first.',
    })
  const { rehearsal, fault } = found
  const ends = rehearsal === undefined ? undefined : countEnds(rehearsal.cells)
  return {
    ...triedOf(found),
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

function triedOf({ plan: digest, standing, done, of }: RehearsalOfPlan): ToolOutput<'rehearsal_start'> {
  return { digest, standing, done, of }
}

/** Asks people to approve a plan. */
export async function approvalRequested(
  front: AgentFront,
  caller: Known,
  { digest, reason }: ToolInput<'approval_request'>,
): Promise<ToolOutput<'approval_request'>> {
  const { app, acts, address } = front
  const { plan, execution } = await planOnRecord(app, caller, digest, 'plan.read')
  const asked = (await acts.ask('request-approval', askerOf(caller), { plan: digest, reason })) as {
    readonly expires: string
  }
  const { needed, have, isRejected, demands } = await approvalStanding(app, caller, plan, execution)
  const url = `${address.origin}/plans/${digest}`
  const person = nextOf(url, { needed, have, isRejected })
  return { digest, url, needed, have, demands: [...demands], expires: asked.expires, person }
}
