import { Agent, request } from 'node:http'
import { logIn } from '../test/lab/visitor.ts'
import type { HistoryProject } from './history-projects.ts'

/** What the paths of one project are made of. */
export interface RouteParts extends HistoryProject {
  /** The plan of the change that ran. */
  readonly plan: string
}

/** One request that is measured. */
export interface RouteRow {
  readonly path: (parts: RouteParts) => string
  /** Its status; 200 where it is absent. */
  readonly status?: number
  /** It reads all of the history by its nature: it has to be linear. */
  readonly readsAll?: true
  /** A stream: the time until its first event. */
  readonly isStream?: true
}

const at = (path: string, status?: number): readonly RouteRow[] => [
  { path: () => path, ...(status === undefined ? {} : { status }) },
]

/** Every GET route of the server by its path, as its table of routes has it, with what it is asked for. */
export const ROUTES: Readonly<Record<string, readonly RouteRow[]>> = {
  '/healthz': at('/healthz'),
  '/readyz': at('/readyz'),
  '/api/v1/me': at('/api/v1/me'),
  '/openapi.json': at('/openapi.json'),
  '/login': at('/login'),
  '/login/at/{issuer}': at('/login/at/none', 403),
  '/login/callback': at('/login/callback', 401),
  '/logout/at/{issuer}': at('/logout/at/none', 403),
  '/api/v1/workflows': at('/api/v1/workflows'),
  '/api/v1/workflows/{file+}': at('/api/v1/workflows/workflows/add-vlan.yaml'),
  '/api/v1/plans/{digest}': [{ path: ({ plan }) => `/api/v1/plans/${plan}` }],
  '/api/v1/plans/{digest}/summary': [{ path: ({ plan }) => `/api/v1/plans/${plan}/summary` }],
  '/api/v1/plans/{digest}/diff': [{ path: ({ plan }) => `/api/v1/plans/${plan}/diff` }],
  '/api/v1/executions': [
    ...at('/api/v1/executions'),
    ...at('/api/v1/executions?state=open'),
    ...at('/api/v1/executions?state=unknown'),
    ...at('/api/v1/executions?switch=leaf1&limit=10'),
  ],
  '/api/v1/executions/{id}': [{ path: ({ ran }) => `/api/v1/executions/${ran}` }],
  '/api/v1/executions/{id}/view': [{ path: ({ ran }) => `/api/v1/executions/${ran}/view` }],
  '/api/v1/executions/{id}/events': [{ path: ({ ran }) => `/api/v1/executions/${ran}/events` }],
  '/api/v1/executions/{id}/report.md': [{ path: ({ ran }) => `/api/v1/executions/${ran}/report.md` }],
  '/api/v1/switches': at('/api/v1/switches'),
  '/api/v1/switches/{name}': at('/api/v1/switches/leaf1'),
  '/api/v1/snapshots': at('/api/v1/snapshots'),
  '/api/v1/snapshots/{before}/diff/{after}': at('/api/v1/snapshots/before/diff/behind'),
  '/api/v1/audit/records': [
    ...at('/api/v1/audit/records'),
    { path: ({ ran }) => `/api/v1/audit/records?execution=${ran}` },
    ...at('/api/v1/audit/records?actor=nobody'),
    { path: () => `/api/v1/audit/records?since=${new Date(Date.now() - 60_000).toISOString()}` },
  ],
  '/api/v1/audit/verification': [{ path: () => '/api/v1/audit/verification', readsAll: true }],
  '/api/v1/policy/explain': at('/api/v1/policy/explain?action=task.push'),
  '/api/v1/rehearsals/{plan}': [{ path: ({ plan }) => `/api/v1/rehearsals/${plan}`, status: 404 }],
  '/api/v1/schedules': at('/api/v1/schedules'),
  '/schedules': at('/schedules'),
  '/api/v1/stream': [
    { path: () => '/api/v1/stream?topics=overview&as=page', isStream: true },
    { path: ({ waiting }) => `/api/v1/stream?topics=execution:${waiting}`, isStream: true },
  ],
  '/.well-known/oauth-protected-resource': at('/.well-known/oauth-protected-resource'),
  '/.well-known/oauth-protected-resource/mcp': at('/.well-known/oauth-protected-resource/mcp'),
  '/web/{file}': at('/web/style.css', 404),
  '/favicon.ico': at('/favicon.ico', 204),
  '/workflows': at('/workflows'),
  '/workflows/{file+}': at('/workflows/workflows/add-vlan.yaml'),
  '/plans/{digest}': [{ path: ({ plan }) => `/plans/${plan}` }],
  '/plans/{digest}/rehearsal': [{ path: ({ plan }) => `/plans/${plan}/rehearsal` }],
  '/': at('/'),
  '/executions': [...at('/executions'), ...at('/executions?state=open'), ...at('/executions?state=unknown')],
  '/executions/{id}': [
    { path: ({ ran }) => `/executions/${ran}` },
    { path: ({ waiting }) => `/executions/${waiting}` },
  ],
  '/executions/{id}/records': [{ path: ({ ran }) => `/executions/${ran}/records`, status: 303 }],
  '/executions/{id}/report.html': [{ path: ({ ran }) => `/executions/${ran}/report.html` }],
  '/executions/{id}/{act}': [{ path: ({ ran }) => `/executions/${ran}/rollback` }],
  '/switches': at('/switches'),
  '/switches/{name}': at('/switches/leaf1'),
  '/snapshots': at('/snapshots'),
  '/snapshots/diff': at('/snapshots/diff?before=before&after=behind'),
  '/record': [
    ...at('/record'),
    { path: ({ ran }) => `/record?execution=${ran}&kind=all` },
    ...at('/record?actor=nobody'),
  ],
  '/policy': at('/policy'),
  '/me': at('/me'),
  '/stop-all': at('/stop-all'),
  '/freeze': at('/freeze'),
  '/unfreeze': at('/unfreeze', 404),
}

/** A browser that has logged in, and asks over one connection. */
export interface Asker {
  /** Milliseconds from the first byte of a request to the last of its answer, or to the first event of a stream. Throws at another status. */
  timed(row: RouteRow, parts: RouteParts): Promise<number>
  close(): void
}

/** Logs in at a server with the secret of its link. */
export async function askerAt(origin: string, link: string): Promise<Asker> {
  const { cookie } = await logIn(origin, link)
  const agent = new Agent({ keepAlive: true })
  return {
    timed: (row, parts) =>
      new Promise((resolve, reject) => {
        const path = row.path(parts)
        const begun = performance.now()
        const asked = request(
          origin + path,
          { agent: row.isStream === true ? false : agent, headers: { cookie } },
          (answer) => {
            let text = ''
            answer.on('data', (piece: Buffer) => {
              if (text.length < 500) text += piece.toString()
              if (row.isStream !== true) return
              resolve(performance.now() - begun)
              asked.destroy()
            })
            answer.on('error', () => undefined)
            answer.on('end', () => {
              if (answer.statusCode === (row.status ?? 200)) resolve(performance.now() - begun)
              else reject(new Error(`${path}: ${answer.statusCode}\n${text}`))
            })
          },
        )
        asked.on('error', reject)
        asked.end()
      }),
    close: () => agent.destroy(),
  }
}
