import { z } from 'zod'
import { planSchema } from '../../change/plan/plan.ts'

const counted = z.int().min(0)
const names = z.array(z.string()).readonly()

/** What `eosflow plan --json` prints, version 1. */
export const planResultOf = (plan: ReturnType<typeof planSchema>) =>
  z
    .strictObject({
      version: z.literal(1),
      kind: z.literal('plan'),
      digest: z.string().describe('What an approval binds to.'),
      summary: z.strictObject({ changed: counted, unchanged: counted }),
      groups: z
        .array(z.strictObject({ devices: names, added: counted, removed: counted }))
        .readonly()
        .describe('The switches whose change is the same, with its lines counted.'),
      plan,
    })
    .meta({ id: 'plan-result', title: 'eosflow plan --json' })

export const planResultSchema = planResultOf(planSchema([]))

export type PlanDocument = z.infer<typeof planResultSchema>
