import { z } from 'zod'
import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution } from '../../../project/access/policy/entry.ts'
import { type KeptExecution, keptExecutions } from '../../../project/history/executions/kept-executions.ts'
import type { ListContinuation, ListingRequest } from '../../../project/history/executions/list-executions.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import type { FrontContext } from '../context/route.ts'
import { aboutSeen, notThere } from '../request/readable.ts'

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
