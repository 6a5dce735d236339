import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openProject } from '../../../src/index.ts'
import { startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { leaves, PROJECT_FILES } from '../../e2e/two-leaves.ts'
import { inLab } from '../../lab/code.ts'
import { openLab, temporaryFolder } from '../../lab/lab.ts'
import { personWith } from '../../project/identity/person.ts'
import { type KeyServer, startKeyServer } from '../../project/identity/test-provider.ts'

const AUDIENCE = 'https://eosflow.example'
let ci: KeyServer
beforeAll(async () => {
  ci = await startKeyServer()
})
afterAll(() => ci.close())

const POLICY = `version: 1
rules:
  - { id: ci, to: ['kind:service'], allow: [plan.create, plan.read, execution.start, execution.read, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback] }
`

/** A token as GitLab gives it to a job. */
function tokenOf(more: Readonly<Record<string, unknown>> = {}) {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: ci.issuer, aud: AUDIENCE, sub: 'project_path:acme/network', jti: `job-${now}` }
  return ci.mint({
    ...claims,
    project_id: '42',
    ref_protected: 'true',
    pipeline_source: 'web',
    iat: now,
    exp: now + 3600,
    ...more,
  })
}

async function projectOfCi() {
  const fabric = await startFabric(leaves(1))
  onTestFinished(() => fabric.close())
  const issuer = {
    name: 'gitlab',
    issuer: ci.issuer,
    audience: AUDIENCE,
    kind: 'service',
    require: { project_id: '42', ref_protected: 'true', pipeline_source: 'web' },
  }
  const person = personWith(JSON.stringify({ version: 1, identity: { issuers: [issuer] } }))
  for (const [path, text] of Object.entries(PROJECT_FILES.files)) {
    mkdirSync(join(person.dir, path, '..'), { recursive: true })
    person.write(path, text)
  }
  person.write('policy.yaml', POLICY)
  const devices = Object.fromEntries(
    fabric.devices.map(({ name, http: { host, port } }) => [name, { host, port, tags: { role: 'leaf' } }]),
  )
  const credentials = { sim: { username: 'admin', password: 'admin', simulated: true } }
  person.write(
    'inventory.yaml',
    JSON.stringify({ defaults: { protocol: 'http', credentials: 'sim' }, credentials, devices }),
  )
  return person.dir
}

test('whom a token names is judged and on record, never the token of the environment, and it begins one execution', {
  tags: 'long',
}, async () => {
  const folder = await projectOfCi()
  const token = await tokenOf()
  const state = temporaryFolder()
  const env = { XDG_STATE_HOME: state, EOSFLOW_TOKEN: await tokenOf({ sub: 'somebody-else' }) }
  await using project = await openProject({ folder, caller: { kind: 'token', token }, env })
  expect((await project.whoami()).identity).toMatchObject({
    issuer: 'gitlab',
    id: 'project_path:acme/network',
    kind: 'service',
  })
  const change = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 } }
  const { plan, digest } = await project.plan(change)
  // A service approves nothing, also not as it starts: the policy lets it not.
  await expect(project.decide({ decision: 'approve', plan, digest })).rejects.toMatchObject({ kind: 'not-authorised' })
  const { execution } = await project.start(change)
  await project.settled(execution)
  const actors = new Set((await project.history(execution)).map(({ actor }) => actor))
  expect([...actors]).toEqual(['gitlab:project_path:acme/network'])
  await expect(project.start(change)).rejects.toMatchObject({ kind: 'not-authorised' })
  const [first] = token.split('.')
  expect(JSON.stringify(await project.history(execution))).not.toContain(token)
  expect(first).not.toBe('')
})

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['of another project', { project_id: '43' }],
  ['for somebody else', { aud: 'https://vault.example' }],
  ['that has run out', { exp: 1_700_000_000 }],
])('a token %s is refused, and is in no word of it', async (_, more) => {
  const folder = await projectOfCi()
  const token = await tokenOf(more)
  const project = await openProject({
    folder,
    caller: { kind: 'token', token },
    env: { XDG_STATE_HOME: temporaryFolder() },
  })
  const error = await project
    .plan({ workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 } })
    .catch((one: Error) => one)
  expect(error).toMatchObject({ name: 'EosflowError', kind: 'not-authorised' })
  expect(`${(error as Error).message}${(error as Error).stack}`).not.toContain(token.slice(0, 60))
})

const BOB = 'bob@example.org'
const BY_KEY = `version: 1
roles: { approver: { members: ['ssh:sub:${BOB}'] } }
rules:
  - { id: all, to: ['kind:person'], allow: [plan.create, plan.read, plan.approve, execution.start, execution.read, task.snapshot, task.plan, task.verify, task.confirm, task.rollback] }
  - { id: key, to: ['kind:person'], allow: [task.push], require: { approvals: { count: 1, from: [approver], proof: [ssh] } } }
`

test('an SSH key of a file signs a decision for whom the project knows it to be, and another key signs nothing that counts', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  const key = (name: string) => join(lab.dir, '..', `${name}-${lab.dir.slice(-6)}`)
  const keyed = ['bob', 'mallory'].map((name) => {
    execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-t', 'ed25519', '-f', key(name)])
    return execFileSync('cat', [`${key(name)}.pub`], { encoding: 'utf8' }).trim()
  })
  mkdirSync(join(lab.dir, 'trust'))
  lab.write('trust/allowed_signers', `${BOB} ${keyed[0]}\n`)
  lab.write('policy.yaml', BY_KEY)
  const project = await lab.code()
  const { plan, digest } = await inLab(lab, project.plan({ workflow: 'workflow.yaml' }))
  const decide = (file: string) => inLab(lab, project.decide({ decision: 'approve', plan, digest, key: { file } }))
  await expect(decide(key('mallory'))).rejects.toMatchObject({ name: 'EosflowError' })
  await expect(decide(key('nobody'))).rejects.toMatchObject({ name: 'InputError' })
  expect(await decide(key('bob'))).toMatchObject({ approver: BOB, enough: true })
  const { execution } = await inLab(lab, project.start({ plan }))
  expect(await inLab(lab, project.settled(execution))).toMatchObject({ outcome: 'succeeded' })
  expect(lab.whereIs('leaf1')).toBe('AFTER')
})
