import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { prepare } from '../../../src/change/plan/prepare.ts'
import { statementNonce } from '../../../src/change/policy/approval.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { features } from '../../../src/features/index.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { Secret } from '../../../src/model/secret.ts'
import {
  sendToLogin,
  sendToStepUp,
  webIssuers,
  webLoggedIn,
  webSteppedUp,
} from '../../../src/project/access/login/web.ts'
import { openProjectFile } from '../../../src/project/app/store/project-store.ts'
import { decideProved, decisionWays, makeChallenge, openChallenges } from '../../../src/project/approval/challenge.ts'
import { beginAndRun, resumeHere } from '../../../src/project/execution/run/run.ts'
import { loadWorkflow } from '../../../src/project/files/load-workflow.ts'
import { openProject } from '../../../src/project/files/project.ts'
import { planNamed } from '../../../src/project/history/plans/plan-source.ts'
import { trailOf } from '../../../src/project/history/trail-of.ts'
import { loginPorts } from '../../../src/project/identity/login-ports.ts'
import type { WebLogin } from '../../../src/project/identity/oidc/code-login.ts'
import { verifyToken } from '../../../src/project/identity/oidc/verify-token.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { orProblems } from '../../../src/project/system/process/input-error.ts'
import { everyNth } from '../../extent.ts'
import { type App, asking, openLab, seamsOf, temporaryFolder, whileTimePasses } from '../../lab/lab.ts'
import { browserOf } from './person.ts'
import { AUDIENCE, startProvider, type TestProvider } from './test-provider.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})
afterAll(() => provider.close())

const PUBLIC_URL = 'http://localhost:7474'
const CLIENTS = {
  confidential: `{ clientId: eosflow-web, clientSecret: '\${env:WEB_SECRET}' }`,
  public: '{ clientId: eosflow-page }',
} as const

const settings = (web: string) => `version: 1
identity:
  issuers:
    - { name: corp, issuer: "${provider.issuer}", audience: "${AUDIENCE}", clientId: eosflow, groupsClaim: groups, personClaim: employee_id, web: ${web} }
    - { name: robot, issuer: "${provider.issuer}", audience: "${AUDIENCE}", kind: service, clientId: robot, clientSecret: '\${env:ROBOT_SECRET}' }
`

const POLICY = `version: 1
roles:
  operator: { members: ['corp:sub:olga'] }
  approver: { members: ['corp:group:net-leads'] }
rules:
  - { id: work, to: [operator, approver], allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.verify] }
  - id: change
    to: [operator]
    allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback]
    require: { approvals: { from: [approver], notRequester: true, proof: [oidc] } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject], when: { maxAuthAgeSec: 900 } }
`

async function frontWith(web: string = CLIENTS.confidential, policy = '') {
  const lab = openLab()
  const state = temporaryFolder()
  lab.write('eosflow.yaml', settings(web))
  if (policy !== '') lab.write('policy.yaml', policy)
  const tokens: string[] = []
  const scrubber = new Scrubber()
  const register = scrubber.register.bind(scrubber)
  scrubber.register = (secret: Secret, name: string) => {
    if (/token/i.test(name)) tokens.push(secret.reveal())
    register(secret, name)
  }
  const seams = seamsOf(lab)
  // The tokens of the provider are of today.
  const clock = { ...seams.clock, now: () => systemClock.now(), monotonic: () => lab.clock.monotonic() }
  const env = { XDG_STATE_HOME: state, WEB_SECRET: 'web-secret-0123456789' }
  const host = { env, cwd: lab.dir, scrubber, words: () => 'see', features, seams: { ...seams, clock } }
  const project = openProject(host, { project: lab.dir })
  const kept = await openProjectFile(project, host)
  onTestFinished(() => kept.store.close())
  const app: App = { ...host, ...kept, insecureTls: false, project }
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((name) => statSync(name).isFile())
  return {
    app,
    lab,
    tokens,
    events: async () => {
      const rows = await trailOf(app).records(1, 1000)
      return rows.map(({ body }) => JSON.parse(body) as JournalEvent)
    },
    stored: () => [...filesIn(lab.dir), ...filesIn(state)].map((file) => readFileSync(file, 'latin1')).join('\n'),
  }
}

const back = (url: string, account = '00u1') => browserOf(account).back(url, `${PUBLIC_URL}/login/callback`)

describe('a login on a page', () => {
  test.each(everyNth(2, 'kinds of clients', Object.entries(CLIENTS)))(
    'by a %s client: who it is goes on record, and no token stays',
    async (kind, web) => {
      const front = await frontWith(web)
      expect(webIssuers(front.app)).toEqual(['corp'])
      const { url, login } = await sendToLogin(front.app, 'corp', PUBLIC_URL)
      expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
        response_type: 'code',
        client_id: kind === 'public' ? 'eosflow-page' : 'eosflow-web',
        redirect_uri: 'http://localhost:7474/login/callback',
        code_challenge_method: 'S256',
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        scope: 'openid eosflow:plan eosflow:run',
        resource: AUDIENCE,
        max_age: '86400',
        state: login.state,
        nonce: login.nonce,
      })
      expect(url).not.toContain(login.verifier)
      const { principal, expires } = await webLoggedIn(front.app, login, await back(url))
      expect(principal).toEqual({
        issuer: 'corp',
        id: '00u1',
        kind: 'person',
        auth: 'oidc',
        display: 'Alice Example',
        groups: ['netops', 'net-leads'],
        person: 'E100',
        authenticatedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      })
      expect(expires).toBeGreaterThan(Date.now())
      expect(await front.events()).toMatchObject([{ type: 'LoggedIn', actor: 'corp:00u1', flow: 'browser', principal }])
      // An access token and an ID token: without `offline_access` there is none to renew them.
      expect(front.tokens).toHaveLength(2)
      const stored = front.stored()
      expect(stored.length).toBeGreaterThan(1000)
      for (const secret of [...front.tokens, login.verifier, 'web-secret-0123456789'])
        expect(stored).not.toContain(secret)
    },
  )

  /** What comes back, from what the provider said. */
  const REFUSED: Readonly<
    Record<string, readonly [(query: string, login: WebLogin) => readonly [string, WebLogin], string | RegExp]>
  > = {
    'with the state of another login': [
      (query, login) => [query, { ...login, state: 'x'.repeat(43) }],
      /OAUTH_INVALID_RESPONSE$/,
    ],
    'without a state': [(query, login) => [query.replace(/state=[^&]+/, 'x=1'), login], /OAUTH_INVALID_RESPONSE$/],
    'with two states': [(query, login) => [`${query}&state=${login.state}`, login], /OAUTH_INVALID_RESPONSE$/],
    'with another issuer (RFC 9207)': [
      (query, login) => [query.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'), login],
      /OAUTH_INVALID_RESPONSE$/,
    ],
    'without an issuer': [(query, login) => [query.replace(/&?iss=[^&]+/, ''), login], /OAUTH_INVALID_RESPONSE$/],
    'with another code': [
      (query, login) => [query.replace(/code=[^&]+/, 'code=x'), login],
      'the login has ended or was used already',
    ],
    'without a code': [(query, login) => [query.replace(/code=[^&]+/, 'x=1'), login], /code|answered cannot be used/],
    'with the verifier of another login (PKCE)': [
      (query, login) => [query, { ...login, verifier: 'v'.repeat(43) }],
      'the login has ended or was used already',
    ],
    'with the nonce of another login': [
      (query, login) => [query, { ...login, nonce: 'n'.repeat(43) }],
      /OAUTH_JWT_CLAIM_COMPARISON_FAILED$/,
    ],
    'for another address': [
      (query, login) => [query, { ...login, redirectUri: 'http://localhost:7475/login/callback' }],
      'the login has ended or was used already',
    ],
    'with a refusal': [
      (_, login) => [`error=access_denied&state=${login.state}&iss=${encodeURIComponent(provider.issuer)}`, login],
      'it was refused there',
    ],
  }

  test.each(Object.entries(REFUSED))(
    "that comes back %s is nobody's",
    { tags: 'long' },
    async (_name, [change, says]) => {
      const front = await frontWith()
      const { url, login } = await sendToLogin(front.app, 'corp', PUBLIC_URL)
      const [query, changed] = change(await back(url), login)
      await expect(webLoggedIn(front.app, changed, query)).rejects.toMatchObject({
        message: expect.stringMatching(says),
      })
      expect((await front.events()).filter(({ type }) => type === 'LoggedIn')).toEqual([])
    },
  )

  test("that comes back a second time is nobody's, and goes on record", async () => {
    const front = await frontWith()
    const { url, login } = await sendToLogin(front.app, 'corp', PUBLIC_URL)
    const query = await back(url)
    await webLoggedIn(front.app, login, query)
    await expect(webLoggedIn(front.app, login, query)).rejects.toMatchObject({ kind: 'not-authorised' })
    expect((await front.events()).map(({ type }) => type)).toEqual(['LoggedIn', 'LoginFailed'])
  })

  test('gives no token that a command or an API would take: it is for the pages alone', async () => {
    const { app, tokens } = await (async () => {
      const front = await frontWith()
      const { url, login } = await sendToLogin(front.app, 'corp', PUBLIC_URL)
      await webLoggedIn(front.app, login, await back(url))
      return front
    })()
    const issuers = app.project.settings.identity?.issuers ?? []
    expect(tokens.length).toBeGreaterThan(0)
    for (const token of tokens) {
      const verified = verifyToken(new Secret(token), issuers, loginPorts(app.project, app))
      await expect(verified).rejects.toMatchObject({ kind: 'not-authorised' })
    }
  })

  test('is not had where no client for pages is named, nor by a service', async () => {
    const front = await frontWith()
    for (const name of ['robot', 'nobody']) {
      await expect(sendToLogin(front.app, name, PUBLIC_URL)).rejects.toMatchObject({ kind: 'not-authorised' })
    }
  })

  test('whose provider is down is retryable', async () => {
    const front = await frontWith()
    provider.down = true
    try {
      await expect(sendToLogin(front.app, 'corp', PUBLIC_URL)).rejects.toMatchObject({
        kind: 'unreachable',
        retryable: true,
      })
    } finally {
      provider.down = false
    }
  })
})

describe('a new login for one decision', () => {
  const ALICE: Principal = {
    issuer: 'corp',
    id: '00u1',
    kind: 'person',
    auth: 'oidc',
    groups: ['netops', 'net-leads'],
    person: 'E100',
    authenticatedAt: '2026-01-05T07:00:00.000Z',
  }
  const OLGA: Principal = { issuer: 'corp', id: 'olga', kind: 'person', auth: 'oidc' }

  async function waiting() {
    const front = await frontWith(CLIENTS.confidential, POLICY)
    const { app, lab } = front
    const { project } = app
    const prepared = orProblems(
      prepare({
        workflow: loadWorkflow(project, 'workflow.yaml'),
        given: {},
        inventory: project.inventory(),
        files: project.files,
      }),
    )
    const work = beginAndRun(app, asking(OLGA), { judged: 'elsewhere', purpose: 'run', prepared }, { detach: true })
    const begun = await whileTimePasses(lab.clock, work)
    const challenges = openChallenges(app.notes)
    const plan = begun.plan?.digest ?? ''
    const challenge = (who = ALICE) =>
      makeChallenge(app, asking(who), challenges, {
        plan,
        execution: begun.id,
        decision: 'approve',
        comment: '',
        proof: 'oidc',
        origin: PUBLIC_URL,
        session: 's1',
      })
    const decide = (id: string, login: Awaited<ReturnType<typeof webSteppedUp>>) =>
      decideProved(app, asking(ALICE), challenges, {
        challenge: id,
        plan,
        session: 's1',
        proof: { kind: 'oidc', login },
      })
    return { ...front, begun, plan, challenge, decide }
  }

  test('names the decision, is asked of the person again, and approves that decision', async () => {
    const front = await waiting()
    const { app, lab, begun, plan } = front
    const named = await planNamed(app, begun.id)
    expect(await decisionWays(app, { principal: ALICE }, named.plan, PUBLIC_URL)).toEqual({
      approve: ['oidc'],
      mayReject: false,
    })
    const made = await front.challenge()
    expect(made).toMatchObject({ nonce: statementNonce(made.statement), notes: [], statement: { approver: ALICE } })
    const { url, login } = await sendToStepUp(app, asking(ALICE), made.nonce ?? '', PUBLIC_URL)
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      client_id: 'eosflow-web',
      scope: 'openid eosflow:approve',
      prompt: 'login',
      max_age: '0',
      nonce: made.nonce,
    })
    const stepped = await webSteppedUp(app, asking(ALICE), login, await back(url))
    expect(stepped.proof?.claims).toMatchObject({ nonce: made.nonce, sub: '00u1', scope: 'eosflow:approve' })
    await front.decide(made.id, stepped)
    const [decision] = await app.store.approvals(plan)
    expect(decision?.event).toMatchObject({
      statement: made.statement,
      signature: { kind: 'server', proof: { claims: { nonce: made.nonce } } },
    })
    expect((await front.events()).filter(({ type }) => type === 'LoggedIn')).toMatchObject([{ stepUp: true }])
    const stored = front.stored()
    for (const token of front.tokens) expect(stored).not.toContain(token)
    const ended = await whileTimePasses(lab.clock, resumeHere(app, asking(OLGA), begun.id, { detach: true }))
    expect(ended.outcome).toBe('succeeded')
  })

  test('for another decision approves nothing', async () => {
    const front = await waiting()
    const { app, plan } = front
    const [one, other] = [await front.challenge(), await front.challenge()]
    const { url, login } = await sendToStepUp(app, asking(ALICE), one.nonce ?? '', PUBLIC_URL)
    const stepped = await webSteppedUp(app, asking(ALICE), login, await back(url))
    await expect(front.decide(other.id, stepped)).rejects.toMatchObject({
      kind: 'not-approved',
      message: 'the decision is not accepted: the new login is for another decision',
    })
    expect(await app.store.approvals(plan)).toEqual([])
    expect((await front.events()).filter(({ type }) => type === 'ApprovalRefused')).toHaveLength(1)
  })

  test.each([
    ['of somebody else', '00u2', (login: WebLogin) => login, 'somebody else has logged in at corp'],
    [
      'that the provider has not asked the person for',
      '00u1',
      (login: WebLogin) => ({ ...login, since: login.since + 600_000 }),
      'the person did not log in again',
    ],
  ] as const)('%s is refused', async (_name, account, change, says) => {
    const front = await waiting()
    const made = await front.challenge()
    const { url, login } = await sendToStepUp(front.app, asking(ALICE), made.nonce ?? '', PUBLIC_URL)
    const stepping = webSteppedUp(front.app, asking(ALICE), change(login), await back(url, account))
    await expect(stepping).rejects.toMatchObject({ kind: 'not-authorised', message: expect.stringContaining(says) })
    expect((await front.events()).filter(({ type }) => type === 'LoginFailed')).toHaveLength(1)
  })

  test('after which the person has other groups is refused', { tags: ['long', 'turn'] }, async () => {
    const front = await waiting()
    const made = await front.challenge({ ...ALICE, groups: ['net-leads'] })
    const { url, login } = await sendToStepUp(front.app, asking(ALICE), made.nonce ?? '', PUBLIC_URL)
    const stepped = await webSteppedUp(front.app, asking(ALICE), login, await back(url))
    await expect(front.decide(made.id, stepped)).rejects.toMatchObject({
      kind: 'not-authorised',
      message: expect.stringMatching(/^the new login says otherwise who you are/),
    })
    expect(await front.app.store.approvals(front.plan)).toEqual([])
  })

  test('that nobody has judged here approves nothing, whatever it says', async () => {
    const front = await waiting()
    const made = await front.challenge()
    const claims = { sub: '00u1', nonce: made.nonce ?? '', auth_time: 1_767_600_000 }
    const forged = { principal: ALICE, proof: { issuer: provider.issuer, claims, thumbprint: 'x' } }
    await expect(front.decide(made.id, forged)).rejects.toMatchObject({
      kind: 'not-approved',
      message: 'the decision is not accepted: nobody here has seen this login',
    })
    expect(await front.app.store.approvals(front.plan)).toEqual([])
  })

  test('is not granted where the provider withholds the scope', { tags: ['long', 'turn'] }, async () => {
    const front = await waiting()
    const made = await front.challenge()
    provider.withheld.add('eosflow:approve')
    try {
      const { url, login } = await sendToStepUp(front.app, asking(ALICE), made.nonce ?? '', PUBLIC_URL)
      const query = await back(url).catch(() => 'error=access_denied')
      await expect(webSteppedUp(front.app, asking(ALICE), login, query)).rejects.toMatchObject({})
    } finally {
      provider.withheld.clear()
    }
  })
})
