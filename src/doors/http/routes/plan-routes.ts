import { z } from 'zod'
import type { PlannedDevice, ShownPlan } from '../../../change/plan/plan.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { demandLines } from '../../../project/access/policy/demands.ts'
import { holdsFor } from '../../../project/approval/statement-of.ts'
import { planAs } from '../../../report/plan/formats.ts'
import { planOnRecord, wholePlanOnRecord } from '../act/plan-on-record.ts'
import { defineRoute, type Route } from '../context/route.ts'
import { notThere } from '../request/not-there.ts'
import { document, linkToNext, page, placeOf, wordFor } from './shown-execution.ts'

const line = z.looseObject({ sign: z.string(), text: z.string() })

const terms = z
  .object({
    store: z.string().nullable().describe('Its `store`; null where no approval can be counted.'),
    policy: z.string().nullable().describe('Its `policy`.'),
    seconds: z.int().describe('How long an approval holds at most.'),
  })
  .describe('What the statement of a decision about the plan says that is signed elsewhere.')

const summary = z.looseObject({ changed: z.int(), unchanged: z.int() })

const planned = z.looseObject({
  name: z.string(),
  wave: z.int().nullable().describe('In which wave it changes, counted from 1; null where it does not.'),
  mode: z.enum(['merge', 'replace']),
  added: z.int().describe('How many lines are added; `/diff?switch=NAME` has them.'),
  removed: z.int(),
  warnings: z.int().describe('How many warnings are about it.'),
})

function plannedOf({ name, mode, diff }: PlannedDevice, { content }: ShownPlan): z.output<typeof planned> {
  const wave = content.waves.findIndex((names) => names.includes(name))
  const signed = (sign: string) => diff.filter((one) => one.sign === sign).length
  const warnings = content.warnings.filter(({ device }) => device === name).length
  return { name, wave: wave === -1 ? null : wave + 1, mode, added: signed('+'), removed: signed('-'), warnings }
}

function partOf<T extends { readonly name: string }>(
  all: readonly T[],
  limit: number | undefined,
  after: string | undefined,
) {
  const from = all.findIndex(({ name }) => name === placeOf(after)) + 1
  const some = all.slice(from, limit === undefined ? undefined : from + limit)
  const last = some.at(-1)
  return { some, next: last === undefined || last === all.at(-1) ? undefined : wordFor(last.name) }
}

function termsOf(plan: ShownPlan) {
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
      summary,
      groups: z.array(z.looseObject({ devices: z.array(z.string()), added: z.int(), removed: z.int() })),
      demands: z.array(z.string()),
      terms,
    }),
    answer: async ({ app }, { caller, path }) => {
      const { plan, execution } = await wholePlanOnRecord(app, caller, path.digest ?? '', 'plan.read')
      const json = JSON.parse(planAs.json(plan)) as object
      return { json: { ...json, execution, demands: demandLines(app, caller, plan), terms: termsOf(plan) } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/plans/{digest}/summary',
    action: 'plan.read',
    summary: 'A plan in short: what is done on each switch, without the lines',
    input: z.strictObject({ limit: page.limit.describe('At most so many of `switches`.'), after: page.after }),
    output: document('PlanSummary', {
      digest: z.string(),
      execution: z.string(),
      workflow: z.looseObject({ name: z.string(), file: z.string() }),
      summary,
      switches: z.array(planned).describe('In the order of the plan.'),
      next: z.string().optional(),
      demands: z.array(z.string()),
      terms,
    }),
    answer: async ({ app }, { caller, path, input: { limit, after } }) => {
      const { plan, execution } = await planOnRecord(app, caller, path.digest ?? '', 'plan.read')
      const { workflow, waves, devices } = plan.content
      const { some, next } = partOf(devices, limit, after)
      const changed = waves.flat().length
      return {
        json: {
          version: 1,
          kind: 'plan-summary',
          digest: plan.digest,
          execution,
          workflow: { name: workflow.name, file: workflow.file },
          summary: { changed, unchanged: devices.length - changed },
          demands: demandLines(app, caller, plan),
          terms: termsOf(plan),
          switches: some.map((device) => plannedOf(device, plan)),
          ...definedMembers({ next }),
        },
        headers: linkToNext(`/api/v1/plans/${plan.digest}/summary`, { limit }, next),
      }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/plans/{digest}/diff',
    action: 'plan.read',
    summary: 'The change of one switch, or of each',
    input: z.strictObject({
      switch: z.string().min(1).max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).optional().describe('At most so many switches; all without it.'),
      after: page.after,
    }),
    output: document('PlanDiff', {
      digest: z.string(),
      switches: z.array(z.looseObject({ name: z.string(), diff: z.array(line) })),
      next: z.string().optional(),
    }),
    answer: async ({ app }, { caller, path, input }) => {
      const { plan } = await planOnRecord(app, caller, path.digest ?? '', 'plan.read')
      const meant = plan.content.devices.filter(({ name }) => input.switch === undefined || name === input.switch)
      if (meant.length === 0) throw notThere('switch in the plan')
      const { some, next } = partOf(meant, input.limit, input.after)
      const switches = some.map(({ name, diff, bootLines = [] }) => ({ name, diff, bootLines }))
      return {
        json: { version: 1, digest: plan.digest, switches, ...definedMembers({ next }) },
        headers: linkToNext(`/api/v1/plans/${plan.digest}/diff`, input, next),
      }
    },
  }),
]
