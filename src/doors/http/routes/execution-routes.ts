import { z } from 'zod'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { JsonObject } from '../../../model/json.ts'
import { mayReadPlan } from '../../../project/access/policy/entry.ts'
import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import { seenExecution } from '../../../project/history/execution-view.ts'
import { STATES } from '../../../project/history/executions/list-executions.ts'
import { suspensionOf } from '../../../project/history/requests/suspension.ts'
import { entryJson, historyOf } from '../../../report/event-words/history.ts'
import { executionAs } from '../../../report/execution/formats.ts'
import { executionsJson } from '../../../report/execution/row.ts'
import { executionViewSchema } from '../../../report/view/execution-view.ts'
import { executionMarkdown } from '../../../report/view/markdown.ts'
import { defineRoute, type Route } from '../context/route.ts'
import { executionsFor } from '../request/readable.ts'
import {
  document,
  keptExecution,
  linkToNext,
  listingOf,
  page,
  searched,
  searchedTo,
  shownExecution,
  text,
  word,
  wordFor,
} from './shown-execution.ts'

const execution = z.looseObject({
  id: text,
  workflow: text,
  purpose: text,
  status: text,
  outcome: text.nullable(),
  plan: text.nullable(),
})

const listQuery = z.strictObject({
  ...page,
  state: z
    .enum(STATES as [string, ...string[]])
    .optional()
    .describe('Only those in this state; `open` is every one that has not ended.'),
  workflow: word.optional().describe('Only those of this workflow, by its name or file.'),
  switch: text.min(1).max(1_000).optional().describe('Only those about these switches, as `-t` selects them.'),
  by: word.optional().describe('Only those that somebody has begun whose name holds this text.'),
})

export const executionRoutes: readonly Route[] = [
  defineRoute('GET /api/v1/executions', 'execution.read', 'Executions, newest first', {
    input: listQuery,
    output: document('Executions', {
      executions: z.array(execution),
      next: text.optional(),
      searchedTo: searched,
    }),
    answer: async ({ app }, { caller, input }) => {
      const { rows, more } = await executionsFor(app, caller, listingOf(input))
      const next = more === undefined ? undefined : wordFor(more.id)
      const listed = JSON.parse(executionsJson(rows)) as object
      return {
        json: { ...listed, ...searchedTo(more), ...definedMembers({ next }) },
        headers: linkToNext('/api/v1/executions', input, next),
      }
    },
  }),
  defineRoute('GET /api/v1/executions/{id}', 'execution.read', 'One execution', {
    output: document('Execution', {
      ...execution.shape,
      seq: z.int(),
      devices: z.array(z.looseObject({ name: text, end: text })),
      waitingFor: z
        .array(z.looseObject({ state: text, waitsFor: z.enum(['approval', 'signal']) }))
        .optional()
        .describe('What somebody outside has to say before it goes on; absent where nothing waits.'),
    }),
    answer: async (front, { caller, path }) => {
      const { state, events } = await shownExecution(front, caller, path.id ?? '')
      const json = await executionDocument(front.app, state, events)
      return { json, headers: { etag: `"${state.seq}"` } }
    },
  }),
  defineRoute('GET /api/v1/executions/{id}/view', 'execution.read', 'What the page of an execution shows', {
    output: executionViewSchema.meta({ id: 'ExecutionView' }),
    answer: async (front, { caller, path }) => {
      const { id } = await keptExecution(front, caller, path.id ?? '')
      return { json: (await seenExecution(front.app, id)).view }
    },
  }),
  defineRoute('GET /api/v1/executions/{id}/events', 'execution.read', 'The records of an execution, in order', {
    input: z.strictObject({
      limit: page.limit,
      after: z.coerce.number().int().min(0).default(0).describe('Only those behind the record of this number.'),
    }),
    output: document('Events', {
      events: z.array(z.looseObject({ seq: z.int(), at: text, type: text, actor: text })),
      next: z.int().optional(),
    }),
    answer: async (front, { caller, path, input }) => {
      const { id, state, events } = await shownExecution(front, caller, path.id ?? '')
      const behind = historyOf(id, events).filter(({ event }) => event.seq > input.after)
      const given = behind.slice(0, input.limit)
      const last = given.at(-1)?.event.seq
      const next = behind.length > given.length ? last : undefined
      return {
        json: { version: 1, execution: id, events: given.map(entryJson), ...definedMembers({ next }) },
        headers: {
          etag: `"${state.seq}-${input.after}-${input.limit}"`,
          ...linkToNext(`/api/v1/executions/${id}/events`, input, next === undefined ? undefined : String(next)),
        },
      }
    },
  }),
  defineRoute(
    'GET /api/v1/executions/{id}/report.md',
    'execution.read',
    'An execution as Markdown, for a ticket or a pull request',
    {
      answer: async (front, { caller, path }) => {
        const { id, state } = await keptExecution(front, caller, path.id ?? '')
        const { view, plan } = await seenExecution(front.app, id)
        const mayRead = plan !== undefined && mayReadPlan(front.app, caller, plan)
        return {
          markdown: executionMarkdown(view, mayRead ? plan : undefined),
          headers: { etag: `"${state.seq}-md"` },
        }
      },
    },
  ),
]

async function executionDocument(
  app: ProjectStore,
  state: ExecutionState,
  events: readonly JournalEvent[],
): Promise<JsonObject> {
  const suspension = await suspensionOf(app, state, events)
  const { exitCode: _, ...document } = JSON.parse(executionAs.json(state, events, 0, { suspension })) as JsonObject
  return { ...document, seq: state.seq }
}
