import { z } from 'zod'
import { planSchema } from '../../change/plan/plan.ts'
import type { JudgedContent } from '../../model/judge.ts'

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

type KernelResult = z.infer<ReturnType<typeof planResultOf>>

// With the members of features, for those who read a plan by code.
export const planResultSchema = planResultOf(planSchema([])) as unknown as z.ZodType<
  KernelResult & { readonly plan: { readonly content: JudgedContent } }
>

export type PlanDocument = z.infer<typeof planResultSchema>
