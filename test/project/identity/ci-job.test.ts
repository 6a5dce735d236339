import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type RunningFabric, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { leaves, PROJECT_FILES } from '../../e2e/two-leaves.ts'
import { everyNth } from '../../extent.ts'
import { exits } from '../../lab/lab.ts'
import { browserOf, type Person, personWith } from './person.ts'
import { AUDIENCE, type KeyServer, startKeyServer, startProvider, type TestProvider } from './test-provider.ts'

let provider: TestProvider
let ci: KeyServer
beforeAll(async () => {
  ;[provider, ci] = await Promise.all([startProvider(), startKeyServer()])
})
afterAll(() => Promise.all([provider.close(), ci.close()]))

const SETTINGS = () => `version: 1
identity:
  issuers:
    - { name: corp, issuer: "${provider.issuer}", audience: "${AUDIENCE}", clientId: eosflow, groupsClaim: groups }
    - { name: gitlab, issuer: "${ci.issuer}", audience: "${AUDIENCE}", kind: service, require: { project_id: "42", ref_protected: "true", pipeline_source: web } }
`

const POLICY = `version: 1
roles:
  approver: { members: ["corp:group:net-leads"] }
rules:
  - { id: look, allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.verify], to: ["kind:service", "kind:person"] }
  - id: change
    allow: [execution.start, task.push, task.confirm, task.rollback]
    to: ["kind:service"]
    require: { approvals: { count: 1, from: [approver], notRequester: true, notRunner: true } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver], when: { maxAuthAgeSec: 900 } }
`

let jobs = 0
/** What a job of GitLab gets in its variable. */
async function tokenOfJob(more: Readonly<Record<string, unknown>> = {}) {
  jobs += 1
  const now = Math.floor(Date.now() / 1000)
  return ci.mint({
    iss: ci.issuer,
    aud: AUDIENCE,
    sub: 'project_path:acme/network:ref_type:branch:ref:main',
    project_path: 'acme/network',
    project_id: '42',
    ref_protected: 'true',
    pipeline_source: 'web',
    jti: `job-${jobs}`,
    iat: now,
    exp: now + 3600,
    ...more,
  })
}

async function project() {
  const fabric = await startFabric(leaves(1))
  onTestFinished(() => fabric.close())
  const person = personWith(SETTINGS())
  for (const path of Object.keys(PROJECT_FILES.files)) mkdirSync(join(person.dir, path, '..'), { recursive: true })
  for (const [path, text] of Object.entries(PROJECT_FILES.files)) person.write(path, text)
  person.write('policy.yaml', POLICY)
  const devices = fabric.devices.map(({ name, http: { host, port } }) => [name, { host, port, tags: { role: 'leaf' } }])
  const sim = { username: 'admin', password: 'admin', simulated: true }
  const defaults = { protocol: 'http', credentials: 'sim' }
  person.write(
    'inventory.yaml',
    JSON.stringify({ defaults, credentials: { sim }, devices: Object.fromEntries(devices) }),
  )
  return { person, fabric }
}

/** Alice, at her terminal, with a browser that goes where it is told to. */
function alice(person: Person, ...argv: readonly string[]) {
  const reads = (text: string) => {
    const shown = / {2}(http\S+)/.exec(text)?.[1]
    if (shown !== undefined) void browserOf('00u1').go(shown)
  }
  return person.eosflow({ atTerminal: true, answers: ['yes'], reads }, ...argv)
}

const requestsTo = ({ devices }: RunningFabric) => devices.reduce((sum, device) => sum + device.requests().length, 0)

test('a job plans, a person approves after its own login, and the job makes the change: once', {
  tags: 'long',
}, async () => {
  const { person, fabric } = await project()
  const job = { env: { EOSFLOW_TOKEN: await tokenOfJob() } }
  const plan = await person.eosflow(job, 'plan workflows/add-vlan.yaml -p vlan=120 -o p.plan')
  expect(plan).toMatchObject({ code: 0 })
  await exits(4, person.eosflow(job, 'approve p.plan'))
  await exits(0, alice(person, 'login'))
  const approved = await alice(person, 'approve', 'p.plan')
  expect(approved.err).toContain('An approval needs a fresh login as Alice Example.')
  expect(approved).toMatchObject({ code: 0 })

  const ran = await person.eosflow(job, 'run p.plan')
  expect([ran.code, ran.err]).toEqual([0, expect.any(String)])
  const history = JSON.parse((await person.eosflow(job, 'history @latest --json')).out) as {
    type: string
    actor: string
  }[]
  expect(history.length).toBeGreaterThan(20)
  expect(new Set(history.map(({ actor }) => actor))).toEqual(
    new Set(['gitlab:project_path:acme/network:ref_type:branch:ref:main']),
  )
  const log = fabric
    .device('leaf1')
    .switch.syslog.entries()
    .map(({ line }) => line)
  expect(log.filter((line) => line.includes('LOGMSG'))).toEqual([
    expect.stringMatching(
      /: eosflow execution \d{8}-\d{6}-[0-9a-f]{8} for gitlab:project_path:acme\/network:ref_type:branch:ref:main$/,
    ),
  ])

  const before = requestsTo(fabric)
  const again = await person.eosflow(job, 'run workflows/add-vlan.yaml -p vlan=121')
  expect(again).toMatchObject({
    code: 4,
    err: expect.stringContaining('the token of gitlab has begun an execution before'),
  })
  expect(requestsTo(fabric)).toBe(before)
})

test.each(
  everyNth(2, 'tokens that start nothing', [
    ['of a merge request', { pipeline_source: 'merge_request_event' }],
    ['of another project', { project_id: '43' }],
    ['that has run out', { exp: 1_700_000_000 }],
    ['for somebody else', { aud: 'https://vault.example' }],
  ]),
)('a token %s starts nothing and reaches no switch', async (_, more) => {
  const { person, fabric } = await project()
  const job = { env: { EOSFLOW_TOKEN: await tokenOfJob(more) } }
  for (const command of ['plan', 'run']) {
    const ended = await person.eosflow(job, command, 'workflows/add-vlan.yaml', '-p', 'vlan=120')
    expect(ended).toMatchObject({ code: 4, err: expect.stringContaining('the token of gitlab is not accepted') })
  }
  expect(requestsTo(fabric)).toBe(0)
})
