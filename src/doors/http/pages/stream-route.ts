import { setMaxListeners } from 'node:events'
import { z } from 'zod'
import { readCursor } from '../../../change/record/event/cursor.ts'
import { seenPlan } from '../act/decide.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { defineRoute, type FrontContext, type Route, type RouteAnswer } from '../context/route.ts'
import { Watcher } from '../context/watcher.ts'
import { KEEP_ALIVE } from '../jobs/watched-execution.ts'
import { refusalOf, requireSome } from '../request/readable.ts'
import { keptExecution } from '../routes/execution-routes.ts'
import { planRegionsFor } from './change-pages.ts'
import { overviewRegionsFor } from './overview-data.ts'

// How often a watcher of a quiet execution hears that the connection lives, in milliseconds.
const STILL_HERE = 15_000
// So many connections watch at once: each holds memory.
const MOST = 500
const TOPICS = 20

export const streamRoutes: readonly Route[] = [
  defineRoute(
    'GET /api/v1/stream',
    'execution.read',
    'Server-sent events: `view` (the whole of an execution first, then what has changed of it), `record`, `overview`, `resync`, `bye`',
    {
      input: z.strictObject({
        topics: z
          .string()
          .min(1)
          .max(4_000)
          .describe('`execution:ID` and `overview`, with commas between them; for a page also one `plan:DIGEST`.'),
        as: z
          .enum(['program', 'page'])
          .default('program')
          .describe('A page is sent parts of itself: `region` instead of `view`.'),
        after: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe('The last id that was received; Last-Event-ID says the same.'),
      }),
      answer: async (front, { caller, input, headers, signal }) => {
        if (front.live.size >= MOST) throw refusalOf('busy', 'too many watch at this moment')
        const giveBack = front.streams.take(caller)
        try {
          return await streamOf(front, caller, input, { last: headers.get('last-event-id'), signal, giveBack })
        } catch (error) {
          giveBack()
          throw error
        }
      },
    },
  ),
]

interface Connection {
  readonly last: string | null
  readonly signal: AbortSignal
  giveBack(): void
}

async function streamOf(
  front: FrontContext,
  caller: IdentifiedCaller,
  input: { readonly topics: string; readonly as: 'program' | 'page'; readonly after?: string | undefined },
  { last, signal, giveBack }: Connection,
): Promise<RouteAnswer> {
  const { executions, overview, plan } = await topicsOf(front, caller, input)
  const after = cursorOf(last ?? input.after)
  const regions = () => (plan === undefined ? overviewRegionsFor(front, caller) : planRegionsFor(front, caller, plan))
  const page = input.as === 'page' ? { isPage: true, regions } : {}
  const since = after === undefined ? {} : { after }
  const mayOverview = async () => {
    if (plan === undefined) await requireSome(front.app, caller)
    else await seenPlan(front.app, caller, plan, 'plan.read', 'plan.approve')
  }
  const isWhole = overview || plan !== undefined
  const watcher = new Watcher(front, caller, { executions, overview: isWhole, mayOverview, ...page, ...since })
  const stopWatching = front.live.watch(watcher)
  const over = new AbortController()
  // Each of its streams listens for the end of a session.
  if (caller.session !== undefined) setMaxListeners(0, caller.session.over)
  const leave = () => watcher.leave('the session has ended')
  caller.session?.over.addEventListener('abort', leave)
  const ended = () => {
    giveBack()
    stopWatching()
    caller.session?.over.removeEventListener('abort', leave)
    over.abort()
  }
  signal.addEventListener('abort', () => watcher.leave('nobody reads'), { once: true })
  await watcher.begin(ended)
  keepAlive(front, caller, watcher, over.signal).catch(() => undefined)
  return { stream: watcher.stream, headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } }
}

async function topicsOf(
  front: FrontContext,
  caller: IdentifiedCaller,
  { topics, as }: { readonly topics: string; readonly as: 'program' | 'page' },
) {
  const [plan] = as === 'page' && topics.startsWith('plan:') ? [topics.slice('plan:'.length)] : []
  if (plan !== undefined) {
    await seenPlan(front.app, caller, plan, 'plan.read', 'plan.approve')
    return { executions: new Set<string>(), overview: false, plan }
  }
  const words = topics.split(',')
  const ids = words.flatMap((word) => (word.startsWith('execution:') ? [word.slice('execution:'.length)] : []))
  const overview = words.includes('overview')
  if (ids.length + Number(overview) !== words.length || ids.length > TOPICS) {
    throw refusalOf('input', `topics are \`overview\` and at most ${TOPICS} of \`execution:ID\``)
  }
  if (overview) await requireSome(front.app, caller)
  const executions = new Set<string>()
  for (const id of ids) executions.add((await keptExecution(front, caller, id)).id)
  return { executions, overview }
}

function cursorOf(word: string | null | undefined) {
  if (word === null || word === undefined || word === '') return undefined
  const cursor = readCursor(word)
  if (cursor !== undefined) return cursor
  throw refusalOf('input', 'this is no id of an event of this stream', 'Begin again without it.')
}

async function keepAlive(
  { app }: FrontContext,
  { ends = Infinity }: IdentifiedCaller,
  watcher: Watcher,
  over: AbortSignal,
) {
  while (!watcher.isOver) {
    const left = ends - app.clock.now()
    if (left <= 0) {
      watcher.leave('the token is not good any more')
      return
    }
    await app.clock.sleep(Math.min(STILL_HERE, left), over)
    watcher.frame(KEEP_ALIVE)
  }
}
