import { z } from 'zod'
import type { Json } from '../../model/json.ts'
import { defineTool, reads } from './define-tool.ts'
import { instant, named } from './named.ts'
import { untrusted } from './untrusted.ts'

const MOST_TARGETS = 50
const digest = z.strictObject({ digest: named.digest })
const value = z.custom<Json>((given) => given !== undefined)
const params = z
  .record(z.string().min(1).max(200), value)
  .default({})
  .describe('The parameters of the workflow, by its schema of `workflow_describe`. Never a secret: they are on record.')

const summary = z.object({ changed: z.int(), unchanged: z.int() })
const switches = { count: z.int(), devices: z.array(z.string()).describe('The first of them.') } as const
const groups = z
  .object({
    count: z.int(),
    first: z.array(z.object({ ...switches, added: z.int(), removed: z.int() })),
  })
  .describe('Switches that get the same lines.')
const demands = z.array(z.string()).describe('What the policy and the workflow demand before anybody sends it.')
// Why nobody can begin it now, said before a person is asked.
const times = {
  untrusted_closed: untrusted(
    'The freeze or the window that keeps it from being started now; absent: none.',
  ).optional(),
  untrusted_coming: z.array(z.string()).describe('When windows and freezes of the policy begin or end.'),
} as const
const tried = z.object({
  digest: z.string(),
  standing: z.enum(['running', 'done', 'failed']),
  done: z.int().describe('How many trials are made.'),
  of: z.int().describe('Of how many; 0 before that is known.'),
  began: instant,
  secondsLeft: z.int().optional().describe('About, while it runs; absent before that is known. Ask again then.'),
})

export const planTools = {
  plan_create: defineTool({
    title: 'Plan a change',
    description:
      'Has switches say what a change would make of their configuration, in config sessions that are aborted again. It changes nothing. Where the plan is not made within the time of this call, `digest` is absent: ask `execution_status` for `execution`, then `plan_explain`.',
    action: 'plan.create',
    isReadOnly: false,
    isIdempotent: true,
    input: z.strictObject({
      workflow: named.file,
      params,
      targets: z
        .array(named.device)
        .min(1)
        .max(MOST_TARGETS)
        .optional()
        .describe('Only these switches of those that the workflow selects.'),
      key: named.key,
    }),
    output: z.object({
      execution: z.string().describe('What makes the plan: the handle where it takes long.'),
      status: z.string(),
      outcome: z.string().nullable(),
      digest: z.string().optional(),
      summary: summary.optional(),
      groups: groups.optional(),
      demands: demands.optional(),
      untrusted_closed: times.untrusted_closed,
    }),
  }),
  plan_diff: defineTool({
    title: 'The lines of a plan',
    description: 'Shows the exact change of each switch. Ask again with `cursor` while `next` is there.',
    action: 'plan.read',
    ...reads,
    input: z.strictObject({
      digest: named.digest,
      switch: named.device.optional(),
      cursor: z.int().min(0).default(0).describe('The value of `next` of the answer before.'),
    }),
    output: z.object({
      digest: z.string(),
      lines: z.int().describe('Of all switches that are meant.'),
      switches: z.array(z.object({ name: z.string(), untrusted_diff: untrusted('Lines with `+`, `-` or a blank.') })),
      next: z.int().optional(),
    }),
  }),
  plan_explain: defineTool({
    title: 'What a plan means',
    description: 'Says which switches a plan changes in which order, what it needs before it is sent, and what it has.',
    action: 'plan.read',
    ...reads,
    input: digest,
    output: z.object({
      digest: z.string(),
      execution: z.string(),
      workflow: z.string(),
      summary,
      groups,
      waves: z
        .object({ count: z.int(), first: z.array(z.object(switches)) })
        .describe('Which switches are changed together, in order.'),
      checks: z.int().describe('How many checks must be good before it is confirmed.'),
      demands,
      needed: z.int(),
      have: z.int().describe('Approvals on record, whether or not each of them counts.'),
      isRejected: z.boolean(),
      ...times,
      person: z.string().describe('What a person does next.'),
      untrusted_warnings: untrusted('What was found beside the change.'),
    }),
  }),
  rehearsal_start: defineTool({
    title: 'Rehearse a plan',
    description:
      'Begins to try a plan on simulated switches with faults at every step. No switch is asked. Ask `rehearsal_result` for what came of it.',
    action: 'plan.create',
    isReadOnly: true,
    isIdempotent: true,
    input: digest,
    output: tried,
  }),
  rehearsal_result: defineTool({
    title: 'What a rehearsal found',
    description: 'Shows how far the rehearsal of a plan is, and how many trials ended where.',
    action: 'plan.create',
    ...reads,
    input: digest,
    output: z.object({
      ...tried.shape,
      ended: z
        .object({ before: z.int(), after: z.int(), part: z.int(), unknown: z.int(), between: z.int() })
        .optional()
        .describe('Trials after which all switches were as before, as planned, some of each, unknown, or in between.'),
      untrusted_fault: untrusted('What kept it from its end.').optional(),
    }),
  }),
  approval_request: defineTool({
    title: 'Ask people to approve',
    description:
      'Puts on record that this agent asks people to approve a plan, and gives the page where they do. It approves nothing, and no answer to it does.',
    action: 'approval.request',
    isReadOnly: false,
    isIdempotent: true,
    input: z.strictObject({
      digest: named.digest,
      reason: z.string().min(1).max(1_000).describe('Why; people read it, and it is on record.'),
    }),
    output: z.object({
      digest: z.string(),
      url: z.string().describe('The page of the plan. Whoever opens it logs in there; the address gives no right.'),
      needed: z.int(),
      have: z.int(),
      demands,
      expires: z.string().describe('Until when it counts as an open request of this agent, ISO 8601 in UTC.'),
      ...times,
      person: z.string().describe('What a person does next.'),
    }),
  }),
} as const
