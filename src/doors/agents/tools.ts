import { z } from 'zod'
import { defineTool, reads } from './define-tool.ts'
import { executionSeen, executionTools } from './execution-tools.ts'
import { instant, named } from './named.ts'
import { next, page } from './page.ts'
import { planTools } from './plan-tools.ts'
import { untrusted } from './untrusted.ts'

const MOST_COMPARED = 50
const driftState = z.enum(['same', 'differs', 'unknown', 'unread'])

const drift = z
  .object({ state: driftState, at: instant })
  .describe('What the last comparison found; absent where nobody has compared it since the server began.')

const standing = z.enum(['confirmed', 'never-confirmed', 'unknown', 'changing'])

const switchSeen = z.object({
  name: z.string(),
  untrusted_tags: z.record(z.string(), z.string()).describe('As the inventory has them.'),
  standing: standing.describe('By the record. `unknown`: nobody has read what it holds since a change went wrong.'),
  changing: z.string().optional().describe('The open execution that is about it.'),
  confirmed: z
    .object({ by: z.string().describe('An execution or a snapshot.'), since: instant })
    .optional()
    .describe('What its configuration was last confirmed by.'),
  drift: drift.optional(),
})

const compared = z.object({
  summary: z
    .object({
      compared: z.int(),
      differs: z.int(),
      same: z.int(),
      neverConfirmed: z.int(),
      unread: z.int(),
      notCompared: z.int(),
    })
    .describe('Of all that are meant.'),
  switches: z.array(
    z.object({
      name: z.string(),
      drift: drift.optional(),
      untrusted_diff: untrusted('The lines that differ, for whoever may take snapshots of it.').optional(),
      untrusted_failure: untrusted('What kept it from being read.').optional(),
    }),
  ),
  next,
})

const switchTools = {
  switches_list: defineTool({
    title: 'Switches',
    description:
      'Counts the switches that this agent may see by how they are on record, then lists them. Asks no switch.',
    action: 'execution.read',
    ...reads,
    input: z.strictObject({
      search: z.string().min(1).max(100).optional().describe('A part of the name, or a tag: `role:leaf`.'),
      standing: standing.optional().describe('Only those.'),
      ...page,
    }),
    output: z.object({
      summary: z.object({
        switches: z.int(),
        confirmed: z.int(),
        neverConfirmed: z.int(),
        unknown: z.int(),
        changing: z.int(),
        differs: z.int().describe('As the last comparisons found.'),
      }),
      switches: z.array(switchSeen),
      next,
    }),
  }),
  switch_standing: defineTool({
    title: 'A switch',
    description: 'Shows how one switch is by the record, and its last changes. Asks no switch.',
    action: 'execution.read',
    ...reads,
    input: z.strictObject({ name: named.device }),
    output: z.object({ ...switchSeen.shape, executions: z.array(z.object(executionSeen)) }),
  }),
  drift_list: defineTool({
    title: 'Drift',
    description:
      'Counts what the last comparisons with the confirmed configuration found, then lists the switches that are not as confirmed. Asks no switch; `drift_check` does.',
    action: 'execution.read',
    ...reads,
    input: z.strictObject({
      name: named.device.optional(),
      state: driftState.optional().describe('Only those. Without it all but `same`.'),
      ...page,
    }),
    output: compared,
  }),
  drift_check: defineTool({
    title: 'Compare switches',
    description:
      'Reads switches now and compares them with what was confirmed on them. Changes nothing. Counts as a plan does.',
    action: 'task.snapshot',
    isReadOnly: true,
    isIdempotent: true,
    input: z.strictObject({ switches: z.array(named.device).min(1).max(MOST_COMPARED) }),
    output: compared,
  }),
} as const

/**
 * Everything that an agent can ask for (docs/agents.md). None of it approves, rejects, starts, stops, resumes, confirms or puts back a change,
 * unlocks a switch, breaks the glass, runs a command, reads a secret or writes a policy.
 */
export const tools = {
  workflows_list: defineTool({
    title: 'Workflows',
    description: 'Lists the workflows of the project that this agent may see.',
    action: 'workflow.list',
    ...reads,
    input: z.strictObject(page),
    output: z.object({
      workflows: z.array(
        z.object({
          file: z.string(),
          name: z.string().optional(),
          problems: z.int().optional().describe('How many problems keep it from being used.'),
        }),
      ),
      next,
    }),
  }),
  workflow_describe: defineTool({
    title: 'A workflow',
    description: 'Shows what a workflow takes: its parameters as JSON Schema.',
    action: 'workflow.list',
    ...reads,
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
      file: z.string(),
      name: z.string(),
      untrusted_params: z
        .record(z.string(), z.unknown())
        .describe('A schema whose names and descriptions people of the project wrote.'),
    }),
  }),
  ...switchTools,
  ...planTools,
  ...executionTools,
} as const

export type ToolName = keyof typeof tools
export type ToolInput<Name extends ToolName> = z.output<(typeof tools)[Name]['input']>
export type ToolOutput<Name extends ToolName> = z.input<(typeof tools)[Name]['output']>
