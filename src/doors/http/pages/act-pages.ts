import { z } from 'zod'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { freezesInForce } from '../../../project/access/policy/freeze-in-force.ts'
import { underOnePolicy } from '../../../project/access/policy/one-policy.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import { confirmPage } from '../../../report/page/confirm.ts'
import { loginPage } from '../../../report/page/login.ts'
import { definePage, pageAnswer, tokenOf } from '../context/define-page.ts'
import type { FrontContext } from '../context/front-context.ts'
import { askerOf, defineRoute, type Route } from '../context/route.ts'
import type { ActName } from '../request/act-input.ts'
import { notThere } from '../request/not-there.ts'
import { executionsFor, inventoryFor, requireSome } from '../request/readable.ts'
import { type LoginRedirect, sentCookie } from '../routes/login-routes.ts'

const reason = z.string().max(500).default('')
const SIGN_IN_AGAIN = 'Sign in again: your identity provider then signs which decision you have made.'
const newest = z.coerce.number().int().min(0)
const freezeNumber = z.coerce.number().int().min(1)

function actOnExecution(act: ActName, action: Route['action'], input: z.ZodObject) {
  return defineRoute({
    method: 'POST',
    path: `/executions/{execution}/${act}`,
    action,
    summary: `What the form posts: ${act}`,
    input,
    answer: async ({ acts }, { caller, input: given, path }) => {
      const asked = act === 'rollback' ? {} : given
      const value = await acts.ask(act, askerOf(caller), { ...asked, execution: path.execution })
      return { status: 303, headers: { location: `/executions/${(value as { execution: string }).execution}` } }
    },
  })
}

export const actPages: readonly Route[] = [
  actOnExecution('stop', 'execution.stop', z.strictObject({ reason, newest: newest.optional() })),
  actOnExecution('suspend', 'execution.stop', z.strictObject({ reason, newest: newest.optional() })),
  actOnExecution('resume', 'execution.start', z.strictObject({ newest })),
  actOnExecution('redrive', 'execution.start', z.strictObject({ newest })),
  // What is put back is judged by what is on the switches, whatever has come onto the record since.
  actOnExecution('rollback', 'execution.start', z.strictObject({ newest: newest.optional() })),
  defineRoute({
    method: 'POST',
    path: '/plans/{plan}/decisions',
    action: 'plan.approve',
    summary: 'What the form posts: a decision about a plan',
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
      return { status: 303, headers: { location: `/plans/${path.plan}` } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/plans/{plan}/executions',
    action: 'execution.start',
    summary: 'What the form posts: the change of a plan is started',
    input: z.strictObject({ key: z.string().max(200), carry: z.literal(true).optional() }),
    answer: async ({ acts }, { caller, input: { key, carry }, path }) => {
      const asked = { key, carry: carry === true, plan: path.plan }
      const value = await acts.ask('start-plan', askerOf(caller), asked)
      return { status: 303, headers: { location: `/executions/${(value as { execution: string }).execution}` } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/plans/{plan}/rebase',
    action: 'plan.create',
    summary: 'What the form posts: an approved change is planned again',
    input: z.strictObject({ key: z.string().max(200) }),
    answer: async ({ acts }, { caller, input, path }) => {
      const value = await acts.ask('rebase', askerOf(caller), { ...input, plan: path.plan })
      return { status: 303, headers: { location: `/executions/${(value as { execution: string }).execution}` } }
    },
  }),
  definePage({
    path: '/stop-all',
    action: 'execution.read',
    summary: 'The form that asks before everything is stopped',
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
  definePage({
    path: '/freeze',
    action: 'execution.stop',
    summary: 'The form that asks before a freeze',
    show: (front, { caller }) =>
      confirmPage({ csrf: tokenOf(caller), about: { act: 'freeze' }, because: whyNoFreeze(front, caller) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/freeze',
    action: 'execution.stop',
    summary: 'What the form posts: a freeze',
    input: z.strictObject({ reason, until: z.string().max(40).optional() }),
    answer: async ({ acts }, { caller, input }) => {
      await acts.ask('freeze', askerOf(caller), input)
      return { status: 303, headers: { location: '/' } }
    },
  }),
  definePage({
    path: '/unfreeze',
    action: 'execution.stop',
    summary: 'The form that asks before a freeze is ended',
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
  defineRoute({
    method: 'POST',
    path: '/unfreeze',
    action: 'execution.stop',
    summary: 'What the form posts: the freeze that it showed ends',
    input: z.strictObject({ reason, freeze: freezeNumber }),
    answer: async ({ acts }, { caller, input }) => {
      await acts.ask('unfreeze', askerOf(caller), input)
      return { status: 303, headers: { location: '/' } }
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/stop-all',
    action: 'execution.stop',
    summary: 'What the form posts: stop everything',
    input: z.strictObject({ reason }),
    answer: async ({ acts }, { caller, input }) => {
      await acts.ask('stop-all', askerOf(caller), input)
      return { status: 303, headers: { location: '/' } }
    },
  }),
]

/** Why somebody may not freeze, which is about every switch; the act asks the same, and decides. It names no switch that they may not see. */
export function whyNoFreeze({ app }: Pick<FrontContext, 'app'>, caller: SilentCaller): string | undefined {
  const devices = app.project.inventory().devices.map(({ name }) => name)
  const made = decided(app, caller, 'execution.stop', { devices, underway: true })
  if (made.effect === 'allow') return undefined
  return inventoryFor(app, caller).devices.length === devices.length ? made.reason : NOT_EVERY_SWITCH
}

const NOT_EVERY_SWITCH = 'This is about every switch, and the policy does not let you stop what runs on all of them.'
