import { z } from 'zod'
import type { PlannedDevice, ShownPlan } from '../../../change/plan/plan.ts'
import { parametersSchema } from '../../../change/workflow/param/json-schema.ts'
import { definedMembers } from '../../../model/json.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { demandLines } from '../../../project/access/policy/demands.ts'
import { holdsFor } from '../../../project/approval/signer.ts'
import { listWorkflows } from '../../../project/authoring/list-workflows.ts'
import { workflowsIn } from '../../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../../project/files/load-workflow.ts'
import { planAs } from '../../../report/plan/text.ts'
import { seenPlan, wholeSeenPlan } from '../act/decide.ts'
import { askerOf, defineRoute, type Route } from '../context/route.ts'
import { rehearsalOf, rehearsalOfPlanJson } from '../context/shown-rehearsal.ts'
import type { RehearsalOfPlan } from '../jobs/rehearsals.ts'
import { actInputs } from '../request/act-input.ts'
import { notThere, unnamed } from '../request/readable.ts'
import { document, linkToNext, page, placeOf, text, texts, whole, word, wordFor } from './execution-routes.ts'

const line = z.looseObject({ sign: text, text: text })

const terms = z
  .object({
    store: text.nullable().describe('Its `store`; null where no approval can be counted.'),
    policy: text.nullable().describe('Its `policy`.'),
    seconds: z.int().describe('How long an approval holds at most.'),
  })
  .describe('What the statement of a decision about the plan says that is signed elsewhere.')

const summary = z.looseObject({ changed: whole, unchanged: whole })

const planned = z.looseObject({
  name: text,
  wave: z.int().nullable().describe('In which wave it changes, counted from 1; null where it does not.'),
  mode: z.enum(['merge', 'replace']),
  added: z.int().describe('How many lines are added; `/diff?switch=NAME` has them.'),
  removed: whole,
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
  defineRoute('GET /api/v1/plans/{digest}', 'plan.read', 'A plan, with what the policy demands before it is sent', {
    output: document('Plan', {
      digest: text,
      execution: text,
      summary,
      groups: z.array(z.looseObject({ devices: texts, added: whole, removed: whole })),
      demands: texts,
      terms,
    }),
    answer: async ({ app }, { caller, path }) => {
      const { plan, execution } = await wholeSeenPlan(app, caller, path.digest ?? '', 'plan.read')
      const json = JSON.parse(planAs.json(plan)) as object
      return { json: { ...json, execution, demands: demandLines(app, caller, plan), terms: termsOf(plan) } }
    },
  }),
  defineRoute(
    'GET /api/v1/plans/{digest}/summary',
    'plan.read',
    'A plan in short: what is done on each switch, without the lines',
    {
      input: z.strictObject({ limit: page.limit.describe('At most so many of `switches`.'), after: page.after }),
      output: document('PlanSummary', {
        digest: text,
        execution: text,
        workflow: z.looseObject({ name: text, file: text }),
        summary,
        switches: z.array(planned).describe('In the order of the plan.'),
        next: text.optional(),
        demands: texts,
        terms,
      }),
      answer: async ({ app }, { caller, path, input: { limit, after } }) => {
        const { plan, execution } = await seenPlan(app, caller, path.digest ?? '', 'plan.read')
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
    },
  ),
  defineRoute('GET /api/v1/plans/{digest}/diff', 'plan.read', 'The change of one switch, or of each', {
    input: z.strictObject({
      switch: word.optional(),
      limit: z.coerce.number().int().min(1).max(200).optional().describe('At most so many switches; all without it.'),
      after: page.after,
    }),
    output: document('PlanDiff', {
      digest: text,
      switches: z.array(z.looseObject({ name: text, diff: z.array(line) })),
      next: text.optional(),
    }),
    answer: async ({ app }, { caller, path, input }) => {
      const { plan } = await seenPlan(app, caller, path.digest ?? '', 'plan.read')
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

const rehearsal = document('RehearsalOfPlan', {
  plan: text,
  standing: z.enum(['running', 'done', 'failed']),
  done: z.int().describe('How many trials are made.'),
  of: whole,
  rehearsal: z
    .looseObject({ counts: z.record(text, whole) })
    .optional()
    .describe('As `eosflow rehearse` gives it.'),
  fault: z.looseObject({ kind: text, message: text }).optional(),
})

export const rehearsalRoutes: readonly Route[] = [
  defineRoute(
    'POST /api/v1/rehearsals',
    'plan.create',
    'Rehearse a plan: everything that goes wrong is tried on simulated switches; no switch is asked',
    {
      input: actInputs.rehearse,
      output: rehearsal,
      status: 202,
      answer: async ({ acts }, { caller, input }) => {
        const begun = (await acts.ask('rehearse', askerOf(caller), input)) as RehearsalOfPlan
        const headers = { location: `/api/v1/rehearsals/${begun.plan}` }
        return { json: rehearsalOfPlanJson(begun), status: 202, headers }
      },
    },
  ),
  defineRoute(
    'GET /api/v1/rehearsals/{plan}',
    'plan.create',
    'The rehearsal of a plan, by its digest: how far it is, then what it has found',
    {
      output: rehearsal,
      answer: async (front, { caller, path }) => {
        const found = await rehearsalOf(front, caller, path.plan ?? '')
        if (found === undefined) throw notThere('rehearsal')
        return { json: rehearsalOfPlanJson(found) }
      },
    },
  ),
]

export const workflowRoutes: readonly Route[] = [
  defineRoute('GET /api/v1/workflows', 'workflow.list', 'The workflows of the project', {
    output: document('Workflows', {
      workflows: z.array(z.looseObject({ file: text, name: text.optional(), problems: z.int().optional() })),
    }),
    answer: async ({ app }, { caller }) => {
      const listed = await unnamed(() => listWorkflows(app, caller))
      const workflows = listed.map((one) => ('workflow' in one ? { file: one.file, name: one.workflow.name } : one))
      return { json: { version: 1, workflows } }
    },
  }),
  defineRoute('GET /api/v1/workflows/{file+}', 'workflow.list', 'One workflow, with its parameters as JSON Schema', {
    output: document('Workflow', { file: text, name: text, params: z.record(text, z.unknown()) }),
    answer: async ({ app }, { caller, path }) => {
      const file = path.file ?? ''
      await requireAllowed(app, caller, 'workflow.list', { workflow: file })
      if (!workflowsIn(app.project.dir).includes(file)) throw notThere('workflow')
      const workflow = loadWorkflow(app.project, file)
      return { json: { version: 1, file, name: workflow.name, params: parametersSchema(workflow.params) } }
    },
  }),
]
