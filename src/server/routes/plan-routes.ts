import { z } from 'zod'
import { holdsFor } from '../../app/approval/statement-of.ts'
import { demandLines } from '../../app/policy/demand-lines.ts'
import type { Plan } from '../../plan/plan.ts'
import { planAs } from '../../report/plan/formats.ts'
import { planOnRecord } from '../act/plan-on-record.ts'
import { notThere } from '../not-there.ts'
import { defineRoute, type Route } from '../route.ts'
import { document } from './shown.ts'

const line = z.looseObject({ sign: z.string(), text: z.string() })

const terms = z
  .object({
    store: z.string().nullable().describe('Its `store`; null where no approval can be counted.'),
    policy: z.string().nullable().describe('Its `policy`.'),
    seconds: z.int().describe('How long an approval holds at most.'),
  })
  .describe('What the statement of a decision about the plan says that is signed elsewhere.')

function termsOf(plan: Plan): z.output<typeof terms> {
  const { content, evidence } = plan
  return { store: evidence.store ?? null, policy: content.policy, seconds: holdsFor(plan) / 1000 }
}

/** Plans on record, by their digest: what a digest names never changes. */
export const planRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/v1/plans/{digest}',
    action: 'plan.read',
    summary: 'A plan, with what the policy demands before it is sent',
    output: document('Plan', {
      digest: z.string(),
      execution: z.string(),
      summary: z.looseObject({ changed: z.int(), unchanged: z.int() }),
      groups: z.array(z.looseObject({ devices: z.array(z.string()), added: z.int(), removed: z.int() })),
      demands: z.array(z.string()),
      terms,
    }),
    answer: async ({ app }, { caller, path }) => {
      const { plan, execution } = await planOnRecord(app, caller, path.digest ?? '', 'plan.read')
      const json = JSON.parse(planAs.json(plan)) as object
      return { json: { ...json, execution, demands: demandLines(app, caller, plan), terms: termsOf(plan) } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/plans/{digest}/diff',
    action: 'plan.read',
    summary: 'The change of one switch, or of each',
    input: z.strictObject({ switch: z.string().min(1).max(200).optional() }),
    output: document('PlanDiff', {
      digest: z.string(),
      switches: z.array(z.looseObject({ name: z.string(), diff: z.array(line) })),
    }),
    answer: async ({ app }, { caller, path, input }) => {
      const { plan } = await planOnRecord(app, caller, path.digest ?? '', 'plan.read')
      const meant = plan.content.devices.filter(({ name }) => input.switch === undefined || name === input.switch)
      if (meant.length === 0) throw notThere('switch in the plan')
      const switches = meant.map(({ name, diff, bootLines = [] }) => ({ name, diff, bootLines }))
      return { json: { version: 1, digest: plan.digest, switches } }
    },
  }),
]
