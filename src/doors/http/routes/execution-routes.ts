import { z } from 'zod'
import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { definedMembers, type JsonObject } from '../../../model/json.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution, mayReadPlan } from '../../../project/access/policy/entry.ts'
import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import { seenExecution } from '../../../project/history/execution-view.ts'
import { type KeptExecution, keptExecutions } from '../../../project/history/executions/kept-executions.ts'
import {
  type ListContinuation,
  type ListingRequest,
  STATES,
} from '../../../project/history/executions/list-executions.ts'
import { suspensionOf } from '../../../project/history/requests/stop-asked.ts'
import { entryJson, historyOf } from '../../../report/event-words/history.ts'
import { executionAs } from '../../../report/execution/formats.ts'
import { executionsJson } from '../../../report/execution/row.ts'
import { executionViewSchema } from '../../../report/view/execution-view.ts'
import { executionMarkdown } from '../../../report/view/markdown.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { defineRoute, type FrontContext, type Route } from '../context/route.ts'
import { aboutSeen, executionsFor, notThere } from '../request/readable.ts'

interface ShownExecution {
  readonly id: string
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
}

export async function shownExecution(
  { app }: Pick<FrontContext, 'app'>,
  caller: IdentifiedCaller,
  word: string,
): Promise<ShownExecution> {
  return shownAs(app, caller, word, async (id) => {
    const events = await app.store.read(id)
    return { id, state: foldAll(id, events), events }
  })
}

export async function keptExecution(
  { app }: Pick<FrontContext, 'app'>,
  caller: IdentifiedCaller,
  word: string,
): Promise<Omit<ShownExecution, 'events'> & KeptExecution> {
  return shownAs(app, caller, word, async (id) => {
    const kept = await keptExecutions(app.store).of(id)
    return { id, state: kept.view.execution, ...kept }
  })
}

async function shownAs<T extends Pick<ShownExecution, 'state'>>(
  app: FrontContext['app'],
  caller: IdentifiedCaller,
  word: string,
  read: (id: string) => Promise<T>,
) {
  return aboutSeen(app, caller, word, async () => {
    const found = await app.store.resolveExecution(word)
    if (found.found !== 'one') throw notThere('execution')
    const shown = await read(found.id)
    await requireAllowed(app, caller, 'execution.read', aboutExecution(shown.state))
    return shown
  })
}

export const text = z.string()
export const texts = z.array(text)
export const whole = z.int()
export const word = text.min(1).max(200)

export const page = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('At most so many.'),
  after: word
    .optional()
    .describe('Where the list goes on: the value that `next` and the header field Link of the page before have.'),
} as const

export const searched = text
  .optional()
  .describe(
    'Where as much was looked at as one answer may cost: back to this time. `next` searches on; nothing says that there is more.',
  )

/** The member {@link searched} of a list of executions. */
export function searchedTo(more: ListContinuation | undefined): { readonly searchedTo?: string } {
  return more?.isSearch === true ? { searchedTo: more.at } : {}
}

/** The header field that says where a list goes on (RFC 8288). */
export function linkToNext(path: string, query: Readonly<Record<string, unknown>>, next: string | undefined) {
  if (next === undefined) return {}
  const given = Object.entries(query).flatMap(([name, value]) =>
    name === 'after' || value === undefined ? [] : [[name, String(value)] as const],
  )
  const search = new URLSearchParams({ ...Object.fromEntries(given), after: next })
  return { link: `<${path}?${search}>; rel="next"` }
}

/** The word by which a list goes on behind something: opaque, so that what it says may change. */
export function wordFor(place: string): string {
  return Buffer.from(`behind ${place}`).toString('base64url')
}

/** What a word of {@link wordFor} names; undefined where it names nothing. */
export function placeOf(word: string | undefined): string | undefined {
  if (word === undefined) return undefined
  return /^behind (.+)$/.exec(Buffer.from(word, 'base64url').toString())?.[1]
}

export const document = (kind: string, shape: z.ZodRawShape) =>
  z.looseObject({ version: z.literal(1), ...shape }).meta({ id: kind })

interface ListQuery extends Partial<Record<'after' | 'state' | 'workflow' | 'by' | 'switch', string | undefined>> {
  readonly limit: number
}

/** Throws `input` for a place that is none. */
export function listingOf({ limit, after, state, workflow, by, switch: target }: ListQuery): ListingRequest {
  const before = placeOf(after)
  return {
    target,
    states: state === undefined ? [] : [state],
    touched: false,
    most: limit,
    ...definedMembers({ before, workflow, by }),
  }
}

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
