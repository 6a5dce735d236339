import { z } from 'zod'
import { defineOpenRoute, defineRoute, type Route } from '../context/route.ts'
import { RequestRefusal } from '../request/fault.ts'
import { document } from './shown-execution.ts'

const state = z.looseObject({ status: z.string() }).meta({ id: 'State' })

export const ownRoutes: readonly Route[] = [
  defineOpenRoute({
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the server lives',
    // Neither by which name nor by whom: a browser that asks has a session, and the store may be away.
    provesItself: true,
    output: state,
    answer: () => ({ json: { status: 'ok' } }),
  }),
  defineOpenRoute({
    method: 'GET',
    path: '/readyz',
    summary:
      'Whether the server takes requests: 503 while it ends, and when its store cannot be read or has another layout',
    provesItself: true,
    output: state,
    answer: async ({ app, ending }) => {
      if (ending.aborted) throw new RequestRefusal({ kind: 'ending', message: 'the server is ending' })
      await app.notes.requireUsable()
      await app.store.head()
      return { json: { status: 'ready' } }
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/me',
    action: 'own',
    summary: 'Who is asking, and the token that the forms of a session send',
    output: document('Me', {
      identity: z.looseObject({ issuer: z.string(), id: z.string(), kind: z.string() }),
      token: z.string().optional(),
      ends: z.string().optional(),
    }),
    answer: (_, { caller: { principal, session } }) => {
      const own = session === undefined ? {} : { token: session.token, ends: new Date(session.ends).toISOString() }
      return { json: { version: 1, identity: principal, ...own } }
    },
  }),
]
