import { z } from 'zod'
import { STATES } from '../../project/history/executions/list-executions.ts'
import { defineTool, reads } from './define-tool.ts'
import { instant, named } from './named.ts'
import { next, page } from './page.ts'
import { untrusted } from './untrusted.ts'

const id = z.strictObject({ id: named.execution })
const end = z.string().regex(/^[a-z-]{1,40}$/, 'a word that `ends` of `execution_status` has')

const STATUS =
  '`ended`, else who has to act: `running`, `compensating`, `suspended`, `waiting` (for an approval), `waiting-for-signal`, `open` (no process runs it).'

export const executionSeen = {
  id: z.string(),
  began: instant,
  workflow: z.string(),
  purpose: z.enum(['plan', 'run']),
  status: z.string(),
  outcome: z.string().nullable(),
  plan: z.string().nullable().describe('The digest of its plan.'),
} as const

export const executionTools = {
  executions_list: defineTool({
    title: 'Executions',
    description:
      'Lists executions, newest first: changes, and plans with `purpose: plan`, each with the digest of its plan.',
    action: 'execution.read',
    ...reads,
    input: z.strictObject({
      purpose: z.enum(['plan', 'run']).optional(),
      status: z.enum(STATES).optional().describe('`open`: all that have not ended.'),
      switch: named.device.optional(),
      workflow: named.file.optional(),
      ...page,
    }),
    output: z.object({
      executions: z.array(z.object({ ...executionSeen, switches: z.int(), untrusted_by: untrusted('Who began it.') })),
      searchedTo: z.string().optional().describe('Only those since then were looked at; `next` searches on.'),
      next,
    }),
  }),
  execution_status: defineTool({
    title: 'An execution',
    description: 'Shows where a plan or a change is, and counts and lists how its switches ended.',
    action: 'execution.read',
    ...reads,
    input: z.strictObject({ id: named.execution, end: end.optional().describe('Only those.'), ...page }),
    output: z.object({
      ...executionSeen,
      status: z.string().describe(STATUS),
      seq: z.int().describe('Its newest record.'),
      ends: z.record(z.string(), z.int()).describe('How many switches ended how.'),
      devices: z.array(z.object({ name: z.string(), end: z.string() })),
      next,
      waitingFor: z.array(z.object({ untrusted_state: z.string(), waitsFor: z.enum(['approval', 'signal']) })),
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
      next: z.int().optional(),
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
      counts: z.object({ findings: z.int(), failures: z.int() }).describe('All of them; below are the first.'),
      findings: z.array(
        z.object({
          device: z.string(),
          untrusted_check: z.string(),
          status: z.enum(['fail', 'error']),
          untrusted_reasons: untrusted('What was expected, and what the switch has shown.'),
        }),
      ),
      failures: z.array(
        z.object({
          untrusted_state: z.string(),
          kind: z.string(),
          device: z.string().optional(),
          untrusted_message: z.string(),
        }),
      ),
      needs: z.array(
        z.object({
          act: z.enum(['approve', 'answer', 'look', 'resume', 'redrive']),
          count: z.int().describe('Of how many switches.'),
          devices: z.array(z.string()),
          untrusted_words: untrusted('What a person has to do.'),
        }),
      ),
    }),
  }),
} as const
