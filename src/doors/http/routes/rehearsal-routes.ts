import { z } from 'zod'
import { askerOf, defineRoute, type Route } from '../context/route.ts'
import { rehearsalOf, rehearsalOfPlanJson } from '../context/shown-rehearsal.ts'
import type { RehearsalOfPlan } from '../jobs/rehearsals.ts'
import { actInputs } from '../request/act-input.ts'
import { notThere } from '../request/not-there.ts'
import { document } from './shown-execution.ts'

const rehearsal = document('RehearsalOfPlan', {
  plan: z.string(),
  standing: z.enum(['running', 'done', 'failed']),
  done: z.int().describe('How many trials are made.'),
  of: z.int(),
  rehearsal: z
    .looseObject({ counts: z.record(z.string(), z.int()) })
    .optional()
    .describe('As `eosflow rehearse` gives it.'),
  fault: z.looseObject({ kind: z.string(), message: z.string() }).optional(),
})

export const rehearsalRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/v1/rehearsals',
    action: 'plan.create',
    summary: 'Rehearse a plan: everything that goes wrong is tried on simulated switches; no switch is asked',
    input: actInputs.rehearse,
    output: rehearsal,
    status: 202,
    answer: async ({ acts }, { caller, input }) => {
      const begun = (await acts.ask('rehearse', askerOf(caller), input)) as RehearsalOfPlan
      const headers = { location: `/api/v1/rehearsals/${begun.plan}` }
      return { json: rehearsalOfPlanJson(begun), status: 202, headers }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/rehearsals/{plan}',
    action: 'plan.create',
    summary: 'The rehearsal of a plan, by its digest: how far it is, then what it has found',
    output: rehearsal,
    answer: async (front, { caller, path }) => {
      const found = await rehearsalOf(front, caller, path.plan ?? '')
      if (found === undefined) throw notThere('rehearsal')
      return { json: rehearsalOfPlanJson(found) }
    },
  }),
]
