import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyAsItLies } from '../../src/app/audit/verify-record.ts'
import { rotateInstallKey } from '../../src/app/keys/rotate-install-key.ts'
import { openProject } from '../../src/app/project/project.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { asking } from '../lab/application.ts'
import { freePorts } from '../free-ports.ts'
import { type Browser, browserOf } from '../identity/browser.ts'
import { AUDIENCE, startProvider, type TestProvider } from '../identity/test-provider.ts'
import { type RunningProcess, startBuilt } from '../lab/process.ts'
import { soon } from '../lab/soon.ts'
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
export interface CorporateServers {
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
export interface Sent {
  readonly cookie: string
  readonly query: string
}

/** Starts all of it. Each process has the next install key beside the present one. */
export async function startCorporateServers(): Promise<CorporateServers> {
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
