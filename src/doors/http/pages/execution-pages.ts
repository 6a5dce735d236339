import { z } from 'zod'
import { changedSwitches } from '../../../change/engine/outcome.ts'
import { mayPush, maySave } from '../../../change/engine/sites.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { liveSwitches } from '../../../change/engine/suspend.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import { definedMembers } from '../../../model/json.ts'
import { decided, isAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution, mayReadPlan, requirePlanSight, underOnePolicy } from '../../../project/access/policy/entry.ts'
import { freezesInForce } from '../../../project/access/policy/freeze-in-force.ts'
import { recordedCase } from '../../../project/approval/case.ts'
import { decisionWays } from '../../../project/approval/challenge.ts'
import { hasApproved } from '../../../project/approval/never-counts.ts'
import { isRedrivable } from '../../../project/execution/resume/redrivable.ts'
import { workflowsIn } from '../../../project/files/files-of-project.ts'
import { seenExecution, signedChangeRecord } from '../../../project/history/execution-view.ts'
import { leftAloneOf } from '../../../project/history/executions/kept-executions.ts'
import { suspensionSince } from '../../../project/history/requests/stop-asked.ts'
import { changeRecordPage } from '../../../report/change-record/change-record.ts'
import { confirmPage } from '../../../report/page/confirm.ts'
import { type ExecutionAct, executionPage } from '../../../report/page/execution.ts'
import { executionsPage } from '../../../report/page/executions.ts'
import { loginPage } from '../../../report/page/login.ts'
import { overviewPage } from '../../../report/page/overview.ts'
import { executionItem } from '../../../report/page/switches.ts'
import { changeTitle } from '../../../report/phrases/spoken.ts'
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
import type { ActName } from '../request/act-input.ts'
import { executionsFor, namesFor, notThere, refusalOf, requireSome } from '../request/readable.ts'
import { keptExecution, listingOf, page, searchedTo, wordFor } from '../routes/execution-routes.ts'
import { type LoginRedirect, sentCookie } from '../routes/login-routes.ts'
import { overviewFor, whyNoFreeze } from './overview-data.ts'

const text = z.string().max(200).optional()
const filter = { state: text, workflow: text, switch: text, by: text }

export const executionPages: readonly Route[] = [
  definePage('/', 'execution.read', 'Overview', {
    show: async (front, { caller }) =>
      overviewPage(await overviewFor(front, caller, '/api/v1/stream?topics=overview&as=page')),
  }),
  definePage('/executions', 'execution.read', 'Executions', {
    input: z.strictObject({ ...page, ...filter }),
    show: async ({ app }, { caller, input }) => {
      const { limit, after, ...given } = input
      const asked = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''))
      const listing = listingOf({ ...(asked as typeof given), limit, after })
      // Who asks for a state asks for all that are in it.
      const kind = listing.states.length === 0 ? ({ kind: 'changes' } as const) : {}
      const { rows, more } = await executionsFor(app, caller, { ...listing, ...kind })
      return executionsPage({
        now: app.clock.now(),
        filter: asked,
        items: rows.map((row) => executionItem(row, caller.principal)),
        workflows: [...new Set(rows.map((row) => row.state.workflow))].toSorted(),
        switches: namesFor(app, caller),
        next: more === undefined ? undefined : wordFor(more.id),
        ...searchedTo(more),
        isLater: after !== undefined,
      })
    },
  }),
  definePage('/executions/{id}', 'execution.read', 'One execution', {
    input: z.strictObject({ only: text, page: z.coerce.number().int().min(1).max(100_000).optional() }),
    show: async (front, { caller, path, input }) => {
      const { id, state, taken, deaths } = await keptExecution(front, caller, path.id ?? '')
      const isSuspended = (await suspensionSince(front.app, state, taken)) !== undefined
      const { view, plan } = await seenExecution(front.app, id, front.live.pulsesOf(id))
      const waits = view.needs.some(({ act }) => act === 'approve')
      const acts = actsFor(front, caller, state, {
        isRunning: view.isRunning === true,
        waits: waits && !isSuspended,
        isLeftAlone: (await leftAloneOf(front.app, state, deaths)) !== undefined,
      })
      return executionPage({
        view,
        ...(plan === undefined || !mayReadPlan(front.app, caller, plan) ? {} : { plan }),
        acts: waits && plan !== undefined ? [...(await actsOnPlan(front, caller, plan, state)), ...acts] : acts,
        switches: input,
        // The stream sends all of it: a page of some switches is left as it is.
        ...(state.status === 'ended' || input.only !== undefined || input.page !== undefined
          ? {}
          : { stream: `/api/v1/stream?topics=execution:${id}&as=page` }),
      })
    },
  }),
  defineRoute('GET /executions/{id}/records', 'execution.read', 'The records of an execution', {
    answer: (_, { path }) => seeOther(`/record?execution=${encodeURIComponent(path.id ?? '')}&kind=all`),
  }),
  defineRoute(
    'GET /executions/{id}/report.html',
    'execution.read',
    'The signed record of a change as one page, to keep',
    {
      answer: async (front, { caller, path }) => {
        const { id } = await keptExecution(front, caller, path.id ?? '')
        const { plan } = await seenExecution(front.app, id)
        // The plan is in it.
        if (plan !== undefined) await requirePlanSight(front.app, caller, plan)
        const record = await reportOf(front, caller, id)
        // Its style is in it, which the policy of these pages forbids: it is kept, and opened from there.
        const headers = { 'content-disposition': `attachment; filename="${id}.html"` }
        return { html: changeRecordPage(record), headers }
      },
    },
  ),
  definePage('/executions/{id}/{act}', 'execution.read', 'The form that asks before an act on an execution', {
    show: async (front, { caller, path }) => {
      const act = PAGE_ACTS.find((one) => one === path.act)
      if (act === undefined) throw notThere('page')
      const { state } = await keptExecution(front, caller, path.id ?? '')
      return confirmPage({
        csrf: tokenOf(caller),
        about: {
          act,
          id: state.id,
          title: changeTitle({ name: state.workflow, params: state.params }),
          live: act === 'rollback' ? changedSwitches(state) : liveSwitches(state),
          sites: maySave(state.sites) ? 'save' : mayPush(state.sites) ? 'push' : undefined,
          newest: state.seq,
        },
        because: whyNot(front, caller, act, state),
      })
    },
  }),
]

async function reportOf({ app, acts }: FrontContext, caller: IdentifiedCaller, id: string) {
  const found = await signedChangeRecord(app, id)
  if (found !== undefined) return found
  await acts.ask('checkpoint', askerOf(caller), { execution: id })
  const signed = await signedChangeRecord(app, id)
  if (signed !== undefined) return signed
  throw refusalOf('busy', 'the change has newer records than its checkpoint: ask again')
}

function actsFor(
  front: FrontContext,
  caller: IdentifiedCaller,
  state: ExecutionState,
  now: ExecutionNow,
): readonly PageAct[] {
  return PAGE_ACTS.filter((act) => fits(act, state, now) && whyNot(front, caller, act, state) === undefined)
}

function whyNot({ app }: FrontContext, caller: IdentifiedCaller, act: PageAct, state: ExecutionState) {
  const scope = act === 'stop' || act === 'suspend' ? 'execution.stop' : 'execution.start'
  const made = decided(app, caller, scope, { ...aboutExecution(state), underway: liveSwitches(state).length > 0 })
  return made.effect === 'allow' ? undefined : made.reason
}

async function actsOnPlan(
  { app, address }: FrontContext,
  caller: IdentifiedCaller,
  plan: ShownPlan,
  state: ExecutionState,
): Promise<readonly ExecutionAct[]> {
  if (!mayReadPlan(app, caller, plan)) return []
  const facts = await recordedCase(app, plan, state.id, state.requester ?? caller.principal)
  if (hasApproved(app, facts, caller.principal)) return ['read']
  const { approve, mayReject } = await decisionWays(app, caller, plan, address.origin)
  return approve.length > 0 || mayReject ? ['approve'] : ['read']
}

export function filesFor({ app }: Pick<FrontContext, 'app'>, caller: IdentifiedCaller): readonly string[] {
  return workflowsIn(app.project.dir).filter((workflow) => isAllowed(app, caller, 'workflow.list', { workflow }))
}

export const PAGE_ACTS = ['stop', 'suspend', 'resume', 'redrive', 'rollback'] as const

type PageAct = (typeof PAGE_ACTS)[number]

interface ExecutionNow {
  readonly isRunning: boolean
  // Whether it waits for a decision alone: whoever runs the server goes on with it behind that.
  readonly waits: boolean
  // Whether workers leave it alone, since too many in a row died with it.
  readonly isLeftAlone: boolean
}

/** What is done with a change over several sites is done with all of them: its parts have no acts but the resumption of one that workers leave alone, and there is no suspension, redrive or rollback of the whole (docs/workers.md). */
export function fits(act: PageAct, state: ExecutionState, { isRunning, waits, isLeftAlone }: ExecutionNow): boolean {
  const { part, isDivided } = state.sites
  const isOver = state.status === 'ended'
  switch (act) {
    case 'stop':
      return !isOver && part === undefined
    case 'suspend':
      return !isOver && isRunning && part === undefined && !isDivided
    case 'resume':
      return !isOver && !isRunning && !waits && (part === undefined || isLeftAlone)
    case 'redrive':
      return isRedrivable(state) && part === undefined && !isDivided
    case 'rollback':
      return isOver && !isDivided && changedSwitches(state).length > 0
  }
}

const reason = z.string().max(500).default('')
const SIGN_IN_AGAIN = 'Sign in again: your identity provider then signs which decision you have made.'
const newest = z.coerce.number().int().min(0)
const overview = () => '/'
const freezeNumber = z.coerce.number().int().min(1)

const actOnExecution = (act: ActName, action: Route['action'], input: z.ZodObject, asks?: () => object) =>
  defineForm(act, `/executions/{execution}/${act}`, action, `What the form posts: ${act}`, {
    input,
    ...definedMembers({ asks }),
  })

export const actPages: readonly Route[] = [
  actOnExecution('stop', 'execution.stop', z.strictObject({ reason, newest: newest.optional() })),
  actOnExecution('suspend', 'execution.stop', z.strictObject({ reason, newest: newest.optional() })),
  actOnExecution('resume', 'execution.start', z.strictObject({ newest })),
  actOnExecution('redrive', 'execution.start', z.strictObject({ newest })),
  // What is put back is judged by what is on the switches, whatever has come onto the record since.
  actOnExecution('rollback', 'execution.start', z.strictObject({ newest: newest.optional() }), () => ({})),
  defineRoute('POST /plans/{plan}/decisions', 'plan.approve', 'What the form posts: a decision about a plan', {
    input: z.strictObject({
      decision: z.enum(['approve', 'reject', 'approve-by-sign-in']),
      comment: z.string().max(500).optional(),
    }),
    answer: async (front, { caller, input, path }) => {
      const { acts, address } = front
      if (input.decision === 'approve-by-sign-in') {
        const session = caller.session?.mark ?? ''
        const asked = { plan: path.plan, comment: input.comment, origin: address.origin, session }
        const { url, id } = (await acts.ask('step-up', askerOf(caller), asked)) as LoginRedirect
        // A form may lead nowhere else (`form-action`): a link does.
        const content = loginPage({ providers: [{ name: caller.principal.issuer, to: url }], because: SIGN_IN_AGAIN })
        return { ...pageAnswer(front, content, caller), headers: { 'set-cookie': sentCookie(id) } }
      }
      await acts.ask('decide', askerOf(caller), { ...input, plan: path.plan })
      return seeOther(`/plans/${path.plan}`)
    },
  }),
  defineForm(
    'start-plan',
    '/plans/{plan}/executions',
    'execution.start',
    'What the form posts: the change of a plan is started',
    {
      input: z.strictObject({ key: z.string().max(200), carry: z.literal(true).optional() }),
    },
  ),
  defineForm(
    'rebase',
    '/plans/{plan}/rebase',
    'plan.create',
    'What the form posts: an approved change is planned again',
    {
      input: z.strictObject({ key: z.string().max(200) }),
    },
  ),
  definePage('/stop-all', 'execution.read', 'The form that asks before everything is stopped', {
    show: async (front, { caller }) => {
      const app = underOnePolicy(front.app)
      const { rows } = await executionsFor(app, caller, {
        target: undefined,
        states: ['open'],
        touched: false,
        most: Number.POSITIVE_INFINITY,
      })
      const made = rows.map(({ state }) =>
        decided(app, caller, 'execution.stop', { ...aboutExecution(state), underway: true }),
      )
      const denied = made.find(({ effect }) => effect === 'deny')
      const because = made.length > 0 && made.every(({ effect }) => effect === 'deny') ? denied?.reason : undefined
      return confirmPage({ csrf: tokenOf(caller), about: { act: 'stop-all', open: rows.length }, because })
    },
  }),
  definePage('/freeze', 'execution.stop', 'The form that asks before a freeze', {
    show: (front, { caller }) =>
      confirmPage({ csrf: tokenOf(caller), about: { act: 'freeze' }, because: whyNoFreeze(front, caller) }),
  }),
  defineForm('freeze', '/freeze', 'execution.stop', 'What the form posts: a freeze', {
    input: z.strictObject({ reason, until: z.string().max(40).optional() }),
    to: overview,
  }),
  definePage('/unfreeze', 'execution.stop', 'The form that asks before a freeze is ended', {
    input: z.strictObject({ freeze: freezeNumber.optional() }),
    show: async (front, { caller, input }) => {
      const inForce = await freezesInForce(front.app)
      const found = inForce.find(({ seq }) => input.freeze === undefined || seq === input.freeze)
      const because = whyNoFreeze(front, caller)
      // Who may neither end it nor read anything is not told of it.
      if (because !== undefined) await requireSome(front.app, caller)
      if (found === undefined) throw notThere('freeze')
      const about = { act: 'unfreeze', freeze: { number: found.seq, by: found.actor, reason: found.reason } } as const
      return confirmPage({ csrf: tokenOf(caller), about, because })
    },
  }),
  defineForm('unfreeze', '/unfreeze', 'execution.stop', 'What the form posts: the freeze that it showed ends', {
    input: z.strictObject({ reason, freeze: freezeNumber }),
    to: overview,
  }),
  defineForm('stop-all', '/stop-all', 'execution.stop', 'What the form posts: stop everything', {
    input: z.strictObject({ reason }),
    to: overview,
  }),
]
