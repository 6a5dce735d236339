// @module-tag long

import { expect, test } from 'vitest'
import { routes } from '../../src/server/routes.ts'
import { everyNthOfLong, extentOfLong } from '../extent.ts'
import { openLab, PEOPLE, policyWith, SETTINGS, withRoles, workflowFor } from '../lab/lab.ts'
import { ORIGIN, type ServerBench, until } from '../lab/server.ts'

/** Who asks for every route: nobody, a person without a rule, one who starts, one who approves, a pipeline, an agent. */
const CALLERS = ['nobody', 'dave', 'alice', 'bob', 'ci', 'bot'] as const

/** What a row asks for, each time anew. */
interface Sample {
  readonly path: string
  readonly body?: unknown
}

interface Row {
  readonly route: string
  /** The status for each caller, in the order of {@link CALLERS}. */
  readonly gives: readonly [number, number, number, number, number, number]
  readonly sample?: (office: Office) => Sample | Promise<Sample>
}

const READS = [401, 404, 200, 200, 200, 200] as const
const STARTS = [401, 404, 202, 403, 202, 403] as const
const FORMS = [401, 404, 303, 403, 303, 403] as const

const ROWS: readonly Row[] = [
  { route: 'GET /healthz', gives: [200, 200, 200, 200, 200, 200] },
  { route: 'GET /readyz', gives: [200, 200, 200, 200, 200, 200] },
  { route: 'GET /openapi.json', gives: [200, 200, 200, 200, 200, 200] },
  { route: 'GET /login', gives: [200, 200, 200, 200, 200, 200] },
  {
    route: 'POST /login',
    gives: [401, 401, 401, 401, 401, 401],
    sample: () => ({ path: '/login', body: { link: '0'.repeat(64) } }),
  },
  {
    route: 'POST /login/another-link',
    gives: [303, 303, 303, 303, 303, 303],
    sample: async ({ bench }) => {
      await bench.lab.clock.advance(11_000)
      return { path: '/login/another-link' }
    },
  },
  { route: 'POST /logout', gives: [401, 303, 303, 303, 303, 303] },
  // Agents alone, and each tool asks the policy for itself; this message does not say which answers it takes.
  {
    route: 'POST /mcp',
    gives: [401, 403, 403, 403, 403, 406],
    sample: () => ({ path: '/mcp', body: { jsonrpc: '2.0', id: 1, method: 'ping' } }),
  },
  { route: 'GET /.well-known/oauth-protected-resource', gives: [200, 200, 200, 200, 200, 200] },
  { route: 'GET /.well-known/oauth-protected-resource/mcp', gives: [200, 200, 200, 200, 200, 200] },
  { route: 'GET /api/v1/me', gives: [401, 200, 200, 200, 200, 200] },
  // Whoever may do nothing about the switch is told that there is none.
  {
    route: 'GET /api/v1/policy/explain',
    gives: [401, 422, 200, 200, 200, 200],
    sample: () => ({ path: '/api/v1/policy/explain?action=execution.start&targets=leaf1' }),
  },
  { route: 'GET /api/v1/workflows', gives: [401, 403, 200, 200, 403, 200] },
  {
    route: 'GET /api/v1/workflows/{file+}',
    gives: [401, 403, 200, 200, 403, 200],
    sample: () => ({ path: '/api/v1/workflows/workflows/leaf.yaml' }),
  },
  {
    route: 'POST /api/v1/plans',
    gives: [401, 403, 202, 202, 202, 202],
    sample: (office) => ({ path: '/api/v1/plans', body: { workflow: office.leaf() } }),
  },
  { route: 'GET /api/v1/plans/{digest}', gives: READS, sample: ({ plan }) => ({ path: `/api/v1/plans/${plan}` }) },
  {
    route: 'GET /api/v1/plans/{digest}/summary',
    gives: READS,
    sample: ({ plan }) => ({ path: `/api/v1/plans/${plan}/summary` }),
  },
  {
    route: 'GET /api/v1/plans/{digest}/diff',
    gives: READS,
    sample: ({ plan }) => ({ path: `/api/v1/plans/${plan}/diff` }),
  },
  { route: 'GET /api/v1/executions', gives: [401, 403, 200, 200, 200, 200] },
  {
    route: 'GET /api/v1/executions/{id}',
    gives: READS,
    sample: ({ execution }) => ({ path: `/api/v1/executions/${execution}` }),
  },
  {
    route: 'GET /api/v1/executions/{id}/events',
    gives: READS,
    sample: ({ execution }) => ({ path: `/api/v1/executions/${execution}/events` }),
  },
  {
    route: 'GET /api/v1/stream',
    gives: READS,
    sample: ({ execution }) => ({ path: `/api/v1/stream?topics=execution:${execution}` }),
  },
  { route: 'GET /api/v1/switches', gives: [401, 403, 200, 200, 200, 200] },
  { route: 'GET /api/v1/switches/{name}', gives: READS, sample: () => ({ path: '/api/v1/switches/leaf1' }) },
  { route: 'GET /api/v1/snapshots', gives: [401, 403, 200, 200, 200, 200] },
  {
    route: 'GET /api/v1/snapshots/{before}/diff/{after}',
    gives: [401, 404, 200, 200, 200, 200],
    sample: () => ({ path: '/api/v1/snapshots/one/diff/two' }),
  },
  { route: 'GET /api/v1/audit/records', gives: [401, 403, 403, 200, 403, 403] },
  { route: 'GET /api/v1/audit/verification', gives: [401, 403, 403, 200, 403, 403] },
  {
    route: 'POST /api/v1/executions',
    gives: [401, 403, 202, 403, 202, 403],
    sample: (office) => ({ path: '/api/v1/executions', body: { workflow: office.leaf() } }),
  },
  {
    route: 'POST /api/v1/plans/{plan}/executions',
    gives: STARTS,
    sample: async (office) => ({ path: `/api/v1/plans/${await office.planned()}/executions`, body: {} }),
  },
  // Allowed, and no rule of this policy lets an approval carry.
  {
    route: 'POST /api/v1/plans/{plan}/rebase',
    gives: [401, 404, 409, 403, 409, 403],
    sample: async (office) => ({ path: `/api/v1/plans/${await office.planned()}/rebase`, body: {} }),
  },
  {
    route: 'POST /api/v1/plans/{plan}/decisions',
    gives: [401, 404, 403, 200, 403, 403],
    sample: async (office) => ({
      path: `/api/v1/plans/${await office.planned()}/decisions`,
      body: { decision: 'reject' },
    }),
  },
  {
    route: 'POST /api/v1/executions/{execution}/stop',
    gives: STARTS,
    sample: async (office) => ({ path: `/api/v1/executions/${await office.waiting()}/stop` }),
  },
  {
    route: 'POST /api/v1/executions/{execution}/suspend',
    // It rests already, and goes on no more by itself.
    gives: STARTS,
    sample: async (office) => ({ path: `/api/v1/executions/${await office.waiting()}/suspend` }),
  },
  {
    route: 'POST /api/v1/executions/{execution}/resume',
    gives: STARTS,
    sample: async (office) => ({ path: `/api/v1/executions/${await office.waiting()}/resume` }),
  },
  {
    route: 'POST /api/v1/executions/{execution}/redrive',
    gives: STARTS,
    sample: async (office) => ({ path: `/api/v1/executions/${await office.cancelled()}/redrive` }),
  },
  {
    route: 'POST /api/v1/executions/{execution}/rollback',
    // Allowed, and the change has changed nothing.
    gives: STARTS,
    sample: async (office) => ({ path: `/api/v1/executions/${await office.cancelled()}/rollback` }),
  },
  { route: 'POST /api/v1/drift-checks', gives: [401, 403, 200, 200, 200, 200] },
  { route: 'POST /api/v1/snapshots', gives: [401, 403, 200, 200, 200, 200] },
  { route: 'GET /web/{file}', gives: [200, 200, 200, 200, 200, 200], sample: () => ({ path: '/web/app-1.css' }) },
  {
    route: 'GET /api/v1/executions/{id}/view',
    gives: READS,
    sample: ({ execution }) => ({ path: `/api/v1/executions/${execution}/view` }),
  },
  { route: 'GET /favicon.ico', gives: [204, 204, 204, 204, 204, 204] },
  { route: 'GET /', gives: [401, 403, 200, 200, 200, 200] },
  { route: 'GET /executions', gives: [401, 403, 200, 200, 200, 200] },
  { route: 'GET /executions/{id}', gives: READS, sample: ({ execution }) => ({ path: `/executions/${execution}` }) },
  // It leads to the record, which asks for itself.
  {
    route: 'GET /executions/{id}/records',
    gives: [401, 303, 303, 303, 303, 303],
    sample: ({ execution }) => ({ path: `/executions/${execution}/records` }),
  },
  {
    route: 'GET /executions/{id}/report.html',
    gives: [401, 404, 200, 200, 200, 200],
    sample: async ({ bench, execution }) => {
      await bench.app.audit?.checkpoint()
      return { path: `/executions/${execution}/report.html` }
    },
  },
  {
    route: 'GET /executions/{id}/{act}',
    gives: READS,
    sample: ({ execution }) => ({ path: `/executions/${execution}/stop` }),
  },
  { route: 'GET /workflows', gives: [401, 403, 200, 200, 403, 200] },
  {
    route: 'GET /workflows/{file+}',
    gives: [401, 403, 200, 200, 403, 200],
    sample: () => ({ path: '/workflows/workflows/leaf.yaml' }),
  },
  // Who may not see the workflow has no form of it: the pipeline plans by the API.
  {
    route: 'POST /workflows/{file+}',
    gives: [401, 404, 303, 303, 404, 303],
    sample: (office) => ({ path: `/workflows/${office.leaf()}`, body: { key: office.leaf() } }),
  },
  { route: 'GET /plans/{digest}', gives: READS, sample: ({ plan }) => ({ path: `/plans/${plan}` }) },
  {
    route: 'POST /plans/{plan}/decisions',
    gives: [401, 404, 403, 303, 403, 403],
    sample: async (office) => ({ path: `/plans/${await office.planned()}/decisions`, body: { decision: 'reject' } }),
  },
  { route: 'GET /switches', gives: [401, 403, 200, 200, 200, 200] },
  { route: 'GET /switches/{name}', gives: READS, sample: () => ({ path: '/switches/leaf1' }) },
  { route: 'POST /drift-checks', gives: [401, 403, 303, 303, 303, 303] },
  { route: 'GET /snapshots', gives: [401, 403, 200, 200, 200, 200] },
  { route: 'POST /snapshots', gives: [401, 403, 303, 303, 303, 303] },
  {
    route: 'GET /snapshots/diff',
    gives: [401, 404, 200, 200, 200, 200],
    sample: () => ({ path: '/snapshots/diff?before=one&after=two' }),
  },
  {
    route: 'POST /api/v1/snapshots/{before}/comparisons',
    gives: [401, 404, 200, 200, 200, 200],
    sample: () => ({ path: '/api/v1/snapshots/one/comparisons' }),
  },
  {
    route: 'POST /plans/{plan}/executions',
    gives: FORMS,
    sample: async (office) => ({ path: `/plans/${await office.planned()}/executions`, body: { key: office.leaf() } }),
  },
  {
    route: 'POST /plans/{plan}/rebase',
    gives: [401, 404, 409, 403, 409, 403],
    sample: async (office) => ({ path: `/plans/${await office.planned()}/rebase`, body: { key: office.leaf() } }),
  },
  {
    route: 'POST /api/v1/rehearsals',
    gives: [401, 404, 202, 202, 202, 202],
    sample: ({ plan }) => ({ path: '/api/v1/rehearsals', body: { plan } }),
  },
  {
    route: 'GET /api/v1/rehearsals/{plan}',
    gives: READS,
    sample: async ({ bench, plan }) => {
      await bench.ask('POST', '/api/v1/rehearsals', { token: 'alice', body: { plan } })
      return { path: `/api/v1/rehearsals/${plan}` }
    },
  },
  {
    route: 'POST /plans/{plan}/rehearsal',
    gives: [401, 404, 303, 303, 303, 303],
    sample: ({ plan }) => ({ path: `/plans/${plan}/rehearsal` }),
  },
  {
    route: 'GET /plans/{digest}/rehearsal',
    gives: READS,
    sample: ({ plan }) => ({ path: `/plans/${plan}/rehearsal` }),
  },
  // A token that nobody was given: it is known to nobody, whoever asks.
  {
    route: 'POST /api/v1/signals',
    gives: [401, 409, 409, 409, 409, 409],
    sample: () => ({ path: '/api/v1/signals', body: { token: `eosflow-task-${'A'.repeat(43)}`, heartbeat: true } }),
  },
  { route: 'POST /api/v1/check-runs', gives: [401, 403, 200, 200, 200, 200] },
  {
    route: 'GET /api/v1/executions/{id}/report.md',
    gives: READS,
    sample: ({ execution }) => ({ path: `/api/v1/executions/${execution}/report.md` }),
  },
  { route: 'GET /record', gives: [401, 403, 403, 200, 403, 403] },
  { route: 'GET /policy', gives: [401, 200, 200, 200, 200, 200] },
  { route: 'GET /me', gives: [401, 200, 200, 200, 200, 200] },
  { route: 'GET /stop-all', gives: [401, 403, 200, 200, 200, 200] },
  {
    route: 'POST /executions/{execution}/stop',
    gives: FORMS,
    sample: async (office) => office.form('stop', await office.waiting()),
  },
  {
    route: 'POST /executions/{execution}/suspend',
    gives: FORMS,
    sample: async (office) => office.form('suspend', await office.waiting()),
  },
  {
    route: 'POST /executions/{execution}/resume',
    gives: FORMS,
    sample: async (office) => office.form('resume', await office.waiting()),
  },
  {
    route: 'POST /executions/{execution}/redrive',
    gives: FORMS,
    sample: async (office) => office.form('redrive', await office.cancelled()),
  },
  {
    route: 'POST /executions/{execution}/rollback',
    gives: FORMS,
    sample: async (office) => office.form('rollback', await office.cancelled()),
  },
  {
    route: 'POST /stop-all',
    gives: [401, 403, 303, 403, 303, 403],
    sample: async (office) => {
      await office.waiting()
      return { path: '/stop-all', body: { reason: 'x' } }
    },
  },
  {
    route: 'POST /api/v1/stop-all',
    gives: [401, 403, 202, 403, 202, 403],
    sample: async (office) => {
      await office.waiting()
      return { path: '/api/v1/stop-all', body: { reason: 'x' } }
    },
  },
  // The provider of these settings has no client for browsers.
  {
    route: 'GET /login/at/{issuer}',
    gives: [403, 403, 403, 403, 403, 403],
    sample: () => ({ path: '/login/at/corp' }),
  },
  { route: 'GET /login/callback', gives: [401, 401, 401, 401, 401, 401] },
  {
    route: 'GET /logout/at/{issuer}',
    gives: [403, 403, 403, 403, 403, 403],
    sample: () => ({ path: '/logout/at/corp' }),
  },
  // Only what a provider has signed ends a login, whoever sends it.
  {
    route: 'POST /api/v1/logouts',
    gives: [400, 400, 400, 400, 400, 400],
    sample: () => ({ path: '/api/v1/logouts', body: { logout_token: 'eyJhbGciOiJub25lIn0.e30.' } }),
  },
  // What proves a sender of events is in what it sends, whoever it is; the settings of this office take none.
  {
    route: 'POST /api/v1/hooks/{name}',
    gives: [404, 404, 404, 404, 404, 404],
    sample: () => ({ path: '/api/v1/hooks/github', body: { ref: 'refs/heads/main' } }),
  },
  // Only a session has passkeys.
  {
    route: 'POST /api/v1/plans/{plan}/challenges',
    gives: [401, 401, 401, 401, 401, 401],
    sample: ({ plan }) => ({ path: `/api/v1/plans/${plan}/challenges` }),
  },
  {
    route: 'POST /api/v1/freezes',
    gives: [401, 403, 200, 403, 403, 403],
    sample: () => ({ path: '/api/v1/freezes', body: { reason: 'x', until: '1h' } }),
  },
  {
    route: 'POST /api/v1/unfreeze',
    gives: [401, 403, 200, 403, 403, 403],
    sample: (office) => office.underFreeze({ path: '/api/v1/unfreeze', body: { reason: 'x', all: true } }),
  },
  // The agent and the pipeline are no people; the others have given no key.
  {
    route: 'POST /me/passkeys',
    gives: [401, 502, 502, 502, 403, 403],
    sample: () => ({ path: '/me/passkeys', body: { credential: 'AAAA', key: 'AAAA' } }),
  },
  { route: 'GET /api/v1/schedules', gives: [401, 403, 200, 403, 200, 403] },
  {
    route: 'POST /api/v1/schedules/{schedule}/pause',
    gives: [401, 403, 200, 403, 200, 403],
    sample: () => ({ path: '/api/v1/schedules/rare/pause', body: { reason: 'x' } }),
  },
  {
    route: 'POST /api/v1/schedules/{schedule}/continue',
    gives: [401, 403, 200, 403, 200, 403],
    sample: () => ({ path: '/api/v1/schedules/rare/continue' }),
  },
  {
    route: 'POST /api/v1/schedules/{schedule}/run',
    gives: [401, 403, 200, 403, 200, 403],
    sample: (office) => office.schedule('/api/v1/schedules/rare/run'),
  },
  {
    route: 'POST /api/v1/schedules/{schedule}/end',
    gives: [401, 403, 422, 403, 422, 403],
    sample: () => ({ path: '/api/v1/schedules/rare/end', body: { reason: 'x' } }),
  },
  { route: 'GET /schedules', gives: [401, 403, 200, 403, 200, 403] },
  {
    route: 'POST /schedules/{schedule}/pause',
    gives: [401, 403, 303, 403, 303, 403],
    sample: () => ({ path: '/schedules/rare/pause' }),
  },
  {
    route: 'POST /schedules/{schedule}/continue',
    gives: [401, 403, 303, 403, 303, 403],
    sample: () => ({ path: '/schedules/rare/continue' }),
  },
  {
    route: 'POST /schedules/{schedule}/run',
    gives: [401, 403, 303, 403, 303, 403],
    sample: (office) => office.schedule('/schedules/rare/run'),
  },
  {
    route: 'POST /schedules/{schedule}/end',
    gives: [401, 403, 422, 403, 422, 403],
    sample: () => ({ path: '/schedules/rare/end' }),
  },
  { route: 'GET /freeze', gives: [401, 200, 200, 200, 200, 200] },
  {
    route: 'GET /unfreeze',
    gives: [401, 403, 200, 200, 200, 200],
    sample: (office) => office.underFreeze({ path: '/unfreeze' }),
  },
  {
    route: 'POST /freeze',
    gives: [401, 403, 303, 403, 403, 403],
    sample: () => ({ path: '/freeze', body: { reason: 'x', until: '45m' } }),
  },
  {
    route: 'POST /unfreeze',
    gives: [401, 403, 303, 403, 403, 403],
    sample: (office) => office.underFreeze({ path: '/unfreeze', body: { reason: 'x' } }, 'named'),
  },
]

/** A server under the policy of the people, with a plan and an execution of alice in it. */
interface Office {
  readonly bench: ServerBench
  readonly plan: string
  readonly execution: string
  /** A workflow that no other plan has. */
  leaf(): string
  waiting(): Promise<string>
  cancelled(): Promise<string>
  /** The digest of a plan that waits. */
  planned(): Promise<string>
  /** What starts the schedule, when nothing of it runs and at another instant than before. */
  schedule(path: string): Promise<Sample>
  /** What is asked while a freeze is in force. */
  underFreeze(sample: Sample, isNamed?: 'named'): Promise<Sample>
  /** Whoever is refused changes nothing: the next samples need not be made for them alone. */
  isRefused(isRefused: boolean): void
  /** What the form of an execution's page posts. */
  form(act: string, execution: string): Promise<Sample>
}

/** A schedule that is due so rarely that only a hand starts it. */
const SCHEDULES = `schedules:
  - { name: rare, cron: '0 3 29 2 *', tz: UTC, do: snapshot, on: leaf1 }
`

async function openOffice(): Promise<Office> {
  const { alice, bob, ci, bot, dave } = PEOPLE
  const bench = await openLab({
    tags: withRoles,
    prepare: (lab) => {
      lab.write('workflows/leaf.yaml', workflowFor('leaf1'))
      lab.write('checks.yaml', '- reachable\n')
      lab.write('eosflow.yaml', `${SETTINGS}${SCHEDULES}`)
      const look = '{ id: look, allow: [workflow.list], to: [operator, approver, "kind:agent"] }'
      lab.write('policy.yaml', policyWith({ rules: [look, '{ id: audit, allow: [audit.read], to: [approver] }'] }))
    },
  }).serve({ tokens: { alice, bob, ci, bot, dave } })
  let plans = 0
  const leaf = (): string => {
    plans += 1
    bench.lab.write(
      `workflows/leaf-${plans}.yaml`,
      workflowFor('leaf1', { lines: ['vlan 998', `   name TESTED-${plans}`] }),
    )
    return `workflows/leaf-${plans}.yaml`
  }
  const idle = (): Promise<void> => until(bench, async () => bench.room.running.length === 0)
  let shared: { readonly waiting: string; readonly cancelled: string } | undefined
  let isRefused = false
  const waiting = async (): Promise<string> => {
    if (isRefused && shared !== undefined) return shared.waiting
    const begun = await bench.ask('POST', '/api/v1/executions', { token: 'alice', body: { workflow: leaf() } })
    await idle()
    return String(begun.json.execution)
  }
  const digestOf = async (id: string): Promise<string> =>
    String((await bench.ask('GET', `/api/v1/executions/${id}`, { token: 'alice' })).json.plan)
  for (const name of ['one', 'two']) await bench.ask('POST', '/api/v1/snapshots', { token: 'alice', body: { name } })
  const cancelled = async (): Promise<string> => {
    if (isRefused && shared !== undefined) return shared.cancelled
    const id = await waiting()
    await bench.ask('POST', `/api/v1/executions/${id}/stop`, { token: 'alice', body: { reason: 'x' } })
    await until(
      bench,
      async () => (await bench.ask('GET', `/api/v1/executions/${id}`, { token: 'alice' })).json.status === 'ended',
    )
    return id
  }
  const execution = await waiting()
  shared = { waiting: execution, cancelled: await cancelled() }
  return {
    bench,
    execution,
    plan: await digestOf(execution),
    leaf,
    waiting,
    planned: async () => digestOf(await waiting()),
    form: async (act, id) => {
      const newest = (await bench.app.store.read(id)).at(-1)?.seq
      return { path: `/executions/${id}/${act}`, body: { newest } }
    },
    cancelled,
    schedule: async (path) => {
      await bench.lab.clock.advance(1_000)
      await until(bench, async () => (await bench.app.store.schedules()).at(-1)?.type !== 'ScheduleFired')
      return { path }
    },
    underFreeze: async (sample, isNamed) => {
      const set = await bench.ask('POST', '/api/v1/freezes', { token: 'alice', body: { reason: 'x' } })
      if (isNamed === undefined) return sample
      const { freeze } = set.json as { freeze: number }
      return { ...sample, body: { ...(sample.body as object), freeze } }
    },
    isRefused: (is) => {
      isRefused = is
    },
  }
}

const REFUSED = [401, 403, 404]

test('every route has a row in this table, and every row has a route', () => {
  expect(ROWS.map(({ route }) => route).sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort())
})

test('every route for everybody: allowed or refused as the policy says, and nothing is sent to a switch for a refusal', async () => {
  const office = await openOffice()
  const { bench } = office
  let refused = 0
  const found: string[] = []
  const rows = everyNthOfLong(6, 'routes for everybody', ROWS)
  for (const { route, gives, sample } of rows) {
    const [method = 'GET', template = ''] = route.split(' ')
    for (const [index, caller] of CALLERS.entries()) {
      office.isRefused(REFUSED.includes(gives[index] ?? 0))
      const { path, body } = (await sample?.(office)) ?? { path: template }
      await until(bench, async () => bench.room.running.length === 0)
      const before = bench.requests()
      // Nobody sends what a page would: so it is not where it comes from that is refused.
      const own =
        caller === 'nobody' ? { headers: { origin: ORIGIN, 'sec-fetch-site': 'same-origin' } } : { token: caller }
      const response = await bench.open(method, path, { ...own, ...(method === 'POST' ? { body: body ?? {} } : {}) })
      found.push(`${route} ${caller}: ${response.status}`)
      await response.body?.cancel()
      if (!REFUSED.includes(response.status)) continue
      refused += 1
      expect([route, caller, bench.requests() - before]).toEqual([route, caller, 0])
    }
  }
  expect(found).toEqual(
    rows.flatMap(({ route, gives }) => CALLERS.map((caller, index) => `${route} ${caller}: ${gives[index]}`)),
  )
  expect(refused).toBe(rows.flatMap(({ gives }) => gives.filter((status) => REFUSED.includes(status))).length)
  expect(rows.length).toBeGreaterThanOrEqual(extentOfLong(17, 103))
  expect(refused).toBeGreaterThanOrEqual(extentOfLong(45, 292))
  expect(bench.failures).toEqual([])
})
