import type { ShownPlan } from '../../../change/plan/plan.ts'
import { freezeWords } from '../../../change/record/store/freeze.ts'
import { parametersSchema } from '../../../change/workflow/param/json-schema.ts'
import type { Hint } from '../../../model/error.ts'
import { definedMembers, type JsonObject } from '../../../model/json.ts'
import { type Principal, scopes } from '../../../model/principal.ts'
import { decided, requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { freezesInForce } from '../../../project/access/policy/freeze-in-force.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { approvalProgress, senderFor } from '../../../project/approval/plan-queue.ts'
import { listWorkflows } from '../../../project/authoring/list-workflows.ts'
import { agentKey } from '../../../project/execution/begin/begin-change.ts'
import { workflowsIn } from '../../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import { executionRow } from '../../../project/history/executions/list-executions.ts'
import { groupChanges } from '../../../report/plan/group-lines.ts'
import { countEnds } from '../../../report/rehearsal/rehearsal.ts'
import type { AgentTools, ProblemDocument } from '../../agents/agent-server.ts'
import type { ToolInput, ToolName, ToolOutput } from '../../agents/tools.ts'
import { bounded, fitting, MOST_UNTRUSTED, pageOf, sizeOf } from '../../agents/untrusted.ts'
import { seenPlan } from '../act/decide.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { askerOf } from '../context/route.ts'
import { rehearsalOf } from '../context/shown-rehearsal.ts'
import type { RehearsalOfPlan } from '../jobs/rehearsals.ts'
import { comingUp } from '../pages/coming-up.ts'
import { faultOf, notThere, problemOfFault, type RequestFault, refusalOf, unnamed } from '../request/readable.ts'
import { keptExecution } from '../routes/execution-routes.ts'
import type { AgentFront } from './agent-front.ts'
import {
  driftChecked,
  driftSeen,
  eventsSeen,
  executionsSeen,
  reportSeen,
  rowSeen,
  statusSeen,
  switchesSeen,
  switchSeen,
  whySeen,
} from './execution-answers.ts'

const OF_A_TERMINAL = /\beosflow [a-z]|(?:^|[\s(\u0060])--?[A-Za-z][\w-]*/

/** A refusal in the words of an agent: a hint names a tool or is left out, and what is for a terminal is `terminal`, for the person. */
export function inAgentWords(
  fault: Pick<RequestFault, 'next'>,
  { hint, problems, ...rest }: ProblemDocument,
): ProblemDocument {
  const own = fault.next === undefined ? undefined : agentHint(fault.next)
  const isShell = hint !== undefined && OF_A_TERMINAL.test(hint)
  const said = own ?? (isShell ? undefined : hint)
  const listed = Array.isArray(problems) ? problems.map((one: object) => withoutShell(one)) : undefined
  return {
    ...(rest as ProblemDocument),
    ...definedMembers({ hint: said, terminal: isShell ? hint : undefined, problems: listed }),
  }
}

function withoutShell(problem: object): object {
  const { hint, ...rest } = problem as { readonly hint?: string }
  return hint === undefined || OF_A_TERMINAL.test(hint) ? rest : problem
}

function agentHint(hint: Hint) {
  switch (hint.code) {
    case 'watch':
    case 'watch-or-stop':
    case 'wait-for':
    case 'resume':
    case 'resume-or-stop':
      return `execution_status shows where ${hint.execution} is.`
    case 'history':
    case 'show-unread':
    case 'show-what-was-not-read':
      return `execution_events of ${hint.execution} says what happened, execution_explain why.`
    case 'show-and-plan-again':
      return `execution_explain of ${hint.execution} says why; plan_create under another key makes another plan.`
    case 'plan':
    case 'run-again':
      return `plan_create with ${hint.workflow} makes a plan.`
    case 'list-executions':
      return 'executions_list lists them.'
    case 'list-switches':
      return 'switches_list lists them.'
    case 'leave-out-or-list':
      return 'Leave them out: `targets` of plan_create names the others.'
    case 'explain-policy':
      return 'The resource eosflow://policy says what this agent may do.'
    case 'plan-online':
      return 'plan_create makes a plan with the switches.'
    default:
      return undefined
  }
}

const MCP = '/mcp'

export function agentToolsFor(front: AgentFront, caller: IdentifiedCaller): AgentTools {
  return {
    answers: Object.fromEntries(
      Object.entries(ANSWERS).map(([name, answer]) => [
        name,
        (input: never, trace?: string) => answer(front, caller, input, trace),
      ]),
    ) as AgentTools['answers'],
    policy: async () => rightsOf(front, caller),
    report: (id) => reportSeen(front, caller, id),
    requireAllowance: () => front.allowance.require(caller.principal, READ),
    problemOf: (thrown) => {
      const fault = faultOf(thrown)
      if (fault.kind === 'bug') front.failed('mcp', thrown)
      return inAgentWords(fault, problemOfFault(fault, MCP, front.exitCodeOf(fault.kind)).document)
    },
    scrub: front.scrub,
  }
}

type Answer<Name extends ToolName> = (
  front: AgentFront,
  caller: IdentifiedCaller,
  input: ToolInput<Name>,
  trace?: string,
) => Promise<ToolOutput<Name>>

const ANSWERS: { readonly [Name in ToolName]: Answer<Name> } = {
  workflows_list: async ({ app }, caller, page) => {
    const listed = await unnamed(() => listWorkflows(app, caller))
    const { shown, ...more } = pageOf(listed, page, {
      nameOf: ({ file }) => file,
      isMeant: () => true,
      shown: (one) => ('workflow' in one ? { file: one.file, name: one.workflow.name } : { ...one }),
    })
    return { workflows: [...shown], ...more }
  },
  workflow_describe: async ({ app }, caller, { file, parameter }) => {
    await requireAllowed(app, caller, 'workflow.list', { workflow: file })
    if (!workflowsIn(app.project.dir).includes(file)) throw notThere('workflow')
    const workflow = loadWorkflow(app.project, file)
    const named = Object.entries(workflow.params).filter(([name]) => parameter === undefined || name === parameter)
    if (parameter !== undefined && named.length === 0) throw notThere('parameter')
    const only = Object.fromEntries(named)
    return { file, name: workflow.name, untrusted_params: { ...parametersSchema(only) } }
  },
  switches_list: switchesSeen,
  switch_standing: switchSeen,
  drift_list: driftSeen,
  drift_check: driftChecked,
  plan_create: planMade,
  plan_diff: diffSeen,
  plan_explain: planExplained,
  rehearsal_start: rehearsalBegun,
  rehearsal_result: rehearsalFound,
  approval_request: approvalRequested,
  executions_list: executionsSeen,
  execution_status: statusSeen,
  execution_events: eventsSeen,
  execution_explain: whySeen,
}

const READ = { method: 'GET', path: MCP, action: 'own' } as const

function rightsOf({ app }: AgentFront, caller: IdentifiedCaller): JsonObject {
  const rights = scopes.map((action) => {
    const { effect, rules } = decided(app, caller, action)
    return { action, effect, rules: [...rules] }
  })
  return { version: 1, digest: app.project.policy()?.digest ?? null, rights }
}

// So long a call waits for its plan, and so often it looks, in milliseconds.
const PATIENCE = 20_000
const LOOK = 250
const [GROUPS, NAMES, DEMANDS, WARNINGS] = [8_000, 400, 3_000, 8_000]
const AROUND = 4

interface BegunPlan {
  readonly execution: string
  readonly known: boolean
}

// The key is the agent's own: no other one's request is under it.
async function planMade(
  front: AgentFront,
  caller: IdentifiedCaller,
  { workflow, params, targets, key }: ToolInput<'plan_create'>,
  trace?: string,
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
  const { plan } = await seenPlan(front.app, caller, digest, 'plan.create')
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

async function diffSeen(
  { app }: AgentFront,
  caller: IdentifiedCaller,
  { digest, switch: one, cursor }: ToolInput<'plan_diff'>,
): Promise<ToolOutput<'plan_diff'>> {
  const { plan } = await seenPlan(app, caller, digest, 'plan.read')
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

async function planExplained(
  { app, address }: AgentFront,
  caller: IdentifiedCaller,
  { digest }: ToolInput<'plan_explain'>,
): Promise<ToolOutput<'plan_explain'>> {
  const { plan, execution } = await seenPlan(app, caller, digest, 'plan.read')
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

function nextOf(
  url: string,
  { needed, have, isRejected }: { readonly needed: number; readonly have: number; readonly isRejected: boolean },
) {
  if (isRejected) return `A person has rejected it. Make another plan.`
  if (have < needed) return `A person who may approve opens ${url}, logs in, reads the lines and decides.`
  return `A person who may start changes opens ${url} and starts it.`
}

async function rehearsalBegun(
  front: AgentFront,
  caller: IdentifiedCaller,
  { digest }: ToolInput<'rehearsal_start'>,
): Promise<ToolOutput<'rehearsal_start'>> {
  // One that is under way is shown, however much this agent has begun.
  const running = await rehearsalOf(front, caller, digest)
  if (running?.standing === 'running') return triedOf(front, running)
  const work = () => front.acts.ask('rehearse', askerOf(caller), { plan: digest }) as Promise<RehearsalOfPlan>
  const begun = await front.allowance.begin(caller.principal, work, ({ known }) => (known ? 'nothing' : 'beside'))
  return triedOf(front, begun)
}

async function rehearsalFound(
  front: AgentFront,
  caller: IdentifiedCaller,
  { digest }: ToolInput<'rehearsal_result'>,
): Promise<ToolOutput<'rehearsal_result'>> {
  const found = await rehearsalOf(front, caller, digest)
  if (found === undefined)
    throw refusalOf('no-route', 'nobody has rehearsed this plan since the server began', 'Ask rehearsal_start first.')
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

async function approvalRequested(
  { app, acts, address }: AgentFront,
  caller: IdentifiedCaller,
  { digest, reason }: ToolInput<'approval_request'>,
): Promise<ToolOutput<'approval_request'>> {
  const { plan, execution } = await seenPlan(app, caller, digest, 'plan.read')
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
