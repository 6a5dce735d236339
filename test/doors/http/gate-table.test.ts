// @module-tag long

import { expect, test } from 'vitest'
import { routes } from '../../../src/doors/http/http-app.ts'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { openLab, PEOPLE, policyWith, SETTINGS, withRoles, workflowFor } from '../../lab/lab.ts'
import { idle, ORIGIN, type ServerBench, until } from '../../lab/server.ts'

/** Who asks for every route: nobody, a person without a rule, one who starts, one who approves, a pipeline, an agent. */
const CALLERS = ['nobody', 'dave', 'alice', 'bob', 'ci', 'bot'] as const

/** One row of the table below. */
interface Row {
  readonly route: string
  /** The status for each caller, in the order of {@link CALLERS}. */
  readonly gives: readonly number[]
  readonly path: string
  readonly body: string
  /** What happens before it is asked for. */
  readonly first: string
}

/**
 * A route, the status for each caller, and where it needs them: its path, its body, and what happens first. PLAN and EXECUTION are those of the office;
 * LEAF is a workflow that no other plan has; WAITING, PLANNED and CANCELLED are an execution that waits, its plan, and one that was stopped, each made anew.
 */
const TABLE = `
GET /healthz                                  | 200 200 200 200 200 200
GET /readyz                                   | 200 200 200 200 200 200
GET /openapi.json                             | 200 200 200 200 200 200
GET /login                                    | 200 200 200 200 200 200
POST /login                                   | 401 401 401 401 401 401 | | {"link":"0000000000000000000000000000000000000000000000000000000000000000"}
POST /login/another-link                      | 303 303 303 303 303 303 | | | later
POST /logout                                  | 401 303 303 303 303 303
# Agents alone, and each tool asks the policy for itself; this message does not say which answers it takes.
POST /mcp                                     | 401 403 403 403 403 406 | | {"jsonrpc":"2.0","id":1,"method":"ping"}
GET /.well-known/oauth-protected-resource     | 200 200 200 200 200 200
GET /.well-known/oauth-protected-resource/mcp | 200 200 200 200 200 200
GET /api/v1/me                                | 401 200 200 200 200 200
# Whoever may do nothing about the switch is told that there is none.
GET /api/v1/policy/explain                    | 401 422 200 200 200 200 | /api/v1/policy/explain?action=execution.start&targets=leaf1
GET /api/v1/workflows                         | 401 403 200 200 403 200
GET /api/v1/workflows/{file+}                 | 401 403 200 200 403 200 | /api/v1/workflows/workflows/leaf.yaml
POST /api/v1/plans                            | 401 403 202 202 202 202 | | {"workflow":"LEAF"}
GET /api/v1/plans/{digest}                    | 401 404 200 200 200 200 | /api/v1/plans/PLAN
GET /api/v1/plans/{digest}/summary            | 401 404 200 200 200 200 | /api/v1/plans/PLAN/summary
GET /api/v1/plans/{digest}/diff               | 401 404 200 200 200 200 | /api/v1/plans/PLAN/diff
GET /api/v1/executions                        | 401 403 200 200 200 200
GET /api/v1/executions/{id}                   | 401 404 200 200 200 200 | /api/v1/executions/EXECUTION
GET /api/v1/executions/{id}/events            | 401 404 200 200 200 200 | /api/v1/executions/EXECUTION/events
GET /api/v1/stream                            | 401 404 200 200 200 200 | /api/v1/stream?topics=execution:EXECUTION
GET /api/v1/switches                          | 401 403 200 200 200 200
GET /api/v1/switches/{name}                   | 401 404 200 200 200 200 | /api/v1/switches/leaf1
GET /api/v1/snapshots                         | 401 403 200 200 200 200
GET /api/v1/snapshots/{before}/diff/{after}   | 401 404 200 200 200 200 | /api/v1/snapshots/one/diff/two
GET /api/v1/audit/records                     | 401 403 403 200 403 403
GET /api/v1/audit/verification                | 401 403 403 200 403 403
POST /api/v1/executions                       | 401 403 202 403 202 403 | | {"workflow":"LEAF"}
POST /api/v1/plans/{plan}/executions          | 401 404 202 403 202 403 | /api/v1/plans/PLANNED/executions
# Allowed, and no rule of this policy lets an approval carry.
POST /api/v1/plans/{plan}/rebase              | 401 404 409 403 409 403 | /api/v1/plans/PLANNED/rebase
POST /api/v1/plans/{plan}/decisions           | 401 404 403 200 403 403 | /api/v1/plans/PLANNED/decisions | {"decision":"reject"}
POST /api/v1/executions/{execution}/stop      | 401 404 202 403 202 403 | /api/v1/executions/WAITING/stop
# It rests already, and goes on no more by itself.
POST /api/v1/executions/{execution}/suspend   | 401 404 202 403 202 403 | /api/v1/executions/WAITING/suspend
POST /api/v1/executions/{execution}/resume    | 401 404 202 403 202 403 | /api/v1/executions/WAITING/resume
POST /api/v1/executions/{execution}/redrive   | 401 404 202 403 202 403 | /api/v1/executions/CANCELLED/redrive
# Allowed, and the change has changed nothing.
POST /api/v1/executions/{execution}/rollback  | 401 404 202 403 202 403 | /api/v1/executions/CANCELLED/rollback
POST /api/v1/drift-checks                     | 401 403 200 200 200 200
POST /api/v1/snapshots                        | 401 403 200 200 200 200
GET /web/{file}                               | 200 200 200 200 200 200 | /web/app-1.css
GET /api/v1/executions/{id}/view              | 401 404 200 200 200 200 | /api/v1/executions/EXECUTION/view
GET /favicon.ico                              | 204 204 204 204 204 204
GET /                                         | 401 403 200 200 200 200
GET /executions                               | 401 403 200 200 200 200
GET /executions/{id}                          | 401 404 200 200 200 200 | /executions/EXECUTION
# It leads to the record, which asks for itself.
GET /executions/{id}/records                  | 401 303 303 303 303 303 | /executions/EXECUTION/records
GET /executions/{id}/report.html              | 401 404 200 200 200 200 | /executions/EXECUTION/report.html | | checkpoint
GET /executions/{id}/{act}                    | 401 404 200 200 200 200 | /executions/EXECUTION/stop
GET /workflows                                | 401 403 200 200 403 200
GET /workflows/{file+}                        | 401 403 200 200 403 200 | /workflows/workflows/leaf.yaml
# Who may not see the workflow has no form of it: the pipeline plans by the API.
POST /workflows/{file+}                       | 401 404 303 303 404 303 | /workflows/LEAF | {"key":"LEAF"}
GET /plans/{digest}                           | 401 404 200 200 200 200 | /plans/PLAN
POST /plans/{plan}/decisions                  | 401 404 403 303 403 403 | /plans/PLANNED/decisions | {"decision":"reject"}
GET /switches                                 | 401 403 200 200 200 200
GET /switches/{name}                          | 401 404 200 200 200 200 | /switches/leaf1
POST /drift-checks                            | 401 403 303 303 303 303
GET /snapshots                                | 401 403 200 200 200 200
POST /snapshots                               | 401 403 303 303 303 303
GET /snapshots/diff                           | 401 404 200 200 200 200 | /snapshots/diff?before=one&after=two
POST /api/v1/snapshots/{before}/comparisons   | 401 404 200 200 200 200 | /api/v1/snapshots/one/comparisons
POST /plans/{plan}/executions                 | 401 404 303 403 303 403 | /plans/PLANNED/executions | {"key":"LEAF"}
POST /plans/{plan}/rebase                     | 401 404 409 403 409 403 | /plans/PLANNED/rebase | {"key":"LEAF"}
POST /api/v1/rehearsals                       | 401 404 202 202 202 202 | | {"plan":"PLAN"}
GET /api/v1/rehearsals/{plan}                 | 401 404 200 200 200 200 | /api/v1/rehearsals/PLAN | | rehearsal
POST /plans/{plan}/rehearsal                  | 401 404 303 303 303 303 | /plans/PLAN/rehearsal
GET /plans/{digest}/rehearsal                 | 401 404 200 200 200 200 | /plans/PLAN/rehearsal
# A token that nobody was given: it is known to nobody, whoever asks.
POST /api/v1/signals                          | 401 409 409 409 409 409 | | {"token":"eosflow-task-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","heartbeat":true}
POST /api/v1/check-runs                       | 401 403 200 200 200 200
GET /api/v1/executions/{id}/report.md         | 401 404 200 200 200 200 | /api/v1/executions/EXECUTION/report.md
GET /record                                   | 401 403 403 200 403 403
GET /policy                                   | 401 200 200 200 200 200
GET /me                                       | 401 200 200 200 200 200
GET /stop-all                                 | 401 403 200 200 200 200
POST /executions/{execution}/stop             | 401 404 303 403 303 403 | /executions/WAITING/stop | | newest
POST /executions/{execution}/suspend          | 401 404 303 403 303 403 | /executions/WAITING/suspend | | newest
POST /executions/{execution}/resume           | 401 404 303 403 303 403 | /executions/WAITING/resume | | newest
POST /executions/{execution}/redrive          | 401 404 303 403 303 403 | /executions/CANCELLED/redrive | | newest
POST /executions/{execution}/rollback         | 401 404 303 403 303 403 | /executions/CANCELLED/rollback | | newest
POST /stop-all                                | 401 403 303 403 303 403 | | {"reason":"x"} | wait
POST /api/v1/stop-all                         | 401 403 202 403 202 403 | | {"reason":"x"} | wait
# The provider of these settings has no client for browsers.
GET /login/at/{issuer}                        | 403 403 403 403 403 403 | /login/at/corp
GET /login/callback                           | 401 401 401 401 401 401
GET /logout/at/{issuer}                       | 403 403 403 403 403 403 | /logout/at/corp
# Only what a provider has signed ends a login, whoever sends it.
POST /api/v1/logouts                          | 400 400 400 400 400 400 | | {"logout_token":"eyJhbGciOiJub25lIn0.e30."}
# What proves a sender of events is in what it sends, whoever it is; the settings of this office take none.
POST /api/v1/hooks/{name}                     | 404 404 404 404 404 404 | /api/v1/hooks/github | {"ref":"refs/heads/main"}
# Only a session has passkeys.
POST /api/v1/plans/{plan}/challenges          | 401 401 401 401 401 401 | /api/v1/plans/PLAN/challenges
POST /api/v1/freezes                          | 401 403 200 403 403 403 | | {"reason":"x","until":"1h"}
POST /api/v1/unfreeze                         | 401 403 200 403 403 403 | | {"reason":"x","all":true} | freeze
# The agent and the pipeline are no people; the others have given no key.
POST /me/passkeys                             | 401 502 502 502 403 403 | | {"credential":"AAAA","key":"AAAA"}
GET /api/v1/schedules                         | 401 403 200 403 200 403
POST /api/v1/schedules/{schedule}/pause       | 401 403 200 403 200 403 | /api/v1/schedules/rare/pause | {"reason":"x"}
POST /api/v1/schedules/{schedule}/continue    | 401 403 200 403 200 403 | /api/v1/schedules/rare/continue
POST /api/v1/schedules/{schedule}/run         | 401 403 200 403 200 403 | /api/v1/schedules/rare/run | | schedule
POST /api/v1/schedules/{schedule}/end         | 401 403 422 403 422 403 | /api/v1/schedules/rare/end | {"reason":"x"}
GET /schedules                                | 401 403 200 403 200 403
POST /schedules/{schedule}/pause              | 401 403 303 403 303 403 | /schedules/rare/pause
POST /schedules/{schedule}/continue           | 401 403 303 403 303 403 | /schedules/rare/continue
POST /schedules/{schedule}/run                | 401 403 303 403 303 403 | /schedules/rare/run | | schedule
POST /schedules/{schedule}/end                | 401 403 422 403 422 403 | /schedules/rare/end
GET /freeze                                   | 401 200 200 200 200 200
GET /unfreeze                                 | 401 403 200 200 200 200 | | | freeze
POST /freeze                                  | 401 403 303 403 403 403 | | {"reason":"x","until":"45m"}
POST /unfreeze                                | 401 403 303 403 403 403 | | {"reason":"x"} | freeze, named
`

const ROWS: readonly Row[] = TABLE.trim()
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .map((line) => {
    const [route = '', gives = '', path = '', body = '', first = ''] = line.split('|').map((cell) => cell.trim())
    return { route, gives: gives.split(' ').map(Number), path: path || (route.split(' ')[1] ?? ''), body, first }
  })

/** A server under the policy of the people, with a plan and an execution of alice in it. */
interface Office {
  readonly bench: ServerBench
  /** What a row asks for, made anew; for somebody who is refused nothing is made, since nothing is changed. */
  sample(row: Row, isRefused: boolean): Promise<{ readonly path: string; readonly body: unknown }>
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
  const asAlice = async (method: string, path: string, body?: object) =>
    (await bench.ask(method, path, { token: 'alice', body })).json
  let plans = 0
  const leaf = async () => {
    plans += 1
    const file = `workflows/leaf-${plans}.yaml`
    bench.lab.write(file, workflowFor('leaf1', { lines: ['vlan 998', `   name TESTED-${plans}`] }))
    return file
  }
  const waiting = async () => {
    const { execution } = await asAlice('POST', '/api/v1/executions', { workflow: await leaf() })
    await idle(bench)
    return String(execution)
  }
  const digestOf = async (id: string) => String((await asAlice('GET', `/api/v1/executions/${id}`)).plan)
  const cancelled = async () => {
    const id = await waiting()
    await asAlice('POST', `/api/v1/executions/${id}/stop`, { reason: 'x' })
    await until(bench, async () => (await asAlice('GET', `/api/v1/executions/${id}`)).status === 'ended')
    return id
  }
  for (const name of ['one', 'two']) await asAlice('POST', '/api/v1/snapshots', { name })
  const execution = await waiting()
  const plan = await digestOf(execution)
  const ended = await cancelled()
  const before: Readonly<Record<string, () => Promise<unknown>>> = {
    later: () => bench.lab.clock.advance(11_000),
    checkpoint: async () => bench.app.audit?.checkpoint(),
    rehearsal: () => asAlice('POST', '/api/v1/rehearsals', { plan }),
    wait: waiting,
    freeze: () => asAlice('POST', '/api/v1/freezes', { reason: 'x' }),
    // Nothing of it runs then, and it is another instant than before.
    schedule: async () => {
      await bench.lab.clock.advance(1_000)
      await until(bench, async () => (await bench.app.store.schedules()).at(-1)?.type !== 'ScheduleFired')
    },
  }
  return {
    bench,
    sample: async (row, isRefused) => {
      const words = {
        EXECUTION: async () => execution,
        PLANNED: async () => (isRefused ? plan : digestOf(await waiting())),
        PLAN: async () => plan,
        LEAF: leaf,
        WAITING: async () => (isRefused ? execution : waiting()),
        CANCELLED: async () => (isRefused ? ended : cancelled()),
      }
      const { path, body } = await filled(row, words)
      const [act = '', isNamed] = row.first.split(', ')
      const isMade = act !== 'wait' || !isRefused
      const came = (isMade ? await before[act]?.() : undefined) as { readonly freeze?: number } | undefined
      const sent = {
        ...(body === '' ? {} : JSON.parse(body)),
        ...(isNamed === undefined ? {} : { freeze: came?.freeze }),
      }
      if (act !== 'newest') return { path, body: sent }
      // What the form of an execution's page posts.
      const newest = (await bench.app.store.read(path.split('/')[2] ?? '')).at(-1)?.seq
      return { path, body: { newest } }
    },
  }
}

/** The path and the body of a row, with what is made for each of its words. */
async function filled({ path, body }: Row, words: Readonly<Record<string, () => Promise<string>>>) {
  const said = { path, body }
  for (const [word, make] of Object.entries(words)) {
    if (!said.path.includes(word) && !said.body.includes(word)) continue
    const made = await make()
    said.path = said.path.replaceAll(word, made)
    said.body = said.body.replaceAll(word, made)
  }
  return said
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
  for (const row of rows) {
    const { route, gives } = row
    const [method = 'GET'] = route.split(' ')
    for (const [index, caller] of CALLERS.entries()) {
      const { path, body } = await office.sample(row, REFUSED.includes(gives[index] ?? 0))
      await idle(bench)
      const before = bench.requests()
      // Nobody sends what a page would: so it is not where it comes from that is refused.
      const own =
        caller === 'nobody' ? { headers: { origin: ORIGIN, 'sec-fetch-site': 'same-origin' } } : { token: caller }
      const response = await bench.open(method, path, { ...own, ...(method === 'POST' ? { body } : {}) })
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
