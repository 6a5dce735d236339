import { z } from 'zod'
import { listExecutions } from '../../app/list-executions.ts'
import { decided } from '../../app/policy/authority.ts'
import { aboutExecution } from '../../app/policy/entry.ts'
import { confirmPage } from '../../report/page/confirm.ts'
import type { ActName } from '../act-input.ts'
import { askerOf, defineRoute, type Route } from '../route.ts'
import { definePage, tokenOf } from './define-page.ts'

const reason = z.string().max(500).default('')
const newest = z.coerce.number().int().min(0)

/** What the forms of an execution's page post: the same acts, and then the page again. */
function actOnExecution(act: ActName, action: Route['action'], input: z.ZodObject): Route {
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

/** The forms that change something. */
export const actPages: readonly Route[] = [
  actOnExecution('stop', 'execution.stop', z.strictObject({ reason, newest })),
  actOnExecution('suspend', 'execution.stop', z.strictObject({ reason, newest })),
  actOnExecution('resume', 'execution.start', z.strictObject({ newest })),
  actOnExecution('redrive', 'execution.start', z.strictObject({ newest })),
  // What is put back is judged by what is on the switches, whatever has come onto the record since.
  actOnExecution('rollback', 'execution.start', z.strictObject({ newest: newest.optional() })),
  defineRoute({
    method: 'POST',
    path: '/plans/{plan}/decisions',
    action: 'plan.approve',
    summary: 'What the form posts: a decision about a plan',
    input: z.strictObject({ decision: z.enum(['approve', 'reject']), comment: z.string().max(500).optional() }),
    answer: async ({ acts }, { caller, input, path }) => {
      await acts.ask('decide', askerOf(caller), { ...input, plan: path.plan })
      return { status: 303, headers: { location: `/plans/${path.plan}` } }
    },
  }),
  definePage({
    path: '/stop-all',
    action: 'execution.read',
    summary: 'The form that asks before everything is stopped',
    show: async ({ app }, { caller }) => {
      const { rows } = await listExecutions(app, caller, {
        target: undefined,
        states: ['open'],
        touched: false,
        most: 200,
      })
      const made = rows.map(({ state }) =>
        decided(app, caller, 'execution.stop', { ...aboutExecution(state), underway: true }),
      )
      const denied = made.find(({ effect }) => effect === 'deny')
      const because = made.length > 0 && made.every(({ effect }) => effect === 'deny') ? denied?.reason : undefined
      return confirmPage({ csrf: tokenOf(caller), about: { act: 'stop-all', open: rows.length }, because })
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
