import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { EosflowError } from '../../../src/model/error.ts'
import type { Issuer } from '../../../src/model/principal.ts'
import { Secret } from '../../../src/model/secret.ts'
import { missingMcpScope } from '../../../src/project/identity/oidc/provider-fetch.ts'
import { type KeySets, keySets, verifyToken } from '../../../src/project/identity/oidc/verify-token.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { type Claims, type KeyServer, type Minting, startKeyServer } from './test-provider.ts'

/** 20 November 2026, 06:00:00 UTC. */
const NOW = 1_795_154_400
const AUDIENCE = 'https://eosflow.example/api'

let server: KeyServer
let shared: { readonly keys: KeySets; readonly folder: string }
beforeAll(async () => {
  server = await startKeyServer()
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-keys-'))
  shared = { folder, keys: keySets({ folder: join(folder, 'eosflow') }) }
})
afterAll(async () => {
  await server.close()
  rmSync(shared.folder, { recursive: true })
})

const issuer = (more: Partial<Issuer> = {}): Issuer => ({
  name: 'corp',
  issuer: server.issuer,
  audience: AUDIENCE,
  kind: 'person',
  clientId: 'eosflow',
  groupsClaim: 'groups',
  scopes: ['openid'],
  approveScope: 'eosflow:approve',
  require: {},
  typ: 'at+jwt',
  clockTolerance: 30,
  maxTokenAge: 86_400,
  resource: true,
  ...more,
})

const claims = (more: Claims = {}): Claims => ({
  iss: server.issuer,
  aud: AUDIENCE,
  sub: '00u1',
  client_id: 'eosflow',
  iat: NOW - 60,
  exp: NOW + 600,
  groups: ['netops', 'two\nlines', 7],
  ...more,
})

const clock = { now: () => NOW * 1000, monotonic: () => 0, sleep: async () => undefined }
const verify = (token: string, issuers: readonly Issuer[] = [issuer()], keys = shared.keys) =>
  verifyToken(new Secret(token), issuers, { keys, clock })
const mint = (more: Claims = {}, minting: Minting = {}) => server.mint(claims(more), { typ: 'at+jwt', ...minting })

async function refusal(
  token: Promise<string> | string,
  issuers?: readonly Issuer[],
  keys?: KeySets,
): Promise<EosflowError> {
  const text = await token
  const thrown: unknown = await verify(text, issuers, keys).then(
    () => 'it was taken',
    (error: unknown) => error,
  )
  if (!(thrown instanceof EosflowError)) throw thrown
  const said = JSON.stringify([thrown.message, thrown.hint, String(thrown.cause), thrown.stack])
  for (const part of text.split('.').filter((one) => one.length > 20)) expect(said).not.toContain(part)
  return thrown
}

/** A token of other claims, signed by a key that only its maker has. */
async function forged(header: Readonly<Record<string, unknown>>) {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const filled = Object.fromEntries(
    Object.entries(header).map(([name, value]) => [name, value === 'OWN' ? jwk : value]),
  )
  return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...filled }).sign(privateKey)
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token', () => {
  test('of a configured issuer names its person, by which key is known', async () => {
    const { principal, expires, thumbprint } = await verify(await mint({ name: 'Alice', auth_time: NOW - 300 }))
    expect(principal).toEqual({
      issuer: 'corp',
      id: '00u1',
      kind: 'person',
      auth: 'oidc',
      display: 'Alice',
      groups: ['netops'],
      authenticatedAt: '2026-11-20T05:55:00.000Z',
    })
    expect(expires).toBe(1_795_155_000_000)
    expect(thumbprint).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  test('is taken up to 30 seconds after its end, as clocks differ', async () => {
    await expect(verify(await mint({ exp: NOW - 20 }))).resolves.toMatchObject({ principal: { id: '00u1' } })
    expect((await refusal(mint({ exp: NOW - 31 }))).message).toContain('it has expired')
  })

  const cases: readonly (readonly [string, () => Promise<string> | string, string])[] = [
    [
      'a signature of another key under a known kid',
      () => forged({ kid: 'k1' }),
      'its signature is not the one of the issuer',
    ],
    ['an unknown kid', () => forged({ kid: 'k7' }), 'signed with a key that the issuer does not have'],
    [
      'its own key in the header',
      () => forged({ kid: 'k7', jwk: 'OWN' }),
      'signed with a key that the issuer does not have',
    ],
    ['its own address of keys', () => forged({ kid: 'k7', jku: 'http://127.0.0.1:1/keys' }), 'signed with a key that'],
    ['its own certificate', () => forged({ kid: 'k7', x5u: 'http://127.0.0.1:1/cert' }), 'signed with a key that'],
    ['another audience', () => mint({ aud: 'https://other.example/api' }), 'its aud is not the demanded one'],
    ['no audience', () => mint({ aud: undefined }), 'its aud is not the demanded one'],
    ['another type: an ID token', () => mint({}, { typ: 'JWT' }), 'its typ is not the demanded one'],
    ['no type', () => mint({}, { typ: null }), 'its typ is not the demanded one'],
    [
      'no algorithm',
      () => `${encoded({ alg: 'none', typ: 'at+jwt' })}.${encoded(claims())}.`,
      'its signature algorithm is not taken',
    ],
    [
      'a shared key',
      async () => {
        const key = new TextEncoder().encode('k'.repeat(32))
        return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' }).sign(key)
      },
      'its signature algorithm is not taken',
    ],
    ['no end', () => mint({ exp: undefined }), 'its exp is not the demanded one'],
    ['no beginning', () => mint({ iat: undefined }), 'its iat is not the demanded one'],
    ['no subject', () => mint({ sub: undefined }), 'its sub is not the demanded one'],
    [
      'a beginning in the future',
      () => mint({ iat: NOW + 60 }),
      'it holds only from 2026-11-20T06:01:00.000Z on (iat), and the clock here says 2026-11-20T06:00:00.000Z',
    ],
    [
      'not yet',
      () => mint({ nbf: NOW + 60 }),
      'it holds only from 2026-11-20T06:01:00.000Z on (nbf), and the clock here says',
    ],
    [
      'too old',
      () => mint({ iat: NOW - 90_000 }),
      'it was made at 2026-11-19T05:00:00.000Z, longer ago than maxTokenAgeSec lets it be',
    ],
    ['a subject of two lines', () => mint({ sub: 'a\nb' }), 'its subject is not a name'],
    ['a subject that is too long', () => mint({ sub: 'x'.repeat(256) }), 'its subject is not a name'],
    ['another client', () => mint({ client_id: 'grafana' }), 'it was given to another client than eosflow'],
    ['no client', () => mint({ client_id: undefined }), 'it was given to another client than eosflow'],
    ['a client for itself', () => mint({ sub: 'eosflow' }), 'it is of a client, not of a person'],
    ['another issuer', () => mint({ iss: 'https://evil.example' }), 'the settings do not list its issuer'],
    [
      'an issuer that only looks alike',
      () => mint({ iss: `${server.issuer}/` }),
      'the settings do not list its issuer',
    ],
    ['more than 16 KiB', () => mint({ filler: 'x'.repeat(16_384) }), 'it is longer than 16384 characters'],
    ['not a token', () => 'opaque-0123456789', 'it is not a signed token (JWT)'],
    [
      'a demand of the header that nobody knows',
      () => mint({}, { header: { crit: ['exp'], exp: 1 } }),
      'it cannot be read',
    ],
  ]

  test.each(cases)('is refused: %s', async (_, token, why) => {
    const error = await refusal(token())
    expect(error).toMatchObject({ kind: 'not-authorised', retryable: false })
    expect(error.message).toContain(why)
  })

  test('[S12] of a provider with several entries is refused in the name of the one that it was made for', async () => {
    const people = issuer({ name: 'people' })
    const jobs = issuer({ name: 'jobs', audience: 'https://jobs.example' })
    for (const entries of [
      [people, jobs],
      [jobs, people],
    ]) {
      const expired = await verify(await mint({ exp: NOW - 3600 }), entries).catch((error: Error) => error.message)
      expect(expired).toBe(
        'the token of people is not accepted: it has expired, at 2026-11-20T05:00:00.000Z: the clock here says 2026-11-20T06:00:00.000Z',
      )
    }
  })

  test('without typ is for issuers that say so', async () => {
    expect(await verify(await mint({}, { typ: null }), [issuer({ typ: 'any' })])).toMatchObject({
      principal: { issuer: 'corp', id: '00u1', groups: ['netops'], kind: 'person', auth: 'oidc' },
    })
  })

  test('of a provider with several entries is taken by the one whose claims it has', async () => {
    const jobs = ['1', '2'].map((id) =>
      issuer({ name: `job${id}`, kind: 'service', typ: 'JWT', require: { repository_id: id } }),
    )
    const { principal } = await verify(await mint({ repository_id: '2' }, { typ: 'JWT' }), jobs)
    expect(principal).toMatchObject({ issuer: 'job2', kind: 'service' })
  })
})

describe('an agent', () => {
  test('acts for the person that its token is of (RFC 8693)', async () => {
    const token = mint({ act: { sub: 'assistant-7' }, client_id: 'agents', employee_id: 'E100' })
    const { principal } = await verify(await token, [issuer({ personClaim: 'employee_id' })])
    expect(principal).toEqual({
      issuer: 'corp',
      id: 'assistant-7',
      kind: 'agent',
      auth: 'oidc',
      onBehalfOf: { issuer: 'corp', id: '00u1', groups: ['netops'], person: 'E100' },
    })
  })

  test('is known by the claims of the settings', async () => {
    const agents = issuer({ agent: { client_type: 'agent' } })
    const { principal } = await verify(await mint({ client_type: 'agent', client_id: 'agents' }), [agents])
    expect(principal).toMatchObject({ kind: 'agent', id: 'agents', onBehalfOf: { id: '00u1' } })
    await expect(verify(await mint({ client_type: 'human' }), [agents])).resolves.toMatchObject({
      principal: { kind: 'person' },
    })
  })

  test.each([
    ['a truth value', true],
    ['one of a list', ['robot', 'true']],
  ])('is known by a claim that is %s, too: no person comes out of a difference of form', async (_what, claim) => {
    const token = mint({ is_agent: claim })
    const { principal } = await verify(await token, [issuer({ agent: { is_agent: 'true' } })])
    expect(principal).toMatchObject({ kind: 'agent', id: 'eosflow' })
  })

  describe('by a client that speaks MCP', () => {
    const RESOURCE = 'https://eosflow.example/mcp'
    const mcp = { clients: ['claude-desktop', 'inspector'], audience: RESOURCE, scope: 'eosflow:plan' }
    test.each([
      ['its client_id is listed', { client_id: 'claude-desktop' }, 'claude-desktop'],
      ['another claim names a listed client', { azp: 'inspector' }, 'inspector'],
      ['it is made for the address of /mcp', { aud: RESOURCE, client_id: 'unlisted' }, 'unlisted'],
      ['it is made for both addresses, by the client of people', { aud: [AUDIENCE, RESOURCE] }, 'eosflow'],
    ])('is an agent, for the person who has logged in there: %s', async (_what, more, id) => {
      const { principal } = await verify(await mint(more), [issuer({ mcp })])
      expect(principal).toEqual({
        issuer: 'corp',
        id,
        kind: 'agent',
        auth: 'oidc',
        onBehalfOf: { issuer: 'corp', id: '00u1', groups: ['netops'] },
      })
    })

    test('[E12] also where only the published address of /mcp says so, and no audience is written for it', async () => {
      const published = { clients: [], scope: 'eosflow:plan', resource: RESOURCE }
      const { principal } = await verify(await mint({ aud: RESOURCE, client_id: 'found' }), [
        issuer({ mcp: published }),
      ])
      expect(principal).toMatchObject({ kind: 'agent', id: 'found', onBehalfOf: { id: '00u1' } })
    })

    test('and nobody else: a person stays one, and what is for another address is refused', async () => {
      const { principal } = await verify(await mint({}), [issuer({ mcp })])
      expect(principal).toMatchObject({ kind: 'person', id: '00u1' })
      await expect(verify(await mint({ aud: RESOURCE }), [issuer()])).rejects.toThrow('its aud is not the demanded one')
      await expect(verify(await mint({ aud: 'https://other.example' }), [issuer({ mcp })])).rejects.toThrow(
        'its aud is not the demanded one',
      )
      await expect(verify(await mint({ aud: RESOURCE, client_id: undefined }), [issuer({ mcp })])).rejects.toThrow(
        "it is an agent's, and does not say which",
      )
    })

    test.each([
      [{}, undefined],
      [{ scope: 'openid eosflow:plan' }, undefined],
      [{ scp: ['eosflow:plan'] }, undefined],
      [{ scope: 'openid eosflow:planner' }, 'eosflow:plan'],
      [{ scope: '' }, 'eosflow:plan'],
      [{ scp: ['openid'] }, 'eosflow:plan'],
    ])('%j lacks %s', (claimed, lacks) => {
      expect(missingMcpScope(claimed, issuer({ mcp }))).toBe(lacks)
      expect(missingMcpScope(claimed, issuer())).toBe(lacks)
    })
  })

  test('that does not say who it is, is refused, whatever the issuer', async () => {
    expect((await refusal(mint({ act: { iss: 'x' } }))).message).toContain('it is delegated, and does not say to whom')
    const service = issuer({ kind: 'service' })
    const token = mint({ act: { sub: 'assistant-7' } })
    await expect(verify(await token, [service])).resolves.toMatchObject({ principal: { kind: 'agent' } })
  })
})

describe('the person claim', () => {
  const people = (): readonly Issuer[] => [issuer({ personClaim: 'employee_id' })]
  test('is in the principal', async () => {
    await expect(verify(await mint({ employee_id: 100 }), people())).resolves.toMatchObject({
      principal: { person: '100' },
    })
  })
  test('may not be missing: two accounts of one human would be two people', async () => {
    expect((await refusal(mint(), people())).message).toContain('it has no employee_id')
  })
})

describe('a CI job', () => {
  const github = (): Issuer =>
    issuer({
      name: 'github',
      kind: 'service',
      typ: 'JWT',
      require: { repository_id: '123456', ref: 'refs/heads/main' },
    })
  const gitlab = (): Issuer =>
    issuer({
      name: 'gitlab',
      kind: 'service',
      typ: 'JWT',
      require: { project_id: '42', ref_protected: 'true', pipeline_source: 'web' },
    })
  const bare = (entry: Issuer): Issuer => {
    const { clientId: _none, groupsClaim: _neither, ...rest } = entry
    return rest
  }
  const ofGithub = {
    sub: 'repo:acme/network:ref:refs/heads/main',
    repository: 'acme/network',
    repository_id: '123456',
    ref: 'refs/heads/main',
    event_name: 'push',
  }
  const ofGitlab = {
    sub: 'project_path:acme/network:ref_type:branch:ref:main',
    project_path: 'acme/network',
    project_id: '42',
    ref: 'main',
    ref_protected: 'true',
    pipeline_source: 'web',
  }

  test('of GitHub is a service', async () => {
    const { principal } = await verify(await mint(ofGithub, { typ: 'JWT' }), [bare(github())])
    expect(principal).toEqual({
      issuer: 'github',
      id: 'repo:acme/network:ref:refs/heads/main',
      kind: 'service',
      auth: 'oidc',
      display: 'acme/network',
    })
  })

  test('of GitLab is a service', async () => {
    await expect(verify(await mint(ofGitlab, { typ: 'JWT' }), [bare(gitlab())])).resolves.toMatchObject({
      principal: { issuer: 'gitlab', kind: 'service' },
    })
  })

  const lookAlikes: readonly (readonly [string, () => Issuer, Claims, string])[] = [
    ['a fork of the same name', github, { ...ofGithub, repository_id: '999999' }, 'not as required: repository_id'],
    [
      'a number in the place of a string',
      github,
      { ...ofGithub, repository_id: 123456 },
      'not as required: repository_id',
    ],
    ['another branch that begins alike', github, { ...ofGithub, ref: 'refs/heads/main-2' }, 'not as required: ref'],
    ['a tag of that name', github, { ...ofGithub, ref: 'refs/tags/main' }, 'not as required: ref'],
    ['large letters', github, { ...ofGithub, ref: 'refs/heads/Main' }, 'not as required: ref'],
    ['a blank behind', github, { ...ofGithub, ref: 'refs/heads/main ' }, 'not as required: ref'],
    ['a list that holds it', github, { ...ofGithub, ref: ['refs/heads/main'] }, 'not as required: ref'],
    ['no such claim', github, { sub: ofGithub.sub }, 'not as required: repository_id, ref'],
    ['a pull request', github, { ...ofGithub, event_name: 'pull_request' }, 'it is of a pull request'],
    [
      'a pull request with the rights of its target',
      github,
      { ...ofGithub, event_name: 'pull_request_target' },
      'it is of a pull request',
    ],
    ['an unprotected branch', gitlab, { ...ofGitlab, ref_protected: 'false' }, 'not as required: ref_protected'],
    ['a boolean', gitlab, { ...ofGitlab, ref_protected: true }, 'not as required: ref_protected'],
    [
      'a merge request',
      gitlab,
      { ...ofGitlab, pipeline_source: 'merge_request_event' },
      'not as required: pipeline_source',
    ],
    ['another project', gitlab, { ...ofGitlab, project_id: '421' }, 'not as required: project_id'],
    [
      'a pipeline whose source nobody has judged',
      () => ({ ...gitlab(), require: { ref: 'main' } }),
      ofGitlab,
      'the settings do not say which pipeline_source is let in',
    ],
  ]

  test.each(lookAlikes)('that only looks alike is refused: %s', async (_, entry, more, why) => {
    const error = await refusal(mint(more, { typ: 'JWT' }), [bare(entry())])
    expect(error).toMatchObject({ kind: 'not-authorised' })
    expect(error.message).toContain(why)
  })
})

describe('keys', () => {
  const folder = () => {
    const made = temporaryFolder()
    return join(made, 'eosflow')
  }
  const own = async (): Promise<KeyServer> => {
    const started = await startKeyServer()
    onTestFinished(() => started.close())
    return started
  }
  const at = (keyServer: KeyServer): Issuer => issuer({ issuer: keyServer.issuer })
  const tokenOf = (keyServer: KeyServer, kid?: string) =>
    keyServer.mint(claims({ iss: keyServer.issuer }), { typ: 'at+jwt', ...(kid === undefined ? {} : { kid }) })

  test('are asked for once, and kept for other processes', async () => {
    const idp = await own()
    const place = folder()
    for (const keys of [keySets({ folder: place }), keySets({ folder: place })]) {
      await verify(await tokenOf(idp), [at(idp)], keys)
      await verify(await tokenOf(idp), [at(idp)], keys)
    }
    expect(idp.asked).toBe(1)
  })

  test('that are new are asked for once the last asking is some time ago; unknown ones do not make us ask again and again', async () => {
    const idp = await own()
    const keys = keySets({ folder: folder(), coolDown: 500 })
    await verify(await tokenOf(idp), [at(idp)], keys)
    await idp.rotate('k2', false)
    for (let times = 0; times < 5; times += 1) {
      expect((await refusal(tokenOf(idp), [at(idp)], keys)).message).toContain('a key that the issuer does not have')
    }
    expect(idp.asked).toBe(1)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 550 })
    onTestFinished(() => void vi.useRealTimers())
    await verify(await tokenOf(idp), [at(idp)], keys)
    expect(idp.asked).toBe(2)
  })

  test('that were withdrawn are refused once they were asked for again', async () => {
    const idp = await own()
    const keys = keySets({ folder: folder(), coolDown: 0 })
    const old = await tokenOf(idp)
    await verify(old, [at(idp)], keys)
    await idp.rotate('k2', true)
    await verify(old, [at(idp)], keys)
    await verify(await tokenOf(idp), [at(idp)], keys)
    expect((await refusal(old, [at(idp)], keys)).message).toContain('a key that the issuer does not have')
  })

  test("that are known go on while the provider is silent; an unknown one is nobody's, and may be tried again", async () => {
    const idp = await own()
    const keys = keySets({ folder: folder(), coolDown: 0 })
    await verify(await tokenOf(idp), [at(idp)], keys)
    await idp.rotate('k2', false)
    idp.mode = 'silent'
    await verify(await tokenOf(idp, 'k1'), [at(idp)], keys)
    expect(await refusal(tokenOf(idp), [at(idp)], keys)).toMatchObject({ kind: 'unreachable', retryable: true })
    idp.mode = 'well'
    await verify(await tokenOf(idp), [at(idp)], keys)
  })

  test.each(['silent', 'garbage'] as const)('that nobody can give let nobody in: %s', async (mode) => {
    const idp = await own()
    const token = await tokenOf(idp)
    idp.mode = mode
    const { kind, retryable } = await refusal(token, [at(idp)], keySets({ folder: folder() }))
    expect([kind, retryable]).toEqual(mode === 'silent' ? ['unreachable', true] : ['protocol', false])
  })

  test('of a provider that is gone let nobody in', async () => {
    const idp = await startKeyServer()
    const token = await tokenOf(idp)
    await idp.close()
    const error = await refusal(token, [at(idp)], keySets({ folder: folder() }))
    expect(error).toMatchObject({ kind: 'unreachable', retryable: true })
  })
})
