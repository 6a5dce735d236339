import { describe, expect, onTestFinished, test } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import { Secret } from '../../../src/model/secret.ts'
import type { VaultLogin } from '../../../src/model/secret-reference.ts'
import { openSecrets, type ResolvedReference, type Secrets } from '../../../src/project/secret/secrets.ts'
import {
  exchange,
  type VaultAnswer,
  type VaultEndpoint,
  type VaultRequest,
} from '../../../src/project/secret/vault/exchange.ts'
import { type KeptFields, openVault, type Vault, vaultRefusal } from '../../../src/project/secret/vault/vault.ts'
import { hasOpenssl, makeCertificates } from '../../eos/transport/eapi/test-certificates.ts'
import { table } from '../../table.ts'
import { startVault, type VaultServer } from './vault-server.ts'

const ROOT = 'hvs.operator-token-1'
const JWT = 'eyJhbGciOiJFUzI1NiJ9.job-of-main.signature'
const LEAF1 = `\${vault:kv/data/net/leaf1#password}`
const MINUTE = 60_000

interface Bed {
  readonly vault: VaultServer
  readonly secrets: Secrets
  readonly registered: { readonly value: string; readonly name: string }[]
  readonly resolved: ResolvedReference[]
}

interface Given {
  readonly login?: VaultLogin
  readonly endpoint?: Partial<VaultEndpoint>
  readonly caller?: Secret
}

/** A Vault with a secret of two versions, and the secrets of a command that has its token. */
async function bed({ login, endpoint = {}, caller }: Given = {}, vault?: VaultServer): Promise<Bed> {
  const server = vault ?? (await startVault())
  onTestFinished(() => server.close())
  const { state } = server
  const policies = ['kv/data/net', 'kv1/', 'ldap/', 'sys/leases/revoke']
  state.tokens.set(ROOT, { policies, until: 0, renewable: false, max: 0 })
  state.roles.set('eosflow', { policies, ttl: 1200, renewable: true, max: 7200 })
  state.jwts.set(JWT, 'eosflow')
  state.appRoles.set('eosflow', 'approle-secret-id-1')
  state.kv.set('kv/data/net/leaf1', [
    { data: { password: 'first-password' } },
    { data: { password: 'second-password', n: 7 } },
  ])
  const registered: Bed['registered'][number][] = []
  const resolved: ResolvedReference[] = []
  const ports = {
    env: { VAULT_TOKEN: ROOT, JWT, SECRET_ID: 'approle-secret-id-1' },
    exec: {},
    now: () => state.now,
    register: (secret: Secret, name: string) => void registered.push({ value: secret.reveal(), name }),
    resolved: async (one: ResolvedReference) => void resolved.push(one),
  }
  const elsewhere = openSecrets(ports)
  const secrets = openSecrets({
    ...ports,
    vault: openVault({
      login: login ?? { method: 'token', token: `\${env:VAULT_TOKEN}` },
      now: ports.now,
      register: ports.register,
      resolve: (reference) => elsewhere.resolve(reference),
      callerToken: async () => caller,
      send: (request) => exchange({ address: server.address, ...endpoint }, request),
    }),
  })
  return { vault: server, secrets, registered, resolved }
}

async function failure(work: Promise<unknown>): Promise<EosflowError> {
  const thrown: unknown = await work.then(
    (value) => value,
    (error: unknown) => error,
  )
  if (thrown instanceof EosflowError) return thrown
  throw new Error(`expected an error, got ${String(thrown)}`)
}

const lines = ({ vault }: Bed) => vault.requests.map(({ line }) => line)
const vaultRef = (text: string) => `\${vault:${text}}`
const jwtLogin: VaultLogin = { method: 'jwt', mount: 'jwt', role: 'eosflow', token: `\${env:JWT}` }

describe('a secret in Vault', () => {
  test('of KV version 2 is read in its newest version, or in the one that is pinned', async () => {
    const here = await bed()
    expect((await here.secrets.resolve(LEAF1)).reveal()).toBe('second-password')
    expect((await here.secrets.resolve(vaultRef('kv/data/net/leaf1#password@1'))).reveal()).toBe('first-password')
    expect(lines(here)).toEqual([
      'GET /v1/auth/token/lookup-self',
      'GET /v1/kv/data/net/leaf1',
      'GET /v1/kv/data/net/leaf1?version=1',
    ])
    expect(here.vault.requests.every(({ token }) => token === ROOT)).toBe(true)
    expect(here.resolved).toEqual([
      { reference: `\${env:VAULT_TOKEN}` },
      { reference: LEAF1, version: 2 },
      { reference: vaultRef('kv/data/net/leaf1#password@1'), version: 1 },
    ])
    expect(here.registered.map(({ value }) => value)).toEqual([ROOT, 'second-password', 'first-password'])
  })

  test('of KV version 1, and of a role whose password Vault rotates, is read as it is', async () => {
    const here = await bed()
    here.vault.state.kv1.set('kv1/net', { password: 'plain-engine', ttl: 60 })
    expect((await here.secrets.resolve(vaultRef('kv1/net#password'))).reveal()).toBe('plain-engine')
    expect(await here.secrets.goodUntil(vaultRef('kv1/net#password'), Number.MAX_SAFE_INTEGER)).toBeUndefined()
    const rotated = vaultRef('ldap/static-cred/eosflow#password')
    expect((await here.secrets.resolve(rotated)).reveal()).toBe('rotated-by-vault-1')
    expect(await here.secrets.goodUntil(rotated, 0)).toBe(here.vault.state.now + 600_000)
  })

  test('of another version than the pinned one is not taken', async () => {
    const proxied = openSecrets({
      env: {},
      exec: {},
      now: () => 0,
      register: () => undefined,
      vault: openVault({
        login: { method: 'token', token: '' },
        now: () => 0,
        register: () => undefined,
        resolve: async () => new Secret(ROOT),
        callerToken: async () => undefined,
        send: async ({ path }) => ({
          status: 200,
          body: path.startsWith('kv')
            ? { data: { data: { password: 'second-password' }, metadata: { version: 2 } } }
            : {},
        }),
      }),
    })
    const error = await failure(proxied.resolve(vaultRef('kv/data/net/leaf1#password@1')))
    expect(error.message).toBe('Vault gives another version of kv/data/net/leaf1 than 1')
  })

  test('is asked for in its namespace', async () => {
    const here = await bed({ endpoint: { namespace: 'net/dc1' } })
    here.vault.state.namespace = 'net/dc1'
    expect((await here.secrets.resolve(LEAF1)).reveal()).toBe('second-password')
    const elsewhere = await bed({ endpoint: { namespace: 'net/dc2' } })
    elsewhere.vault.state.namespace = 'net/dc1'
    expect((await failure(elsewhere.secrets.resolve(LEAF1))).message).toMatch(/\(404\): no handler for route/)
  })

  type Change = (vault: VaultServer) => void
  const nothing: Change = () => undefined
  const version =
    (one: object): Change =>
    ({ state }) =>
      void state.kv.get('kv/data/net/leaf1')?.push({ data: null, ...one })
  const raw =
    (status: number, headers: Record<string, string>, body: string): Change =>
    (vault) => {
      vault.next = (response) => response.writeHead(status, headers).end(body)
    }
  test.each<[string, string, Change, string, RegExp]>([
    [
      'a version that was deleted',
      'kv/data/net/leaf1#password@3',
      version({ deletionTime: '2026-11-19T10:00:00Z' }),
      'secret',
      /^version 3 of kv\/data\/net\/leaf1 was deleted on 2026-11-19T10:00:00Z$/,
    ],
    [
      'a version that was destroyed',
      'kv/data/net/leaf1#password@3',
      version({ destroyed: true }),
      'secret',
      /^version 3 of kv\/data\/net\/leaf1 was destroyed$/,
    ],
    [
      'a version that never was',
      'kv/data/net/leaf1#password@9',
      nothing,
      'secret',
      /^Vault has nothing for version 9 of kv\/data\/net\/leaf1 \(404\)$/,
    ],
    [
      'a path that is not there',
      'kv/data/net/leaf9#password',
      nothing,
      'secret',
      /^Vault has nothing for kv\/data\/net\/leaf9 \(404\)$/,
    ],
    [
      'a path without `data`',
      'kv/net/leaf1#password',
      ({ state }) => void state.tokens.set(ROOT, { policies: ['kv/'], until: 0, renewable: false, max: 0 }),
      'secret',
      /nothing for kv\/net\/leaf1 \(404\)$/,
    ],
    [
      'a field that is not there',
      'kv/data/net/leaf1#enable',
      nothing,
      'secret',
      /^kv\/data\/net\/leaf1 in Vault has no field enable$/,
    ],
    ['a field of the prototype', 'kv/data/net/leaf1#constructor', nothing, 'secret', /has no field constructor$/],
    ['a field that is no text', 'kv/data/net/leaf1#n', nothing, 'secret', /holds no text in n$/],
    [
      'a version where there are none',
      'kv1/net#password@2',
      ({ state }) => void state.kv1.set('kv1/net', { password: 'x' }),
      'secret',
      /^kv1\/net in Vault has no versions, so version 2 cannot be asked for$/,
    ],
    [
      'a path that the policies do not allow',
      'kv/data/other#password',
      nothing,
      'secret',
      /^Vault denies kv\/data\/other \(403\): 1 error occurred: \* permission denied$/,
    ],
    [
      'a token that Vault does not know',
      'kv/data/net/leaf1#password',
      ({ state }) => state.tokens.clear(),
      'secret',
      /^Vault denies the token of the settings \(403\): 2 errors occurred: \* permission denied \* invalid token$/,
    ],
    [
      'a Vault that is sealed',
      'kv/data/net/leaf1#password',
      ({ state }) => {
        state.sealed = true
      },
      'unreachable',
      /^Vault is sealed or in maintenance \(503\): Vault is sealed$/,
    ],
    [
      'a Vault that is limited',
      'kv/data/net/leaf1#password',
      raw(429, {}, '{"errors":["request path \\"kv/data\\": rate limit quota exceeded"]}'),
      'unreachable',
      /cannot answer the token of the settings now \(429\): request path/,
    ],
    [
      'a redirect',
      'kv/data/net/leaf1#password',
      raw(307, { location: 'http://127.0.0.1:1/' }, ''),
      'secret',
      /it redirects \(307\), which is not followed$/,
    ],
    [
      'an answer that is no JSON',
      'kv/data/net/leaf1#password',
      raw(200, {}, '<html>'),
      'secret',
      /its answer \(200\) is no JSON$/,
    ],
    ['an answer that is a list', 'kv/data/net/leaf1#password', raw(200, {}, '[]'), 'secret', /is no JSON object$/],
    [
      'an answer of 64 KiB and more',
      'kv/data/net/leaf1#password',
      raw(200, {}, ' '.repeat(65_537)),
      'secret',
      /longer than 65536 bytes$/,
    ],
    [
      'a connection that is cut',
      'kv/data/net/leaf1#password',
      (vault) => {
        vault.next = (response) => response.destroy()
      },
      'unreachable',
      /does not answer: ECONNRESET$/,
    ],
  ])('%s is said plainly', async (_what, reference, change, kind, message) => {
    const here = await bed()
    change(here.vault)
    const error = await failure(here.secrets.resolve(vaultRef(reference)))
    expect(error.message).toMatch(message)
    expect(error.kind).toBe(kind)
    expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/hvs\.|-password/)
  })

  test('is asked for again once Vault answers: a failure is not kept', async () => {
    const here = await bed()
    here.vault.state.sealed = true
    await failure(here.secrets.resolve(LEAF1))
    here.vault.state.sealed = false
    expect((await here.secrets.resolve(LEAF1)).reveal()).toBe('second-password')
  })

  test('nobody listens there: unreachable, so that a read is tried again', async () => {
    const here = await bed()
    await here.vault.close()
    const error = await failure(here.secrets.resolve(LEAF1))
    expect([error.kind, error.retryable]).toEqual(['unreachable', true])
    expect(error.message).toMatch(/does not answer: ECONNREFUSED$/)
  })
})

test('an answer that does not come, or does not end, is not waited for', async () => {
  const vault = await startVault()
  onTestFinished(() => vault.close())
  const ask = () => failure(exchange({ address: vault.address }, { method: 'GET', path: 'kv/data/net' }, 50))
  vault.next = () => undefined
  expect((await ask()).message).toMatch(/does not answer: no whole answer in time$/)
  vault.next = (response) => void response.writeHead(200).write('{')
  const error = await ask()
  expect([error.kind, error.message]).toEqual(['unreachable', expect.stringMatching(/no whole answer in time$/)])
})

describe('logging in to Vault', () => {
  test('with a JWT: one login for many secrets, and its token is given back', async () => {
    const here = await bed({ login: jwtLogin })
    await Promise.all([here.secrets.resolve(LEAF1), here.secrets.resolve(vaultRef('kv/data/net/leaf1#password@1'))])
    expect(here.vault.requests[0]).toMatchObject({
      line: 'POST /v1/auth/jwt/login',
      token: undefined,
      type: 'application/json',
      body: { role: 'eosflow', jwt: JWT },
    })
    expect(lines(here).filter((line) => line.includes('login'))).toHaveLength(1)
    expect(here.registered).toContainEqual({ value: 'hvs.CAESI-eosflow-2', name: 'the token of Vault' })
    expect(await here.secrets.close()).toEqual([])
    expect(lines(here).at(-1)).toBe('POST /v1/auth/token/revoke-self')
    expect(here.vault.state.revoked).toEqual(['token'])
  })

  test('with the token of the caller, or not at all', async () => {
    const { Secret: Value } = await import('../../../src/model/secret.ts')
    const caller = await bed({ login: { ...jwtLogin, token: 'caller' }, caller: new Value(JWT) })
    expect((await caller.secrets.resolve(LEAF1)).reveal()).toBe('second-password')
    const nobody = await bed({ login: { ...jwtLogin, token: 'caller' } })
    const error = await failure(nobody.secrets.resolve(LEAF1))
    expect(error.message).toBe('Vault is to be asked as the caller, and nobody has logged in')
    expect(nobody.vault.requests).toEqual([])
  })

  test('as an AppRole', async () => {
    const login: VaultLogin = { method: 'approle', mount: 'approle', roleId: 'eosflow', secretId: `\${env:SECRET_ID}` }
    const here = await bed({ login })
    expect((await here.secrets.resolve(LEAF1)).reveal()).toBe('second-password')
    expect(here.vault.requests[0]?.body).toEqual({ role_id: 'eosflow', secret_id: 'approle-secret-id-1' })
    const wrong = await bed({ login: { ...login, roleId: 'other' } })
    expect((await failure(wrong.secrets.resolve(LEAF1))).message).toBe(
      'Vault refuses the login at auth/approle/login: invalid role or secret ID',
    )
  })

  test.each([
    [{ ...jwtLogin, role: 'admin' }, /refuses the login at auth\/jwt\/login: role "admin" could not be found$/],
    [{ ...jwtLogin, token: `\${env:SECRET_ID}` }, /error validating token: invalid audience/],
    [{ ...jwtLogin, mount: 'gitlab' }, /nothing for the login at auth\/gitlab\/login \(404\)/],
  ])('with what Vault does not take: %#', async (login, message) => {
    const here = await bed({ login })
    const error = await failure(here.secrets.resolve(LEAF1))
    expect(error.kind).toBe('secret')
    expect(error.message).toMatch(message)
    expect(error.message).not.toContain('approle-secret-id-1')
  })

  test.each([
    ['nothing', '{}'],
    ['a token that is empty', '{"auth":{"client_token":"","lease_duration":1200}}'],
    ['a token that is no text', '{"auth":{"client_token":7,"lease_duration":1200}}'],
  ])('with %s for an answer', async (_what, body) => {
    const here = await bed({ login: jwtLogin })
    here.vault.next = (response) => response.writeHead(200).end(body)
    const error = await failure(here.secrets.resolve(LEAF1))
    expect([error.kind, error.message]).toEqual(['secret', 'Vault answers the login at auth/jwt/login without a token'])
  })

  test('anew when the token is about to end; the token of the settings is not ended', async () => {
    const here = await bed({ login: jwtLogin })
    await here.secrets.resolve(LEAF1)
    here.vault.state.now += 1195_000
    await here.secrets.resolveAgain(LEAF1)
    expect(lines(here).filter((line) => line.includes('login'))).toHaveLength(2)
    const own = await bed()
    await own.secrets.resolve(LEAF1)
    expect(await own.secrets.close()).toEqual([])
    expect(own.vault.state.tokens.has(ROOT)).toBe(true)
  })
})

/** By Vault's table of status codes ("HTTP API", "HTTP status codes"; "/sys/health" for 472 and 473). */
test.for(table`
  400  secret       Vault refuses a thing: because
  403  secret       Vault denies a thing (403): because
  404  secret       Vault has nothing for a thing (404): because
  405  secret       Vault cannot be asked that way: a thing (405)
  411  secret       Vault answers a thing with 411: because
  412  unreachable  Vault cannot answer a thing now (412): because
  413  secret       Vault answers a thing with 413: because
  428  secret       Vault answers a thing with 428: because
  429  unreachable  Vault cannot answer a thing now (429): because
  430  secret       Vault answers a thing with 430: because
  471  secret       Vault answers a thing with 471: because
  472  unreachable  Vault cannot answer a thing now (472): because
  473  unreachable  Vault cannot answer a thing now (473): because
  474  secret       Vault answers a thing with 474: because
  499  secret       Vault answers a thing with 499: because
  500  unreachable  Vault cannot answer a thing now (500): because
  502  unreachable  Vault cannot answer a thing now (502): because
  503  unreachable  Vault is sealed or in maintenance (503): because
  504  unreachable  Vault cannot answer a thing now (504): because
`)('the status %s of Vault is %s', ([status, kind, message]) => {
  const error = vaultRefusal('a thing', { status: Number(status), body: { errors: ['because', 'and more'] } })
  expect([error.kind, error.retryable, error.message]).toEqual([kind, kind === 'unreachable', message])
})

describe('a secret of KV version 2 that is rotated', () => {
  type Sent = Pick<VaultRequest, 'method' | 'path' | 'body'>
  const PATH = 'kv/data/net/leaf1'
  const OTHER = 'check-and-set parameter did not match the current version'

  /** A Vault that gives these answers to whoever has its token, and what it was sent. */
  function answering(status: number, body: VaultAnswer['body']): { readonly vault: Vault; readonly sent: Sent[] } {
    const sent: Sent[] = []
    const vault = openVault({
      login: { method: 'token', token: '' },
      now: () => 0,
      register: () => undefined,
      resolve: async () => new Secret(ROOT),
      callerToken: async () => undefined,
      send: async ({ token: _token, ...request }) => {
        if (request.path === 'auth/token/lookup-self') return { status: 200, body: {} }
        sent.push(request)
        if (status === 0) throw new EosflowError('unreachable', 'Vault does not answer', { retryable: true })
        if (status === 1) throw new EosflowError('secret', 'its TLS is refused')
        return { status, body }
      },
    })
    return { vault, sent }
  }

  test.each<[string, number, VaultAnswer['body'], number | undefined]>([
    ['its number', 200, { data: { version: 3 } }, 3],
    ['nothing where the newest version is another one', 400, { errors: [OTHER] }, undefined],
    ['nothing where that is said second', 400, { errors: ['1 error occurred', OTHER] }, undefined],
  ])('gives for a new version %s', async (_what, status, body, given) => {
    const { vault, sent } = answering(status, body)
    expect(await vault.write(PATH, { password: 'new' }, 2)).toBe(given)
    expect(sent).toEqual([{ method: 'POST', path: PATH, body: { options: { cas: 2 }, data: { password: 'new' } } }])
  })

  test.each<[string, number, VaultAnswer['body'], string, string]>([
    ['refused otherwise', 400, { errors: ['no'] }, 'secret', `Vault refuses a new version of ${PATH}: no`],
    ['refused without a word', 400, {}, 'secret', `Vault refuses a new version of ${PATH}`],
    [
      'another one with another status',
      412,
      { errors: [OTHER] },
      'unreachable',
      `Vault cannot answer a new version of ${PATH} now (412): ${OTHER}`,
    ],
    ['denied', 403, { data: { version: 3 } }, 'secret', `Vault denies a new version of ${PATH} (403)`],
    ['taken without its number', 200, {}, 'protocol', `Vault does not say which version of ${PATH} it has written`],
    [
      'taken with a number that is a text',
      200,
      { data: { version: '3' } },
      'protocol',
      `Vault does not say which version of ${PATH} it has written`,
    ],
    ['not answered', 0, {}, 'lost-answer', 'Vault does not answer'],
    ['not sent', 1, {}, 'secret', 'its TLS is refused'],
  ])('a new version that is %s is no success', async (_what, status, body, kind, message) => {
    const error = await failure(answering(status, body).vault.write(PATH, { password: 'new' }, 2))
    expect([error.kind, error.message]).toEqual([kind, message])
  })

  test.each<[string, number, VaultAnswer['body'], KeptFields]>([
    [
      'its fields',
      200,
      { data: { data: { password: 'a' }, metadata: { version: 2 } } },
      { version: 2, fields: { password: 'a' } },
    ],
    ['none where there never was one', 404, {}, { version: 0 }],
    ['none of one that was deleted', 404, { data: { data: null, metadata: { version: 4 } } }, { version: 4 }],
  ])('is read: %s', async (_what, status, body, kept) => {
    expect(await answering(status, body).vault.fields(PATH)).toEqual(kept)
  })

  test.each<[string, number, VaultAnswer['body'], string, string]>([
    ['denied', 403, {}, 'secret', `Vault denies ${PATH} (403)`],
    ['of an engine without versions', 200, { data: { password: 'a' } }, 'secret', `${PATH} in Vault has no versions`],
    [
      'with a version that is a text',
      200,
      { data: { data: { password: 'a' }, metadata: { version: '2' } } },
      'secret',
      `${PATH} in Vault has no versions`,
    ],
  ])('is not read: %s', async (_what, status, body, kind, message) => {
    const error = await failure(answering(status, body).vault.fields(PATH))
    expect([error.kind, error.message]).toEqual([kind, message])
  })

  test('loses one version for good, or says why not', async () => {
    const { vault, sent } = answering(204, {})
    await vault.destroy(PATH, 2)
    expect(sent).toEqual([{ method: 'POST', path: 'kv/destroy/net/leaf1', body: { versions: [2] } }])
    const denied = await failure(answering(403, {}).vault.destroy(PATH, 2))
    expect(denied.message).toBe(`Vault denies the end of version 2 of ${PATH} (403)`)
    expect((await failure(answering(300, {}).vault.destroy(PATH, 2))).kind).toBe('secret')
    expect((await failure(answering(0, {}).vault.destroy(PATH, 2))).kind).toBe('lost-answer')
  })
})

describe('a lease', () => {
  const DYNAMIC = vaultRef('ldap/creds/eosflow#password')

  test('that is long enough is left alone; one that is not is renewed, and given back', async () => {
    const here = await bed()
    const { state } = here.vault
    expect((await here.secrets.resolve(DYNAMIC)).reveal()).toBe('dynamic-password-1')
    expect(await here.secrets.goodUntil(DYNAMIC, state.now + 30 * MINUTE)).toBe(state.now + 60 * MINUTE)
    expect(await here.secrets.goodUntil(DYNAMIC, state.now + 90 * MINUTE)).toBe(state.now + 90 * MINUTE)
    expect(
      here.vault.requests.filter(({ line }) => line === 'PUT /v1/sys/leases/renew').map(({ body }) => body),
    ).toEqual([{ lease_id: 'ldap/creds/eosflow/lease1', increment: 5400 }])
    expect(await here.secrets.close()).toEqual([])
    expect(state.revoked).toEqual(['ldap/creds/eosflow/lease1'])
  })

  test('is no longer than Vault grants, than Vault renews, and than the token that has it', async () => {
    const short = await bed()
    short.vault.state.lease = { seconds: 600, max: 900, renewable: true }
    const start = short.vault.state.now
    expect(await short.secrets.goodUntil(DYNAMIC, start + 60 * MINUTE)).toBe(start + 900_000)
    const fixed = await bed()
    fixed.vault.state.lease = { seconds: 600, max: 900, renewable: false }
    expect(await fixed.secrets.goodUntil(DYNAMIC, start + 60 * MINUTE)).toBe(start + 600_000)
    const ofToken = await bed({ login: jwtLogin })
    // The token is renewed to two hours, which are all that its role allows; the lease alone would live longer.
    expect(await ofToken.secrets.goodUntil(DYNAMIC, start + 300 * MINUTE)).toBe(start + 120 * MINUTE)
    expect(lines(ofToken)).toContain('POST /v1/auth/token/renew-self')
  })

  test('that has ended is followed by another', async () => {
    const here = await bed()
    await here.secrets.resolve(DYNAMIC)
    here.vault.state.now += 61 * MINUTE
    expect((await here.secrets.resolve(DYNAMIC)).reveal()).toBe('dynamic-password-2')
  })

  test('ends with the token that it was given to, and another is taken when that was replaced', async () => {
    const here = await bed({ login: jwtLogin })
    const { state } = here.vault
    state.roles.set('eosflow', { policies: ['ldap/'], ttl: 1200, renewable: true, max: 7200 })
    expect((await here.secrets.resolve(DYNAMIC)).reveal()).toBe('dynamic-password-1')
    state.now += 1195_000
    expect(await here.secrets.goodUntil(DYNAMIC, state.now + 30 * MINUTE)).toBe(state.now + 30 * MINUTE)
    expect((await here.secrets.resolve(DYNAMIC)).reveal()).toBe('dynamic-password-2')
    const [, second] = [...state.leases.values()]
    expect([...state.tokens.keys()].indexOf(second?.token ?? '')).toBe(2)
  })

  test('that was renewed is not asked for again before its new end, though Vault be silent', async () => {
    const here = await bed()
    const { state } = here.vault
    expect(await here.secrets.goodUntil(DYNAMIC, state.now + 90 * MINUTE)).toBe(state.now + 90 * MINUTE)
    state.now += 80 * MINUTE
    state.sealed = true
    expect((await here.secrets.resolve(DYNAMIC)).reveal()).toBe('dynamic-password-1')
  })

  test('that cannot be given back is named', async () => {
    const here = await bed()
    await here.secrets.resolve(DYNAMIC)
    here.vault.state.tokens.set(ROOT, { policies: ['ldap/'], until: 0, renewable: false, max: 0 })
    expect(await here.secrets.close()).toEqual([
      'Vault could not be given back the lease ldap/creds/eosflow/lease1: Vault denies it (403): 1 error occurred: * permission denied; it ends by itself',
    ])
    expect(await here.secrets.close()).toEqual([])
  })

  test('that people have noted in the metadata of a secret is believed', async () => {
    const here = await bed()
    here.vault.state.customMetadata.set('kv/data/net/leaf1', { valid_until: '2026-11-20T12:10:00Z' })
    expect(await here.secrets.goodUntil(LEAF1, 0)).toBe(Date.parse('2026-11-20T12:10:00Z'))
    here.vault.state.customMetadata.set('kv/data/net/leaf1', { valid_until: 'next week', owner: 'net' })
    await here.secrets.resolveAgain(LEAF1)
    expect(await here.secrets.goodUntil(LEAF1, 0)).toBeUndefined()
  })
})

describe.runIf(hasOpenssl)('over TLS (needs the openssl command)', () => {
  test('Vault is trusted by the authority of the settings, and by no other', async () => {
    const made = makeCertificates()
    const good = await bed({ endpoint: { ca: made.authority } }, await startVault(made.signed))
    expect((await good.secrets.resolve(LEAF1)).reveal()).toBe('second-password')
    const refusals = [
      [
        await bed({}, await startVault(made.signed)),
        'SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER',
      ],
      [
        await bed({ endpoint: { ca: made.otherAuthority } }, await startVault(made.signed)),
        'UNABLE_TO|SELF_SIGNED|CERT_SIGNATURE',
      ],
      [
        await bed({ endpoint: { ca: made.authority } }, await startVault(made.misnamed)),
        'ERR_TLS_CERT_ALTNAME_INVALID',
      ],
    ] as const
    for (const [here, code] of refusals) {
      const error = await failure(here.secrets.resolve(LEAF1))
      expect(error.message).toMatch(new RegExp(`its TLS is refused: .*(?:${code})`))
      expect(error.kind).toBe('secret')
      expect(here.vault.requests).toEqual([])
    }
  })
})
