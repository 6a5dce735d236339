import { z } from 'zod'
import { defineTool } from './define-tool.ts'
import { named } from './named.ts'
import { planTools } from './plan-tools.ts'
import { untrusted } from './untrusted.ts'

const nothing = z.strictObject({})
const id = z.strictObject({ id: named.execution })
const reads = { isReadOnly: true, isIdempotent: true } as const
const instant = z.string().describe('ISO 8601 in UTC.')

const drift = z
  .object({ state: z.enum(['same', 'differs', 'unknown', 'unread']), at: instant })
  .describe('What was found when somebody compared it last; absent where nobody has since the server began.')

const switchSeen = z.object({
  name: z.string(),
  tags: z.record(z.string(), z.string()),
  standing: z
    .enum(['confirmed', 'never-confirmed', 'unknown', 'changing'])
    .describe('By the record. `unknown`: nobody has read what it holds since a change of it went wrong.'),
  changing: z.string().optional().describe('The open execution that is about it.'),
  confirmed: z
    .object({ by: z.string().describe('An execution or a snapshot.'), since: instant })
    .optional()
    .describe('What its configuration was last confirmed by.'),
  drift: drift.optional(),
})

const executionSeen = {
  id: z.string(),
  workflow: z.string(),
  purpose: z.enum(['plan', 'run']),
  status: z.string(),
  outcome: z.string().nullable(),
  plan: z.string().nullable().describe('The digest of its plan.'),
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
    input: nothing,
    output: z.object({
      workflows: z.array(
        z.object({
          file: z.string(),
          name: z.string().optional(),
          problems: z.int().optional().describe('How many problems keep it from being used.'),
        }),
      ),
    }),
  }),
  workflow_describe: defineTool({
    title: 'A workflow',
    description: 'Shows what a workflow takes: its parameters as JSON Schema.',
    action: 'workflow.list',
    ...reads,
    input: z.strictObject({ file: named.file }),
    output: z.object({ file: z.string(), name: z.string(), params: z.record(z.string(), z.unknown()) }),
  }),
  switches_list: defineTool({
    title: 'Switches',
    description: 'Lists the switches that this agent may see, and how each is by the record. Asks no switch.',
    action: 'execution.read',
    ...reads,
    input: nothing,
    output: z.object({ switches: z.array(switchSeen) }),
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
      'Shows how switches differed from what was confirmed when somebody compared them last. Compares nothing itself, and asks no switch.',
    action: 'execution.read',
    ...reads,
    input: z.strictObject({ name: named.device.optional() }),
    output: z.object({
      switches: z.array(
        z.object({
          name: z.string(),
          drift: drift.optional(),
          untrusted_diff: untrusted('The lines that differ, for whoever may take snapshots of the switch.').optional(),
        }),
      ),
    }),
  }),
  ...planTools,
  execution_status: defineTool({
    title: 'An execution',
    description: 'Shows where a plan or a change is, and how each of its switches ended.',
    action: 'execution.read',
    ...reads,
    input: id,
    output: z.object({
      ...executionSeen,
      seq: z.int().describe('Its newest record.'),
      devices: z.array(z.object({ name: z.string(), end: z.string() })),
      waitingFor: z.array(z.object({ state: z.string(), waitsFor: z.enum(['approval', 'signal']) })),
    }),
  }),
  execution_events: defineTool({
    title: 'What happened',
    description: 'Lists the records of an execution in order. Ask again with `after` while `next` is there.',
    action: 'execution.read',
    ...reads,
    input: z.strictObject({
      id: named.execution,
      after: z.int().min(0).default(0).describe('Only records behind the one of this number.'),
    }),
    output: z.object({
      events: z.array(
        z.object({
          seq: z.int(),
          at: instant,
          type: z.string(),
          device: z.string().optional(),
          untrusted_actor: untrusted('Who has acted, by the name that a provider gives.'),
          untrusted_words: untrusted('What is on record.'),
        }),
      ),
      next: z.int().optional().describe('Where the list goes on.'),
    }),
  }),
  execution_explain: defineTool({
    title: 'Why',
    description: 'Says in words how an execution is, why it failed, and what a person has to do.',
    action: 'execution.read',
    ...reads,
    input: id,
    output: z.object({
      id: z.string(),
      status: z.string(),
      outcome: z.string().nullable(),
      untrusted_headline: untrusted('The verdict in one sentence.'),
      untrusted_unattended: untrusted('What happens if nobody does anything.'),
      findings: z.array(
        z.object({
          device: z.string(),
          check: z.string(),
          status: z.enum(['fail', 'error']),
          untrusted_reasons: untrusted('What was expected, and what the switch has shown.'),
        }),
      ),
      failures: z.array(
        z.object({
          state: z.string(),
          kind: z.string(),
          device: z.string().optional(),
          untrusted_message: untrusted('What was said.'),
        }),
      ),
      needs: z.array(
        z.object({
          act: z.enum(['approve', 'answer', 'look', 'resume', 'redrive']),
          devices: z.array(z.string()),
          untrusted_words: untrusted('What a person has to do.'),
        }),
      ),
    }),
  }),
} as const

/** The tools by their names. */
export type ToolName = keyof typeof tools
/** What a tool takes, judged. */
export type ToolInput<Name extends ToolName> = z.output<(typeof tools)[Name]['input']>
/** What a tool gives. */
export type ToolOutput<Name extends ToolName> = z.input<(typeof tools)[Name]['output']>
