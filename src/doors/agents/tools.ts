import { z } from 'zod'
import { defineTool, reads } from './define-tool.ts'
import { executionTools } from './execution-tools.ts'
import { named } from './named.ts'
import { next, page } from './page.ts'
import { planTools } from './plan-tools.ts'
import { switchTools } from './switch-tools.ts'

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

/** The tools by their names. */
export type ToolName = keyof typeof tools
/** What a tool takes, judged. */
export type ToolInput<Name extends ToolName> = z.output<(typeof tools)[Name]['input']>
/** What a tool gives. */
export type ToolOutput<Name extends ToolName> = z.input<(typeof tools)[Name]['output']>
