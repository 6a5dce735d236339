import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyAsItLies } from '../../src/app/audit/verify-record.ts'
import { rotateInstallKey } from '../../src/app/keys/rotate-install-key.ts'
import { openProject } from '../../src/app/project/project.ts'
import type { EventBody } from '../../src/journal/event.ts'
import { ofType } from '../../src/journal/of-type.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { freePorts } from '../free-ports.ts'
import { type Browser, browserOf } from '../identity/person.ts'
import { AUDIENCE, startProvider, type TestProvider } from '../identity/test-provider.ts'
import { asking } from '../lab/application.ts'
import { exits } from '../lab/exits.ts'
import { soon } from '../lab/loopback.ts'
import { type RunningProcess, startBuilt } from '../lab/process.ts'
import { ask, cookieOf, type Told } from '../lab/visitor.ts'
import { startTeam, type Team } from '../worker/team.ts'
import { vlanWorkflow } from '../worker/vlan-workflow.ts'

/** Two approvals are needed, of two persons none of whom asks: Bob may approve what others ask. */
const POLICY = `version: 1
roles:
  operator: { members: ['corp:sub:00u2'] }
  approver: { members: ['corp:group:net-leads', 'corp:sub:00u2'] }
rules:
  - { id: read, allow: [workflow.list, plan.read, execution.read, audit.read], to: [operator, approver] }
  - id: change
    to: [operator]
    allow: [plan.create, execution.start, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback]
    require: { approvals: { count: 2, from: [approver], notRequester: true, proof: [oidc] } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject] }
  - { id: keys, to: ['kind:person'], allow: [policy.edit] }
`

const NEXT_KEY = '7'.repeat(64)

/** A workflow whose commit timer runs for a while: long enough for something else to happen under it. */
const SLOW = vlanWorkflow({ name: 'slow', verify: 'within: 60s, stableFor: 10s, every: 1s' })

/** Two servers and a worker of one store, whose people log in at a provider. */
interface CorporateServers {
  readonly team: Team
  readonly provider: TestProvider
  /** What browsers know both servers by. */
  readonly origin: string
  /** Where each server listens. */
  readonly servers: readonly [a: string, b: string]
  get(server: string, path: string, cookie?: string): Promise<Told>
  /** Sends a form as a page of a server does. */
  form(server: string, path: string, fields: Readonly<Record<string, string>>, cookie?: string): Promise<Told>
  /** Sends JSON as a page of a server does. */
  json(server: string, path: string, body: object, cookie: string): Promise<Told>
  /** Begins a login at a server. Gives the cookie of the browser, and what it comes back from the provider with. */
  sent(server: string, account: string, browser?: Browser): Promise<Sent>
  /** Comes back to a server. */
  back(server: string, sent: Sent, cookie?: string): Promise<Told>
  /** Logs in: begun at one server, ended at another. Gives the cookie of the session. */
  logIn(account: string, begunAt: string, endedAt: string, browser?: Browser): Promise<string>
  /** Begins one more process with its own environment, in a folder of its own. */
  begin(command: 'serve' | 'worker', env: Readonly<Record<string, string>>): RunningProcess
  /** Puts another server key into the place of that of a server, as a text of 64 hex digits; without one the common one again. */
  keyOf(server: string, seed?: string): void
  /** Puts the store under the next install key, as Alice. */
  rotate(): Promise<void>
  /** Verifies the whole record on a machine that has both keys. Gives what is wrong with it. */
  verify(): Promise<string | undefined>
  close(): Promise<void>
}

/** A browser that comes back from a provider. */
interface Sent {
  readonly cookie: string
  readonly query: string
}

/** Starts all of it. Each process has the next install key beside the present one. */
async function startCorporateServers(): Promise<CorporateServers> {
  const team = await startTeam(2)
  // What one server vouches for the others know by their common key.
  const made = await team.eosflow('key', 'show', 'server')
  if (made.code !== 0) throw new Error(made.err)
  const [known = 0, serving = 0, working = 0, ...ports] = await freePorts(5)
  const origin = `http://localhost:${known}`
  const provider = await startProvider(origin)
  Object.assign(provider.people, { '00u3': { name: 'Carol Example', groups: ['net-leads'], employee_id: 'E300' } })
  const settings = `${readFileSync(join(team.dir, 'eosflow.yaml'), 'utf8')}identity:
  issuers:
    - { name: corp, issuer: "${provider.issuer}", audience: "${AUDIENCE}", clientId: eosflow, groupsClaim: groups, personClaim: employee_id, web: { clientId: eosflow-page } }
`
  const write = (file: string, text: string): void => writeFileSync(join(team.dir, file), text, { mode: 0o600 })
  write('eosflow.yaml', settings)
  write('policy.yaml', POLICY)
  write('slow.yaml', SLOW)
  write('.eosflow/install.next.key', `${NEXT_KEY}\n`)
  await team.worker()
  const running: RunningProcess[] = []
  const servers: string[] = []
  const spawned = (command: string, port: number, env: Readonly<Record<string, string>> = {}): RunningProcess => {
    const dir = join(team.dir, `server-${port}`)
    mkdirSync(dir)
    for (const file of ['inventory.yaml', 'vlan.yaml', 'slow.yaml', 'policy.yaml', '.eosflow'])
      cpSync(join(team.dir, file), join(dir, file), { recursive: true })
    writeFileSync(
      join(dir, 'eosflow.yaml'),
      `${settings}server: { listen: "127.0.0.1:${port}", publicUrl: "${origin}" }\n`,
    )
    const begun = startBuilt(dir, [command], env)
    running.push(begun)
    return begun
  }
  for (const port of ports) {
    const { child, text } = spawned('serve', port)
    const at = `http://127.0.0.1:${port}`
    servers.push(at)
    await soon(async () => {
      if (child.exitCode !== null) throw new Error(`a server does not start: ${text.err}`)
      return (await ask(at, 'GET', '/readyz').catch(() => undefined))?.status === 200
    }, 60_000)
  }
  const host = { env: {}, cwd: team.dir, scrubber: new Scrubber(), words: () => '' }
  const own = { origin, host: new URL(origin).host, 'sec-fetch-site': 'same-origin' }
  const withCookie = (cookie = ''): Readonly<Record<string, string>> => (cookie === '' ? {} : { cookie })
  const get: CorporateServers['get'] = (server, path, cookie) =>
    ask(server, 'GET', path, { headers: { host: own.host, ...withCookie(cookie) } })
  const token = async (server: string, cookie: string): Promise<string> =>
    String((await get(server, '/api/v1/me', cookie)).json.token)
  const sent: CorporateServers['sent'] = async (server, account, browser = browserOf(account)) => {
    const away = await get(server, '/login/at/corp')
    const query = await browser.back(away.headers.location ?? '', `${origin}/login/callback`)
    return { query, cookie: cookieOf(away) }
  }
  const back: CorporateServers['back'] = (server, { cookie, query }, session = '') =>
    get(server, `/login/callback?${query}`, session === '' ? cookie : `${cookie}; ${session}`)
  return {
    team,
    provider,
    origin,
    servers: [servers[0] ?? '', servers[1] ?? ''],
    get,
    form: async (server, path, fields, cookie = '') => {
      const headers = { ...own, ...withCookie(cookie), 'content-type': 'application/x-www-form-urlencoded' }
      const csrf: Record<string, string> = cookie === '' ? {} : { csrf: await token(server, cookie) }
      return ask(server, 'POST', path, { headers, body: new URLSearchParams({ ...csrf, ...fields }).toString() })
    },
    json: async (server, path, body, cookie) => {
      const headers = {
        ...own,
        cookie,
        'x-eosflow-token': await token(server, cookie),
        'content-type': 'application/json',
      }
      return ask(server, 'POST', path, { headers, body: JSON.stringify(body) })
    },
    sent,
    back,
    logIn: async (account, begunAt, endedAt, browser) =>
      cookieOf(await back(endedAt, await sent(begunAt, account, browser))),
    begin: (command, env) => spawned(command, command === 'serve' ? serving : working, env),
    keyOf: (server, seed) => {
      const common = readFileSync(join(team.dir, '.eosflow/server.key'), 'utf8')
      const own = join(team.dir, `server-${new URL(server).port}`, '.eosflow/server.key')
      writeFileSync(own, seed === undefined ? common : `${seed}\n`)
    },
    rotate: async () => {
      const principal = { issuer: 'corp', id: '00u1', kind: 'person', auth: 'oidc' } as const
      const caller = asking(principal)
      await rotateInstallKey(openProject(host, { project: team.dir }), host, caller, 'a laptop was lost')
    },
    verify: async () => (await verifyAsItLies(host, openProject(host, { project: team.dir }))).fault?.reason,
    close: async () => {
      for (const one of running) one.kill('SIGKILL')
      await provider.close()
      await team.close()
    },
  }
}

describe('two servers of one store, whose people log in at a provider', () => {
  let corp: CorporateServers
  let [a, b] = ['', '']
  beforeAll(async () => {
    corp = await startCorporateServers()
    ;[a, b] = corp.servers
  }, 180_000)
  afterAll(() => corp?.close())

  const isIn = async (cookie: string) =>
    Promise.all([a, b].map(async (server) => (await corp.get(server, '/api/v1/me', cookie)).status))
  const registered = async (type: EventBody['type']): Promise<number> => {
    const [row] = await corp.team.database.ask(
      `SELECT count(*)::int AS many FROM eosflow.register WHERE type = '${type}'`,
    )
    return Number(row?.many)
  }

  test('a login begun at one ends at the other; the session is good at both, until either ends it', async () => {
    const sent = await corp.sent(a, '00u1')
    const come = await corp.back(b, sent)
    expect([come.status, come.headers.location]).toEqual([303, '/'])
    const alice = cookieOf(come)
    expect(await isIn(alice)).toEqual([200, 200])
    const { json } = await corp.get(a, '/api/v1/me', alice)
    expect(json).toMatchObject({ identity: { issuer: 'corp', id: '00u1', kind: 'person', auth: 'oidc' } })
    // What was come back with is good once among both, with its cookie and without.
    for (const server of [a, b])
      expect([(await corp.back(server, sent)).status, cookieOf(await corp.back(server, sent))]).toEqual([409, ''])
    expect((await corp.get(a, `/login/callback?${sent.query}`)).status).toBe(401)
    expect(await registered('LoggedIn')).toBe(1)
    const gone = await corp.form(b, '/logout', {}, alice)
    expect([gone.status, gone.headers.location]).toEqual([303, '/login?left=corp'])
    expect([await isIn(alice), await registered('LoggedOut')]).toEqual([[401, 401], 1])
  })

  test('of one callback at both servers at once one is logged in', async () => {
    const sent = await corp.sent(b, '00u1')
    const both = await Promise.all([corp.back(a, sent), corp.back(b, sent)])
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 409])
  })

  test('what the provider ends, by a token to one server, is over at the other; the token is good at neither again', async () => {
    const tokens: string[] = []
    corp.provider.deliver = async (_, init) => {
      const token = new URLSearchParams(String(init.body)).get('logout_token') ?? ''
      tokens.push(token)
      const { status } = await corp.form(b, '/api/v1/logouts', { logout_token: token })
      return new Response(null, { status })
    }
    const laptop = browserOf('00u1')
    const [here, there] = [await corp.logIn('00u1', a, a, laptop), await corp.logIn('00u3', a, b)]
    await laptop.logOut(`${corp.provider.issuer}/session/end`, corp.origin)
    expect([tokens.length, await isIn(here), await isIn(there)]).toEqual([1, [401, 401], [200, 200]])
    for (const server of [a, b])
      expect((await corp.form(server, '/api/v1/logouts', { logout_token: tokens[0] ?? '' })).status).toBe(400)
  })

  const begun = async (bob: string, workflow: string, vlan: number): Promise<readonly [id: string, plan: string]> => {
    const [targets = ''] = Object.keys(corp.team.fabric.ports)
    const answer = await corp.json(a, '/api/v1/executions', { workflow, params: { vlan }, targets }, bob)
    expect(answer.status, answer.text).toBe(202)
    const id = String(answer.json.execution)
    const read = async () => (await corp.get(b, `/api/v1/executions/${id}`, bob)).json
    await soon(async () => (await read()).waitingFor !== undefined, 60_000)
    return [id, String((await read()).plan)]
  }
  /** Signs in again for one approval, begun at one server: what its browser comes back with. */
  const asked = async (server: string, account: string, session: string, plan: string): Promise<Sent> => {
    const fields = { decision: 'approve-by-sign-in', comment: 'CHG-7' }
    const page = await corp.form(server, `/plans/${plan}/decisions`, fields, session)
    const [, away = ''] = /href="(http:\/\/127[^"]+)"/.exec(page.text) ?? []
    expect(away, page.text).not.toBe('')
    const query = await browserOf(account).back(away.replaceAll('&amp;', '&'), `${corp.origin}/login/callback`)
    return { query, cookie: cookieOf(page) }
  }
  const approvers = async (plan: string) =>
    (await corp.team.app.store.approvals(plan)).map(({ event }) => event.statement.approver.id)
  const ends = async (id: string): Promise<string | undefined> =>
    ofType('ExecutionEnded', await corp.team.app.store.read(id)).at(-1)?.outcome
  const ended = (id: string): Promise<void> => soon(async () => (await ends(id)) !== undefined, 90_000)
  const hasVlan = async (vlan: number): Promise<readonly [boolean, boolean]> => {
    const { running = '', startup = '', isArmed } = Object.values((await corp.team.fabric.truth()).switches)[0] ?? {}
    expect(isArmed).toBe(false)
    return [running.includes(`vlan ${vlan}\n`), startup?.includes(`vlan ${vlan}\n`) === true]
  }
  /** Approved by two, one at each server. */
  const approved = async (plan: string): Promise<void> => {
    let [alice, carol] = [await corp.logIn('00u1', a, b), await corp.logIn('00u3', b, a)]
    const first = await asked(a, '00u1', alice, plan)
    const one = await corp.back(a, first, alice)
    expect([one.status, one.headers.location]).toEqual([303, `/plans/${plan}`])
    // The session has another id since, at both; and what was decided is not decided again.
    expect([await isIn(alice), (await corp.back(b, first, alice)).status]).toEqual([[401, 401], 409])
    alice = cookieOf(one)
    expect([await isIn(alice), await approvers(plan)]).toEqual([[200, 200], ['00u1']])
    const second = await corp.back(b, await asked(b, '00u3', carol, plan), carol)
    expect([second.status, await approvers(plan)]).toEqual([303, ['00u1', '00u3']])
    carol = cookieOf(second)
    expect(await isIn(carol)).toEqual([200, 200])
  }

  test('two persons approve, one at each server; whoever asks may not at either; a worker makes the change', {
    tags: 'night',
    timeout: 180_000,
  }, async () => {
    const bob = await corp.logIn('00u2', a, b)
    for (const [vlan, server] of [
      [99, a],
      [100, b],
    ] as const) {
      const [id, plan] = await begun(bob, 'vlan.yaml', vlan)
      const { status, text } = await corp.back(server, await asked(server, '00u2', bob, plan), bob)
      const why = 'the approval of 00u2 does not count for change: the same person made the plan'
      expect([status, text]).toEqual([409, expect.stringContaining(why)])
      // It is not on record, the plan still waits, and the session is the one before.
      expect([await approvers(plan), await ends(id), await hasVlan(vlan)]).toEqual([[], undefined, [false, false]])
      expect(await isIn(bob)).toEqual([200, 200])
    }
    const [id, plan] = await begun(bob, 'vlan.yaml', 101)
    await approved(plan)
    await ended(id)
    expect([await ends(id), await hasVlan(101)]).toEqual(['succeeded', [true, true]])
  })

  test('a server with another server key does not begin, and a worker says that it refuses what the servers sign', {
    tags: 'night',
  }, async () => {
    const env = { EOSFLOW_SERVER_KEY: '5'.repeat(64) }
    const { code, err } = await corp.begin('serve', env).ended
    expect([code, err]).toEqual([1, expect.stringContaining('sign decisions with the server key SHA256:')])
    expect(err).toContain('Give this machine theirs, as server.key beside the store or in EOSFLOW_SERVER_KEY')
    expect(err).not.toContain('5'.repeat(64))
    const worker = corp.begin('worker', env)
    await worker.said(/it refuses what people of an identity provider approve/)
    worker.kill('SIGTERM')
    await exits(0, worker.ended)
  })

  test('a decision is refused at once where the server key that would sign it is not that of the others', {
    tags: 'night',
    timeout: 180_000,
  }, async () => {
    const bob = await corp.logIn('00u2', a, b)
    const [id, plan] = await begun(bob, 'vlan.yaml', 103)
    const alice = await corp.logIn('00u1', a, b)
    const sent = await asked(b, '00u1', alice, plan)
    corp.keyOf(b, '5'.repeat(64))
    const fields = { decision: 'approve-by-sign-in', comment: 'CHG-7' }
    const refused = [await corp.form(b, `/plans/${plan}/decisions`, fields, alice), await corp.back(b, sent, alice)]
    corp.keyOf(b)
    const why = expect.stringContaining('the other servers of this store sign decisions with the server key SHA256:')
    expect(refused.map(({ status, text }) => [status >= 400, text])).toEqual([
      [true, why],
      [true, why],
    ])
    expect(await approvers(plan)).toEqual([])
    await approved(plan)
    await ended(id)
    expect([await ends(id), await hasVlan(103)]).toEqual(['succeeded', [true, true]])
  })

  test('the install key is rotated while a commit timer runs: the change ends as it would have, and the record verifies', {
    tags: 'night',
    timeout: 180_000,
  }, async () => {
    const bob = await corp.logIn('00u2', a, b)
    const [id, plan] = await begun(bob, 'slow.yaml', 102)
    await approved(plan)
    const isArmed = async () => Object.values((await corp.team.fabric.truth()).switches)[0]?.isArmed === true
    await soon(isArmed, 60_000)
    // One is on the way to the provider meanwhile.
    const sent = await corp.sent(a, '00u1')
    await corp.rotate()
    expect(await isArmed()).toBe(true)
    // Behind a rotation nothing counts that the old key has sealed: neither the way back from the provider nor a session.
    expect([(await corp.back(b, sent)).status, await isIn(bob)]).toEqual([409, [401, 401]])
    const again = await corp.logIn('00u2', b, a)
    expect(await isIn(again)).toEqual([200, 200])
    const seen = async () => (await corp.get(b, `/api/v1/executions/${id}`, again)).json
    await soon(async () => (await seen()).status === 'ended', 90_000)
    expect([(await seen()).outcome, await hasVlan(102), await corp.verify()]).toEqual([
      'succeeded',
      [true, true],
      undefined,
    ])
    // Who has the old key alone is refused by name.
    await expect(ends(id)).rejects.toMatchObject({
      kind: 'store',
      message: expect.stringContaining('under another key'),
    })
  })
})
