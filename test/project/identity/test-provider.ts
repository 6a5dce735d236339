/// <reference path="./oidc-provider.d.ts" />

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'
import { listen } from '../../lab/loopback.ts'
import { openService } from '../../lab/service.ts'

/** What a token says; undefined is left out. */
export type Claims = Readonly<Record<string, unknown>>

/** What a token is minted with beside its claims. */
export interface Minting {
  /** The key, by its id; the server's newest one by default. */
  readonly kid?: string
  /** `typ` of the header; null for none. */
  readonly typ?: string | null
  /** More of the header. */
  readonly header?: Readonly<Record<string, unknown>> & { readonly crit?: string[] }
}

/** An issuer on loopback that mints whatever it is told to: discovery and keys over HTTP, as a CI system has them. */
export interface KeyServer {
  readonly issuer: string
  /** How often its keys were asked for. */
  readonly asked: number
  /** `silent`: it accepts connections and answers 503. `garbage`: what it answers is no key set. */
  mode: 'well' | 'silent' | 'garbage'
  /** Adds a key, which mints from now on; `withdraw` takes the others from the published set. */
  rotate(kid: string, withdraw: boolean): Promise<void>
  mint(claims: Claims, minting?: Minting): Promise<string>
  close(): Promise<void>
}

/** Starts the issuer with one ES256 key, `k1`. */
export async function startKeyServer(): Promise<KeyServer> {
  const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>['privateKey']>()
  let published: readonly JWK[] = []
  let newest = ''
  let asked = 0
  let mode: KeyServer['mode'] = 'well'
  const { origin: issuer, close } = await openService((request, response) => {
    if (mode === 'silent') return response.writeHead(503).end()
    const isKeys = request.url === '/keys'
    if (isKeys) asked += 1
    const document = isKeys ? { keys: published } : { issuer, jwks_uri: `${issuer}/keys` }
    response
      .setHeader('content-type', 'application/json')
      .end(mode === 'garbage' ? '{"keys": 7}' : JSON.stringify(document))
  })
  const rotate: KeyServer['rotate'] = async (kid, withdraw) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    pairs.set(kid, privateKey)
    newest = kid
    published = [...(withdraw ? [] : published), { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }]
  }
  await rotate('k1', false)
  return {
    issuer,
    rotate,
    get asked() {
      return asked
    },
    get mode() {
      return mode
    },
    set mode(next) {
      mode = next
    },
    mint: async (claims, { kid = newest, typ = 'JWT', header = {} } = {}) => {
      const key = pairs.get(kid)
      if (key === undefined) throw new Error(`no key ${kid}`)
      const typed = typ === null ? {} : { typ }
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid, ...typed, ...header })
        .sign(key, { crit: Object.fromEntries((header.crit ?? []).map((name) => [name, true])) })
    },
    close,
  }
}

/** The audience of every access token here. */
export const AUDIENCE = 'https://eosflow.example/api'

/** A real OpenID provider on loopback, with people, a client for them and a service. */
export interface TestProvider {
  readonly issuer: string
  /** What an account's access tokens say beyond the standard claims. */
  readonly people: Record<
    string,
    {
      readonly name: string
      readonly groups: readonly string[]
      readonly employee_id?: string
      /** What access tokens call them; absent: nothing. */
      readonly display?: string
    }
  >
  /** The scopes that nobody is granted here. */
  readonly withheld: Set<string>
  /** Whether it answers 503 to everything. */
  down: boolean
  /** How it sends logout tokens to the pages. Default: over the network. */
  deliver: (url: string, init: RequestInit) => Promise<Response>
  close(): Promise<void>
}

const DEVICE_PAGES = {
  userCodeInputSource: async (ctx: { body: unknown }, form: string) => {
    ctx.body = form
  },
  userCodeConfirmSource: async (ctx: { body: unknown }, form: string) => {
    ctx.body = form
  },
  successSource: async (ctx: { body: unknown }) => {
    ctx.body = 'done'
  },
}

/**
 * Starts the provider, whose web clients are the pages of an origin. Whoever follows its redirects with `as=ACCOUNT` in the cookie is logged
 * in as that account.
 */
export async function startProvider(pages = 'http://localhost:7474'): Promise<TestProvider> {
  const server = createServer()
  const issuer = `http://127.0.0.1:${await listen(server)}`
  const people: TestProvider['people'] = {
    '00u1': { name: 'Alice Example', groups: ['netops', 'net-leads'], employee_id: 'E100' },
    '00u2': { name: 'Bob Example', groups: ['netops'], employee_id: 'E200' },
  }
  const state = { down: false, withheld: new Set<string>(), deliver: fetch as TestProvider['deliver'] }
  const send: TestProvider['deliver'] = (url, init) => state.deliver(url, init)
  const provider = new Provider(issuer, { ...configuration(people, pages), fetch: send })
  // Without it clients ask every five seconds, which is long for a test.
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.path === '/device/auth' && typeof ctx.body === 'object') ctx.body = { ...ctx.body, interval: 0.1 }
  })
  const answer = provider.callback()
  const interact = async (request: IncomingMessage, response: ServerResponse) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      const accountId = /\bas=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '00u1'
      return provider.interactionFinished(request, response, { login: { accountId } })
    }
    const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id ?? '' })
    grant.addOIDCScope('openid offline_access')
    for (const scope of (params.scope ?? '').split(' ')) {
      if (state.withheld.has(scope)) grant.rejectResourceScope(AUDIENCE, scope)
      else grant.addResourceScope(AUDIENCE, scope)
    }
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
  }
  server.on('request', (request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname
    if (state.down) response.writeHead(503).end()
    else if (path.startsWith('/interaction/')) void interact(request, response)
    else answer(request, response)
  })
  return {
    issuer,
    people,
    withheld: state.withheld,
    get down() {
      return state.down
    },
    set down(down) {
      state.down = down
    },
    get deliver() {
      return state.deliver
    },
    set deliver(deliver) {
      state.deliver = deliver
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const clientsOf = (pages: string) => [
  {
    client_id: 'eosflow',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  },
  // The pages of eosflow: as a confidential client, and as a public one.
  {
    client_id: 'eosflow-web',
    client_secret: 'web-secret-0123456789',
    redirect_uris: [`${pages}/login/callback`],
    grant_types: ['authorization_code'],
    // It names the person alone.
    backchannel_logout_uri: `${pages}/api/v1/logouts`,
  },
  {
    client_id: 'eosflow-page',
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${pages}/login/callback`],
    grant_types: ['authorization_code'],
    post_logout_redirect_uris: [`${pages}/login`],
    backchannel_logout_uri: `${pages}/api/v1/logouts`,
    backchannel_logout_session_required: true,
  },
  {
    client_id: 'robot',
    client_secret: 'robot-secret-0123456789',
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
  },
  // A program that watches the network.
  {
    client_id: 'watch',
    client_secret: 'watch-secret-0123456789',
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
  },
  // A client of somebody else, with the same audience.
  {
    client_id: 'other',
    client_secret: 'other-secret-0123456789',
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
  },
]

const SCOPES = 'eosflow:plan eosflow:run eosflow:approve'

function configuration(people: TestProvider['people'], pages: string) {
  const claimsOf = (id: string) => {
    const person = people[id]
    if (person === undefined) return {}
    const { groups, employee_id, display } = person
    return { groups, employee_id, ...(display === undefined ? {} : { name: display }) }
  }
  return {
    clients: clientsOf(pages),
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub', 'name'] },
    conformIdTokenClaims: false,
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, name: people[id]?.name }) }),
    extraTokenClaims: (_: unknown, token: { accountId?: string }) => claimsOf(token.accountId ?? ''),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    cookies: { keys: ['only for tests'] },
    ttl: {
      AccessToken: 600,
      ClientCredentials: 600,
      IdToken: 300,
      RefreshToken: 3600,
      Session: 3600,
      Grant: 3600,
      Interaction: 300,
      DeviceCode: 300,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      deviceFlow: { enabled: true, ...DEVICE_PAGES },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: unknown, resource: string) => {
          if (resource !== AUDIENCE) throw new Error('no such resource')
          return { scope: SCOPES, audience: AUDIENCE, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }
        },
      },
    },
  }
}
