import { execFile, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { exits, temporaryFolder } from '../lab/lab.ts'
import { AUDIENCE } from '../project/identity/test-provider.ts'
import { hasVlan, LEAVES, type Office, openOffice } from './office.ts'

const run = promisify(execFile)
const APPROVER = 'ben@example.com'

const isThere = (program: string, ...argv: readonly string[]) => spawnSync(program, argv).error === undefined
const missing = ['curl', 'ssh-keygen'].filter((program) => !isThere(program, '-h'))
if (missing.length > 0)
  process.stderr.write(`NOT TRIED: clients of the API, since there is no ${missing.join(', no ')} here\n`)

/** Where openapi-typescript and openapi-fetch are installed, outside of the project (`.ci/run` does it). */
const CLIENT = process.env.EOSFLOW_OPENAPI_CLIENT ?? ''
const isGenerator = existsSync(join(CLIENT, 'node_modules/openapi-typescript'))
if (!isGenerator)
  process.stderr.write(
    'NOT TRIED: a client that is generated from /openapi.json. EOSFLOW_OPENAPI_CLIENT names no folder with it: npm install --prefix FOLDER openapi-typescript@7.13.0 openapi-fetch@0.17.0 typescript@5\n',
  )

/** A key of the approver, which the project trusts. */
async function trustedKey(office: Office) {
  const folder = temporaryFolder()
  const key = join(folder, 'id')
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ben', '-f', key])
  const [type, text] = readFileSync(`${key}.pub`, 'utf8').split(' ')
  office.write('trust/allowed_signers', `${APPROVER} namespaces="approval@eosflow" ${type} ${text}\n`)
  return key
}

/** A new token of the pipeline, as curl gets it from the provider. */
async function newToken({ provider: { issuer } }: Office) {
  const fields = ['grant_type=client_credentials', `resource=${AUDIENCE}`, 'scope=eosflow:plan eosflow:run']
  const argv = ['-sS', '-u', 'robot:robot-secret-0123456789', ...fields.flatMap((field) => ['--data-urlencode', field])]
  const { stdout } = await run('curl', [...argv, `${issuer}/token`])
  return String((JSON.parse(stdout) as { readonly access_token: string }).access_token)
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>
}

/** What curl is told, by nothing but the description of the server. */
async function curlOf({ origin }: Office, token: () => Promise<string>) {
  const { stdout } = await run('curl', ['-sS', `${origin}/openapi.json`])
  const document = JSON.parse(stdout) as Document
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { operationId }]) => [operationId, { method: method.toUpperCase(), path }] as const,
    ),
  )
  const argvFor = async (id: string, parts: Readonly<Record<string, string>>, query = '') => {
    const { method, path } = Object.fromEntries(operations)[id] ?? { method: '', path: `no operation ${id}` }
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''))
    return ['-sS', '-X', method, '-H', `Authorization: Bearer ${await token()}`, `${origin}${filled}${query}`]
  }
  const curl = async (
    id: string,
    parts: Readonly<Record<string, string>> = {},
    body?: object,
    ...more: readonly string[]
  ) => {
    const sent =
      body === undefined ? [] : ['-H', 'Content-Type: application/json', '--data-binary', JSON.stringify(body)]
    const { stdout: answered } = await run('curl', [
      ...(await argvFor(id, parts)),
      ...sent,
      ...more,
      '-w',
      '\n%{http_code}',
    ])
    const [text = '', status = ''] = [
      answered.slice(0, answered.lastIndexOf('\n')),
      answered.slice(answered.lastIndexOf('\n') + 1),
    ]
    return { status: Number(status), json: JSON.parse(text) as Readonly<Record<string, unknown>> }
  }
  /** Watches by server-sent events until the view of the execution says that it has ended: all members of it that were sent. */
  const watch = async (execution: string): Promise<Readonly<Record<string, unknown>>> => {
    const child = spawn('curl', ['-N', ...(await argvFor('getStream', {}, `?topics=execution:${execution}`))])
    onTestFinished(() => void child.kill())
    let view: Record<string, unknown> = {}
    let text = ''
    for await (const piece of child.stdout) {
      const frames = (text + String(piece)).split('\n\n')
      text = frames.pop() ?? ''
      for (const frame of frames) {
        const data = /^event: view\n(?:id: .*\n)?data: (.*)$/m.exec(frame)?.[1]
        if (data !== undefined) view = { ...view, ...JSON.parse(data) }
      }
      if (view.status === 'ended') break
    }
    child.kill()
    return view
  }
  return { curl, watch }
}

/** RFC 8785 for what a statement holds. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

interface Terms {
  readonly store: string
  readonly policy: string
  readonly seconds: number
}

function statementFor(plan: string, { store, policy, seconds }: Terms) {
  const now = Date.now()
  return {
    v: 3,
    kind: 'eosflow.approval',
    plan,
    store,
    decision: 'approve',
    approver: { issuer: 'ssh', id: APPROVER, kind: 'person', auth: 'ssh' },
    notBefore: new Date(now).toISOString(),
    expires: new Date(now + seconds * 1000).toISOString(),
    maxRuns: 1,
    nonce: randomBytes(16).toString('hex'),
    comment: 'CHG-1234',
    policy,
  }
}

async function signed(key: string, statement: object) {
  const file = `${key}.statement`
  writeFileSync(file, canonical(statement))
  await run('ssh-keygen', ['-Y', 'sign', '-q', '-n', 'approval@eosflow', '-f', key, file])
  const signature = { kind: 'ssh', armored: readFileSync(`${file}.sig`, 'utf8') }
  rmSync(`${file}.sig`)
  return { version: 1, kind: 'eosflow.approval-file', statement, signature }
}

test.skipIf(missing.length > 0)(
  '[G32] curl plans, brings an approval that an SSH key has signed, starts and watches a change, by the description of the server alone',
  async () => {
    const office = await openOffice({ stableFor: '1s' })
    const key = await trustedKey(office)
    const { curl, watch } = await curlOf(office, () => newToken(office))
    const asked = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 160, label: 'CURL' } }
    const made = await curl('postPlans', {}, asked)
    expect([made.status, made.json.execution]).toEqual([202, expect.any(String)])
    expect(await watch(String(made.json.execution))).toMatchObject({ outcome: 'planned', plan: { changed: 4 } })
    const planned = await curl('getExecutionsId', { id: String(made.json.execution) })
    const digest = String(planned.json.plan)
    const { status, json: plan } = await curl('getPlansDigest', { digest })
    expect([status, plan.digest]).toEqual([200, digest])

    // Without the approval nothing is sent; a signature over another statement approves nothing.
    const statement = statementFor(digest, plan.terms as Terms)
    const forged = { ...(await signed(key, statement)), statement: { ...statement, maxRuns: 9 } }
    const refused = await curl('postPlansPlanDecisions', { plan: digest }, { signed: forged })
    expect([refused.status, refused.json.kind]).toEqual([409, 'not-approved'])
    expect(hasVlan(office, 160, ...LEAVES)).toEqual([false, false, false, false])

    const decided = await curl('postPlansPlanDecisions', { plan: digest }, { signed: await signed(key, statement) })
    expect([decided.status, decided.json]).toMatchObject([200, { decision: 'approve', by: APPROVER }])
    const begun = await curl('postPlansPlanExecutions', { plan: digest }, {}, '-H', 'Idempotency-Key: CHG-1234')
    expect(begun.status).toBe(202)
    const ended = await watch(String(begun.json.execution))
    expect([ended.outcome, (ended.waves as readonly object[]).length]).toEqual(['succeeded', 3])
    expect(hasVlan(office, 160, ...LEAVES)).toEqual([true, true, true, true])
    const again = await curl('postPlansPlanExecutions', { plan: digest }, {}, '-H', 'Idempotency-Key: CHG-1234')
    expect([again.status, again.json]).toMatchObject([200, { execution: begun.json.execution, known: true }])
    office.server.kill('SIGTERM')
    await exits(0, office.server.ended)
  },
)

test.skipIf(missing.length > 0 || !isGenerator)(
  '[G32] a client that is generated from the description does the same, and its types fit',
  async () => {
    const office = await openOffice({ stableFor: '1s' })
    const key = await trustedKey(office)
    const folder = temporaryFolder()
    const program = (name: string) => join(CLIENT, 'node_modules', name)
    symlinkSync(join(CLIENT, 'node_modules'), join(folder, 'node_modules'))
    await run('curl', ['-sS', '-o', join(folder, 'openapi.json'), `${office.origin}/openapi.json`])
    const generate = [
      program('openapi-typescript/bin/cli.js'),
      'openapi.json',
      '--default-non-nullable=false',
      '-o',
      'api.d.ts',
    ]
    await run(process.execPath, generate, { cwd: folder })
    copyFileSync(fileURLToPath(new URL('openapi-client/drive.mts.txt', import.meta.url)), join(folder, 'drive.mts'))
    const compile = [
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--lib',
      'es2023,dom,dom.asynciterable',
      '--types',
      'node',
    ]
    const roots = ['--typeRoots', fileURLToPath(new URL('../../node_modules/@types', import.meta.url))]
    const compiled = await run(process.execPath, [program('typescript/bin/tsc'), ...compile, ...roots, 'drive.mts'], {
      cwd: folder,
    }).catch((error: { readonly stdout: string }) => error)
    expect(compiled.stdout).toBe('')
    const tokens = await Promise.all([0, 1, 2].map(() => newToken(office)))
    const env = { ...process.env, ORIGIN: office.origin, TOKENS: tokens.join(' '), KEY: key, APPROVER }
    const { stdout } = await run(process.execPath, ['drive.mjs'], { cwd: folder, env })
    expect(JSON.parse(stdout)).toMatchObject({ changed: 4, by: APPROVER, outcome: 'succeeded' })
    expect(hasVlan(office, 161, ...LEAVES)).toEqual([true, true, true, true])
    office.server.kill('SIGTERM')
    await exits(0, office.server.ended)
  },
)
