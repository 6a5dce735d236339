import { z } from 'zod'
import type { Json } from '../../model/json.ts'
import { STATES } from '../../project/history/executions/list-executions.ts'
import { next, page, untrusted } from './untrusted.ts'

const instant = z.string().describe('ISO 8601 in UTC.')

export const named = {
  file: z
    .string()
    .regex(/^(?!.*\.\.)[\w.-]+(?:\/[\w.-]+)*$/, 'a file of the project, as `workflows_list` names it')
    .max(200)
    .describe('The file of a workflow, as `workflows_list` names it.'),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'the whole digest of a plan')
    .describe('The digest of a plan.'),
  execution: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'the id of an execution')
    .describe('The id of an execution.'),
  device: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'the name of a switch, as `switches_list` names it')
    .describe('The name of a switch.'),
  key: z
    .string()
    .regex(/^[\x21-\x7e]{1,100}$/, '1 to 100 printable characters without blanks')
    .describe('A name for this request: asked again under the same key, it gives the first plan.'),
} as const

const whole = z.int()
const text = z.string()
const texts = z.array(text)

const MOST_TARGETS = 50
const digest = z.strictObject({ digest: named.digest })
const value = z.custom<Json>((given) => given !== undefined)
const params = z
  .record(text.min(1).max(200), value)
  .default({})
  .describe('The parameters of the workflow, by its schema of `workflow_describe`. Never a secret: they are on record.')

const summary = z.object({ changed: whole, unchanged: whole })
const switches = { count: whole, devices: texts.describe('The first of them.') } as const
const groups = z
  .object({
    count: whole,
    first: z.array(z.object({ ...switches, added: whole, removed: whole })),
  })
  .describe('Switches that get the same lines.')
const demands = texts.describe('What the policy and the workflow demand before anybody sends it.')
// Why nobody can begin it now, said before a person is asked.
const times = {
  untrusted_closed: untrusted(
    'The freeze or the window that keeps it from being started now; absent: none.',
  ).optional(),
  untrusted_coming: texts.describe('When windows and freezes of the policy begin or end.'),
} as const
const tried = z.object({
  digest: text,
  standing: z.enum(['running', 'done', 'failed']),
  done: z.int().describe('How many trials are made.'),
  of: z.int().describe('Of how many; 0 before that is known.'),
  began: instant,
  secondsLeft: z.int().optional().describe('About, while it runs; absent before that is known. Ask again then.'),
})

const planTools = {
  plan_create: {
    title: 'Plan a change',
    description:
      'Has switches say what a change would make of their configuration, in config sessions that are aborted again. It changes nothing. Where the plan is not made within the time of this call, `digest` is absent: ask `execution_status` for `execution`, then `plan_explain`.',
    isReadOnly: false,
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
      execution: text.describe('What makes the plan: the handle where it takes long.'),
      status: text,
      outcome: text.nullable(),
      digest: text.optional(),
      summary: summary.optional(),
      groups: groups.optional(),
      demands: demands.optional(),
      untrusted_closed: times.untrusted_closed,
    }),
  },
  plan_diff: {
    title: 'The lines of a plan',
    description: 'Shows the exact change of each switch. Ask again with `cursor` while `next` is there.',
    input: z.strictObject({
      digest: named.digest,
      switch: named.device.optional(),
      cursor: z.int().min(0).default(0).describe('The value of `next` of the answer before.'),
    }),
    output: z.object({
      digest: text,
      lines: z.int().describe('Of all switches that are meant.'),
      switches: z.array(z.object({ name: text, untrusted_diff: untrusted('Lines with `+`, `-` or a blank.') })),
      next: z.int().optional(),
    }),
  },
  plan_explain: {
    title: 'What a plan means',
    description: 'Says which switches a plan changes in which order, what it needs before it is sent, and what it has.',
    input: digest,
    output: z.object({
      digest: text,
      execution: text,
      workflow: text,
      summary,
      groups,
      waves: z
        .object({ count: whole, first: z.array(z.object(switches)) })
        .describe('Which switches are changed together, in order.'),
      checks: z.int().describe('How many checks must be good before it is confirmed.'),
      demands,
      needed: whole,
      have: z.int().describe('Approvals on record, whether or not each of them counts.'),
      isRejected: z.boolean(),
      ...times,
      person: text.describe('What a person does next.'),
      untrusted_warnings: untrusted('What was found beside the change.'),
    }),
  },
  rehearsal_start: {
    title: 'Rehearse a plan',
    description:
      'Begins to try a plan on simulated switches with faults at every step. No switch is asked. Ask `rehearsal_result` for what came of it.',
    input: digest,
    output: tried,
  },
  rehearsal_result: {
    title: 'What a rehearsal found',
    description: 'Shows how far the rehearsal of a plan is, and how many trials ended where.',
    input: digest,
    output: z.object({
      ...tried.shape,
      ended: z
        .object({ before: whole, after: whole, part: whole, unknown: whole, between: whole })
        .optional()
        .describe('Trials after which all switches were as before, as planned, some of each, unknown, or in between.'),
      untrusted_fault: untrusted('What kept it from its end.').optional(),
    }),
  },
  approval_request: {
    title: 'Ask people to approve',
    description:
      'Puts on record that this agent asks people to approve a plan, and gives the page where they do. It approves nothing, and no answer to it does.',
    isReadOnly: false,
    input: z.strictObject({
      digest: named.digest,
      reason: text.min(1).max(1_000).describe('Why; people read it, and it is on record.'),
    }),
    output: z.object({
      digest: text,
      url: text.describe('The page of the plan. Whoever opens it logs in there; the address gives no right.'),
      needed: whole,
      have: whole,
      demands,
      expires: text.describe('Until when it counts as an open request of this agent, ISO 8601 in UTC.'),
      ...times,
      person: text.describe('What a person does next.'),
    }),
  },
} as const

const id = z.strictObject({ id: named.execution })
const end = text.regex(/^[a-z-]{1,40}$/, 'a word that `ends` of `execution_status` has')

const STATUS =
  '`ended`, else who has to act: `running`, `compensating`, `suspended`, `waiting` (for an approval), `waiting-for-signal`, `open` (no process runs it).'

const executionSeen = {
  id: text,
  began: instant,
  workflow: text,
  purpose: z.enum(['plan', 'run']),
  status: text,
  outcome: text.nullable(),
  plan: text.nullable().describe('The digest of its plan.'),
} as const

const executionTools = {
  executions_list: {
    title: 'Executions',
    description:
      'Lists executions, newest first: changes, and plans with `purpose: plan`, each with the digest of its plan.',
    input: z.strictObject({
      purpose: z.enum(['plan', 'run']).optional(),
      status: z.enum(STATES).optional().describe('`open`: all that have not ended.'),
      switch: named.device.optional(),
      workflow: named.file.optional(),
      ...page,
    }),
    output: z.object({
      executions: z.array(z.object({ ...executionSeen, switches: whole, untrusted_by: untrusted('Who began it.') })),
      searchedTo: text.optional().describe('Only those since then were looked at; `next` searches on.'),
      next,
    }),
  },
  execution_status: {
    title: 'An execution',
    description: 'Shows where a plan or a change is, and counts and lists how its switches ended.',
    input: z.strictObject({ id: named.execution, end: end.optional().describe('Only those.'), ...page }),
    output: z.object({
      ...executionSeen,
      status: text.describe(STATUS),
      seq: z.int().describe('Its newest record.'),
      ends: z.record(text, whole).describe('How many switches ended how.'),
      devices: z.array(z.object({ name: text, end: text })),
      next,
      waitingFor: z.array(z.object({ untrusted_state: text, waitsFor: z.enum(['approval', 'signal']) })),
    }),
  },
  execution_events: {
    title: 'What happened',
    description: 'Lists the records of an execution in order. Ask again with `after` while `next` is there.',
    input: z.strictObject({
      id: named.execution,
      after: z.int().min(0).default(0).describe('Only records behind the one of this number.'),
    }),
    output: z.object({
      events: z.array(
        z.object({
          seq: whole,
          at: instant,
          type: text,
          device: text.optional(),
          untrusted_actor: untrusted('Who has acted, by the name that a provider gives.'),
          untrusted_words: untrusted('What is on record.'),
        }),
      ),
      next: z.int().optional(),
    }),
  },
  execution_explain: {
    title: 'Why',
    description: 'Says in words how an execution is, why it failed, and what a person has to do.',
    input: id,
    output: z.object({
      id: text,
      status: text,
      outcome: text.nullable(),
      untrusted_headline: untrusted('The verdict in one sentence.'),
      untrusted_unattended: untrusted('What happens if nobody does anything.'),
      counts: z.object({ findings: whole, failures: whole }).describe('All of them; below are the first.'),
      findings: z.array(
        z.object({
          device: text,
          untrusted_check: text,
          status: z.enum(['fail', 'error']),
          untrusted_reasons: untrusted('What was expected, and what the switch has shown.'),
        }),
      ),
      failures: z.array(
        z.object({
          untrusted_state: text,
          kind: text,
          device: text.optional(),
          untrusted_message: text,
        }),
      ),
      needs: z.array(
        z.object({
          act: z.enum(['approve', 'answer', 'look', 'resume', 'redrive']),
          count: z.int().describe('Of how many switches.'),
          devices: texts,
          untrusted_words: untrusted('What a person has to do.'),
        }),
      ),
    }),
  },
} as const

const MOST_COMPARED = 50
const driftState = z.enum(['same', 'differs', 'unknown', 'unread'])

const drift = z
  .object({ state: driftState, at: instant })
  .describe('What the last comparison found; absent where nobody has compared it since the server began.')

const standing = z.enum(['confirmed', 'never-confirmed', 'unknown', 'changing'])

const switchSeen = z.object({
  name: text,
  untrusted_tags: z.record(text, text).describe('As the inventory has them.'),
  standing: standing.describe('By the record. `unknown`: nobody has read what it holds since a change went wrong.'),
  changing: text.optional().describe('The open execution that is about it.'),
  confirmed: z
    .object({ by: text.describe('An execution or a snapshot.'), since: instant })
    .optional()
    .describe('What its configuration was last confirmed by.'),
  drift: drift.optional(),
})

const compared = z.object({
  summary: z
    .object({
      compared: whole,
      differs: whole,
      same: whole,
      neverConfirmed: whole,
      unread: whole,
      notCompared: whole,
    })
    .describe('Of all that are meant.'),
  switches: z.array(
    z.object({
      name: text,
      drift: drift.optional(),
      untrusted_diff: untrusted('The lines that differ, for whoever may take snapshots of it.').optional(),
      untrusted_failure: untrusted('What kept it from being read.').optional(),
    }),
  ),
  next,
})

const switchTools = {
  switches_list: {
    title: 'Switches',
    description:
      'Counts the switches that this agent may see by how they are on record, then lists them. Asks no switch.',
    input: z.strictObject({
      search: text.min(1).max(100).optional().describe('A part of the name, or a tag: `role:leaf`.'),
      standing: standing.optional().describe('Only those.'),
      ...page,
    }),
    output: z.object({
      summary: z.object({
        switches: whole,
        confirmed: whole,
        neverConfirmed: whole,
        unknown: whole,
        changing: whole,
        differs: z.int().describe('As the last comparisons found.'),
      }),
      switches: z.array(switchSeen),
      next,
    }),
  },
  switch_standing: {
    title: 'A switch',
    description: 'Shows how one switch is by the record, and its last changes. Asks no switch.',
    input: z.strictObject({ name: named.device }),
    output: z.object({ ...switchSeen.shape, executions: z.array(z.object(executionSeen)) }),
  },
  drift_list: {
    title: 'Drift',
    description:
      'Counts what the last comparisons with the confirmed configuration found, then lists the switches that are not as confirmed. Asks no switch; `drift_check` does.',
    input: z.strictObject({
      name: named.device.optional(),
      state: driftState.optional().describe('Only those. Without it all but `same`.'),
      ...page,
    }),
    output: compared,
  },
  drift_check: {
    title: 'Compare switches',
    description:
      'Reads switches now and compares them with what was confirmed on them. Changes nothing. Counts as a plan does.',
    input: z.strictObject({ switches: z.array(named.device).min(1).max(MOST_COMPARED) }),
    output: compared,
  },
} as const

/**
 * Everything that an agent can ask for (docs/agents.md). None of it approves, rejects, starts, stops, resumes, confirms or puts back a change,
 * unlocks a switch, breaks the glass, runs a command, reads a secret or writes a policy.
 */
export const tools = {
  workflows_list: {
    title: 'Workflows',
    description: 'Lists the workflows of the project that this agent may see.',
    input: z.strictObject(page),
    output: z.object({
      workflows: z.array(
        z.object({
          file: text,
          name: text.optional(),
          problems: z.int().optional().describe('How many problems keep it from being used.'),
        }),
      ),
      next,
    }),
  },
  workflow_describe: {
    title: 'A workflow',
    description: 'Shows what a workflow takes: its parameters as JSON Schema.',
    input: z.strictObject({
      file: named.file,
      parameter: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('Only this one, where all of them are too long for an answer.'),
    }),
    output: z.object({
      file: text,
      name: text,
      untrusted_params: z
        .record(text, z.unknown())
        .describe('A schema whose names and descriptions people of the project wrote.'),
    }),
  },
  ...switchTools,
  ...planTools,
  ...executionTools,
} as const satisfies Readonly<Record<string, Tool>>

/** One of them. It may be asked again with the same: all of them are idempotent. */
export interface Tool {
  readonly title: string
  readonly description: string
  /** Default: true. */
  readonly isReadOnly?: boolean
  readonly input: z.ZodObject
  readonly output: z.ZodObject
}

export type ToolName = keyof typeof tools
export type ToolInput<Name extends ToolName> = z.output<(typeof tools)[Name]['input']>
export type ToolOutput<Name extends ToolName> = z.input<(typeof tools)[Name]['output']>
