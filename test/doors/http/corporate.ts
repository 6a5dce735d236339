import { expect } from 'vitest'
import { openLab, temporaryFolder } from '../../lab/lab.ts'
import { ORIGIN, type ServerBench } from '../../lab/server.ts'
import { type Browser, browserOf } from '../../project/identity/person.ts'
import { AUDIENCE } from '../../project/identity/test-provider.ts'

const POLICY = `version: 1
roles:
  operator: { members: ['corp:sub:00u2'] }
  approver: { members: ['corp:group:net-leads'] }
rules:
  - { id: read, allow: [plan.read, execution.read, audit.read], to: [operator, approver] }
  - id: change
    to: [operator]
    allow: [plan.create, execution.start, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback]
    require: { approvals: { from: [approver], notRequester: true, proof: [oidc] } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject], when: { maxAuthAgeSec: 900 } }
`

/** A server whose people log in at a provider, by its public client for pages. `web`: by another one. */
export function corporate(
  issuer: string,
  web = 'clientId: eosflow-page',
  env: Readonly<Record<string, string>> = {},
): Promise<ServerBench> {
  const state = temporaryFolder()
  const prepare = (lab: ServerBench['lab']) => {
    lab.write(
      'eosflow.yaml',
      `version: 1\nidentity:\n  issuers:\n    - { name: corp, issuer: "${issuer}", audience: "${AUDIENCE}", clientId: eosflow, groupsClaim: groups, personClaim: employee_id, web: { ${web} } }\n`,
    )
    lab.write('policy.yaml', POLICY)
  }
  return openLab({ prepare }).serve({ env: { XDG_STATE_HOME: state, ...env }, now: () => Date.now() })
}

/** The cookie of an answer, as a browser sends it back. */
export const cookieIn = (headers: Headers) => /^[^;]+/.exec(headers.get('set-cookie') ?? '')?.[0] ?? ''

/** Sends a browser to the provider, and gives what it comes back with. */
export async function sent(bench: ServerBench, account: string, browser: Browser = browserOf(account)) {
  const away = await bench.ask('GET', '/login/at/corp')
  expect(away.status).toBe(303)
  const query = await browser.back(away.headers.get('location') ?? '', `${ORIGIN}/login/callback`)
  return { query, cookie: cookieIn(away.headers) }
}

/** Logs somebody in. Gives the id of the session. */
export async function loggedIn(bench: ServerBench, account: string, browser?: Browser) {
  const { query, cookie } = await sent(bench, account, browser)
  const back = await bench.ask('GET', `/login/callback?${query}`, { headers: { cookie } })
  expect([back.status, back.headers.get('location')]).toEqual([303, '/'])
  return cookieIn(back.headers).slice('__Host-eosflow='.length)
}
