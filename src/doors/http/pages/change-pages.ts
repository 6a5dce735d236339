import { z } from 'zod'
import { readState } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { listWords, selectDevices } from '../../../change/inventory/selector.ts'
import { differenceWords } from '../../../change/plan/carries.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import { readShownPlan } from '../../../change/plan/recorded-plan.ts'
import { keepsBases } from '../../../change/plan/settled.ts'
import { parametersSchema } from '../../../change/workflow/param/json-schema.ts'
import type { Problem } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { decided, isAllowed, mayEver, requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { approvalTally } from '../../../project/approval/case.ts'
import { decisionWays, NOT_HERE } from '../../../project/approval/challenge.ts'
import { notesBefore } from '../../../project/approval/take-decision.ts'
import { listWorkflows } from '../../../project/authoring/list-workflows.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import { systemRandom } from '../../../project/system/machine/system-clock.ts'
import {
  type ApprovalData,
  approvalPage,
  type DecisionForm,
  type DecisionWay,
  type Note,
  standingRegion,
} from '../../../report/page/approval.ts'
import type { Region } from '../../../report/page/overview.ts'
import { fieldName, givenParams, planFormPage } from '../../../report/page/plan-form.ts'
import { type RehearsalData, rehearsalPage } from '../../../report/page/rehearsal.ts'
import { workflowsPage } from '../../../report/page/workflows.ts'
import { personName } from '../../../report/phrases/person-name.ts'
import { rebaseWords } from '../../../report/plan/plan-statements.ts'
import { demandsMet } from '../../../report/policy/demands-met.ts'
import { rehearsalVerdict } from '../../../report/rehearsal/rehearsal.ts'
import { type SeenPlan, seenPlan } from '../act/decide.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import {
  askerOf,
  defineForm,
  definePage,
  defineRoute,
  type FrontContext,
  pageAnswer,
  type Route,
  seeOther,
  tokenOf,
} from '../context/route.ts'
import { rehearsalOf } from '../context/shown-rehearsal.ts'
import type { RehearsalOfPlan } from '../jobs/rehearsals.ts'
import { notThere, RequestRefusal, unnamed } from '../request/readable.ts'
import { filesFor } from './execution-pages.ts'

const fields = z.record(z.string(), z.union([z.string(), z.literal(true)]))

export const changePages: readonly Route[] = [
  definePage('/workflows', 'workflow.list', 'Workflows', {
    show: async ({ app }, { caller }) => {
      const listed = await unnamed(() => listWorkflows(app, caller))
      return workflowsPage({
        workflows: listed.map((one) =>
          'problems' in one
            ? { file: one.file, name: one.file, params: [], mayPlan: false, problems: one.problems }
            : {
                file: one.file,
                name: one.workflow.name,
                description: one.workflow.description,
                params: Object.keys(one.workflow.params),
                mayPlan: whyNoPlan(app, caller, one.file) === undefined,
                problems: 0,
              },
        ),
      })
    },
  }),
  definePage('/workflows/{file+}', 'workflow.list', 'The form of a plan', {
    show: async (front, { caller, path }) => planForm(front, caller, path.file ?? ''),
  }),
  defineRoute('POST /workflows/{file+}', 'plan.create', 'Plan a change with the values of the form', {
    input: z.strictObject({
      key: z.string().max(200),
      targets: z.string().max(10_000).optional(),
      params: fields.default({}),
    }),
    answer: async (front, { caller, path, input }) => {
      const workflow = path.file ?? ''
      const { key, targets, params } = input
      if (!filesFor(front, caller).includes(workflow)) throw notThere('workflow')
      const form = Object.fromEntries(Object.entries(params).map(([name, value]) => [fieldName(name), String(value)]))
      const given = givenParams(parametersSchema(loadWorkflow(front.app.project, workflow).params), form)
      try {
        const asked = { workflow, params: given, key, ...definedMembers({ targets }) }
        const value = await front.acts.ask(
          mayStart(front, caller, workflow, targets) ? 'start' : 'plan',
          askerOf(caller),
          asked,
        )
        return seeOther(`/executions/${(value as { execution: string }).execution}`)
      } catch (error) {
        const problems = error instanceof RequestRefusal ? error.fault.problems : undefined
        if (problems === undefined) throw error
        const shown = { given: { ...form, ...definedMembers({ targets }) }, problems: byField(problems) }
        return pageAnswer(front, await planForm(front, caller, workflow, shown), caller, 422)
      }
    },
  }),
  definePage('/plans/{digest}', 'plan.read', 'A plan, and the decision about it', {
    input: z.strictObject({
      switch: z.string().max(200).optional(),
      page: z.coerce.number().int().min(1).max(100_000).optional(),
    }),
    show: async (front, { caller, path, input }) => {
      const found = await seenPlan(front.app, caller, path.digest ?? '', 'plan.read', 'plan.approve')
      return approvalPage(await approvalData(front, caller, found, input))
    },
  }),
]

function mayStart({ app }: FrontContext, caller: IdentifiedCaller, file: string, targets: string | undefined) {
  const { expression } = loadWorkflow(app.project, file).targets
  // What an execution has left over is a part of it: who may start it on all of its switches may start it on some.
  const asked = targets === undefined || listWords(targets).length > 0 ? expression : targets
  const chosen = selectDevices(asked, app.project.inventory())
  // What is wrong with it is told by the act.
  if (!chosen.ok) return false
  const devices = chosen.value.map(({ name }) => name)
  return isAllowed(app, caller, 'execution.start', { workflow: file, devices })
}

async function planForm(
  front: FrontContext,
  caller: IdentifiedCaller,
  file: string,
  shown: { readonly given?: Record<string, string>; readonly problems?: Record<string, string> } = {},
) {
  const { app } = front
  await requireAllowed(app, caller, 'workflow.list', { workflow: file })
  if (!filesFor(front, caller).includes(file)) throw notThere('workflow')
  const workflow = loadWorkflow(app.project, file)
  return planFormPage({
    csrf: tokenOf(caller),
    file,
    name: workflow.name,
    description: workflow.description,
    schema: parametersSchema(workflow.params),
    targets: workflow.targets.expression,
    key: `form:${systemRandom.hex(16)}`,
    because: whyNoPlan(app, caller, file),
    ...shown,
  })
}

function whyNoPlan(app: FrontContext['app'], caller: IdentifiedCaller, workflow: string) {
  const { effect, ground, reason } = decided(app, caller, 'plan.create', { workflow, devices: [] })
  // A rule may be about some switches, which the form asks for.
  const mayOnSome = ground === 'no-rule' && mayEver(app, caller, 'plan.create')
  return effect === 'allow' || mayOnSome ? undefined : reason
}

function byField(problems: readonly Problem[]): Record<string, string> {
  const said: Record<string, string> = {}
  for (const { message, hint, at } of problems) {
    const [, name = ''] = /^(?:-p |params\.)([\w-]+)/.exec(at.file) ?? /`([\w-]+)`/.exec(message) ?? []
    const words = hint === undefined ? message : `${message}. ${hint}`
    said[name] = said[name] === undefined ? words : `${said[name]} ${words}`
  }
  return said
}

export async function planRegionsFor(
  front: FrontContext,
  caller: IdentifiedCaller,
  digest: string,
): Promise<readonly Region[]> {
  const found = await seenPlan(front.app, caller, digest, 'plan.read', 'plan.approve')
  return [standingRegion(await approvalData(front, caller, found))]
}

async function waitingNotes(
  { app }: FrontContext,
  { principal }: IdentifiedCaller,
  plan: ShownPlan,
  standing: ApprovalData['standing'],
): Promise<ApprovalData['notes']> {
  if (standing === 'rejected') return []
  return (await notesBefore(app, plan, principal)).map((text) => ({ kind: 'fact', text }))
}

async function approvalData(
  front: FrontContext,
  caller: IdentifiedCaller,
  { plan, execution }: SeenPlan,
  shown: Pick<ApprovalData, 'switch' | 'page'> = {},
): Promise<ApprovalData> {
  const { app } = front
  const state = await readState(app.store, execution)
  const decisions = (await app.store.approvals(plan.digest)).map(({ event }) => event)
  // What is demanded of whoever sends it: an approver may not even be let do that.
  const tally = await approvalTally(app, plan, state, state.requester ?? caller.principal)
  const standing = standingOf(state, tally.isRejected, tally.have >= tally.needed)
  const isDecided = standing === 'approved' || standing === 'ended'
  const again: RebaseOffer = isDecided ? await rebaseOffer(front, caller, plan) : { notes: [] }
  return {
    now: app.clock.now(),
    plan,
    execution,
    standing,
    demands: demandsMet(tally.demands),
    decisions: decisions.map(({ statement, signature, at }) => ({
      decision: statement.decision,
      by: personName(statement.approver),
      proof: PROOFS[signature?.kind ?? 'seal'] ?? 'with a signature',
      at,
      comment: statement.comment,
    })),
    notes: [
      ...(await rebaseNotes(app, plan)),
      ...again.notes,
      ...(await waitingNotes(front, caller, plan, standing)),
      ...(await rehearsalNotes(front, caller, plan)),
    ],
    rehearsal: true,
    form: await decisionForm(front, caller, plan, standing === 'open'),
    start: await startForm(front, caller, plan, state.purpose === 'plan' ? standing : 'ended'),
    rebase: again.rebase,
    ...shown,
  }
}

async function startForm(
  front: FrontContext,
  caller: IdentifiedCaller,
  plan: ShownPlan,
  standing: ApprovalData['standing'],
): Promise<ApprovalData['start']> {
  if (standing === 'rejected' || standing === 'ended') return undefined
  if (!isAllowed(front.app, caller, 'execution.start', aboutPlan(plan))) return undefined
  const carry = standing === 'open' && (await wouldCarry(front, caller, plan))
  return { csrf: tokenOf(caller), key: `form:${systemRandom.hex(16)}`, carry }
}

function standingOf(state: ExecutionState, isRejected: boolean, isApproved: boolean) {
  if (state.status === 'ended' && state.purpose === 'run') return 'ended'
  if (isRejected) return 'rejected'
  return isApproved ? 'approved' : 'open'
}

async function decisionForm(
  { app, address }: FrontContext,
  caller: IdentifiedCaller,
  plan: ShownPlan,
  isOpen: boolean,
): Promise<DecisionForm> {
  const csrf = tokenOf(caller)
  const { approve, because, mayReject } = await decisionWays(app, caller, plan, address.origin)
  if (!isOpen) return { csrf, ways: [], mayReject: false }
  const ways = approve.map((way): DecisionWay => (way === 'oidc' ? 'sign-in' : way))
  if (because === undefined) return { csrf, ways, mayReject }
  return { csrf, ways, mayReject, because: because === NOT_HERE ? `${NOT_HERE}: ${TERMINAL}` : because }
}

const TERMINAL = 'approve with `eosflow approve`'

const PROOFS: Readonly<Record<string, string>> = {
  ssh: 'with an SSH key',
  server: 'with a new login',
  seal: 'as the user of this machine',
  webauthn: 'with a passkey',
}

interface RebaseOffer extends Pick<ApprovalData, 'rebase'> {
  readonly notes: readonly Note[]
}

async function rebaseOffer({ app }: FrontContext, caller: IdentifiedCaller, plan: ShownPlan): Promise<RebaseOffer> {
  const none = { notes: [] }
  if (!mayDo(app, caller, 'execution.start', plan) || !mayDo(app, caller, 'plan.create', plan)) return none
  if (!(await wouldCount(app, caller, plan))) return none
  const notes = await staleNotes(app, plan)
  return { notes, rebase: { csrf: tokenOf(caller), key: `form:${systemRandom.hex(16)}`, isNext: notes.length > 0 } }
}

async function wouldCarry({ app }: Pick<FrontContext, 'app'>, caller: IdentifiedCaller, made: ShownPlan) {
  const from = made.content.rebases
  if (from === undefined) return false
  const last = (await app.store.carried(from)).at(-1)
  const record = await app.store.planMade(last?.to ?? from)
  if (record === undefined) return false
  return wouldCount(app, caller, readShownPlan(await app.store.get(record.plan)), made)
}

// Whether there are enough approvals of a plan although whoever looks, and who has made it again, ask for the change too.
async function wouldCount(
  app: FrontContext['app'],
  { principal }: IdentifiedCaller,
  plan: ShownPlan,
  made?: ShownPlan,
) {
  if (!keepsBases(plan)) return false
  const requesters = [...plan.content.requesters, ...(made?.content.requesters ?? []), principal]
  const asked = { ...plan, content: { ...plan.content, requesters } }
  const { have, needed, isRejected } = await approvalTally(app, asked, undefined, principal)
  return have >= needed && !isRejected
}

async function rebaseNotes({ store }: FrontContext['app'], { digest, content }: ShownPlan): Promise<readonly Note[]> {
  if (content.rebases === undefined) return []
  const carried = (await store.carried(content.rebases)).findLast(({ to }) => to === digest)
  const words = [...rebaseWords(content), ...(carried === undefined ? [] : carried.differences.map(differenceWords))]
  return words.map((text) => ({ kind: 'note', text }))
}

// That the plan was refused when it was sent last, because its switches are not as they were: then it is to be made again.
async function staleNotes({ store }: FrontContext['app'], plan: ShownPlan): Promise<readonly Note[]> {
  const run = (await store.planRuns(plan.digest)).at(-1)
  if (run?.ended?.isRefused !== true) return []
  const error = (await readState(store, run.execution)).compensation?.error
  return error?.kind === 'stale' ? [{ kind: 'open', text: `It was refused when it was sent: ${error.message}` }] : []
}

function mayDo(
  app: FrontContext['app'],
  caller: IdentifiedCaller,
  action: 'execution.start' | 'plan.create',
  plan: ShownPlan,
) {
  return isAllowed(app, caller, action, aboutPlan(plan))
}

export const rehearsalPages: readonly Route[] = [
  definePage('/plans/{digest}/rehearsal', 'plan.create', 'The rehearsal of a plan', {
    show: async (front, { caller, path }) => {
      const { app } = front
      const { plan } = await seenPlan(app, caller, path.digest ?? '', 'plan.create')
      const found = await rehearsalOf(front, caller, plan.digest)
      return rehearsalPage({
        now: app.clock.now(),
        csrf: tokenOf(caller),
        plan: plan.digest,
        mayRehearse: isAllowed(front.app, caller, 'plan.create', aboutPlan(plan)),
        found: found === undefined ? undefined : shown(found),
      })
    },
  }),
  defineForm('rehearse', '/plans/{plan}/rehearsal', 'plan.create', 'What the form posts: the plan is rehearsed', {
    to: ({ plan = '' }) => `/plans/${encodeURIComponent(plan)}/rehearsal`,
  }),
]

function shown({ fault, ...known }: RehearsalOfPlan): NonNullable<RehearsalData['found']> {
  return { ...known, ...definedMembers({ because: fault?.message }) }
}

async function rehearsalNotes(
  front: FrontContext,
  caller: IdentifiedCaller,
  plan: ShownPlan,
): Promise<readonly Note[]> {
  const found = await rehearsalOf(front, caller, plan.digest)
  if (found === undefined) return [{ kind: 'open', text: 'Nobody has rehearsed it under faults' }]
  const { standing, done, of, rehearsal } = found
  if (rehearsal !== undefined) {
    const isGood = rehearsal.cells.every(({ ok }) => ok)
    return [{ kind: isGood ? 'good' : 'note', text: `Rehearsed on simulated switches: ${rehearsalVerdict(rehearsal)}` }]
  }
  if (standing === 'failed') return [{ kind: 'open', text: 'It could not be rehearsed on simulated switches' }]
  return [{ kind: 'open', text: `It is being rehearsed: ${done} of ${of} trials` }]
}
