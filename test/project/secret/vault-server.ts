import type { IncomingMessage, ServerResponse } from 'node:http'
import { partOf } from '../../lab/part-of.ts'
import { openService } from '../../lab/service.ts'

/**
 * A server that answers as HashiCorp Vault's HTTP API is documented to (developer.hashicorp.com/vault/api-docs: "HTTP API",
 * "KV secrets engine - version 2", "version 1", "LDAP", "Database", "Token", "JWT/OIDC", "AppRole", "/sys/leases"). It knows nothing of eosflow.
 */
export interface VaultServer {
  readonly address: string
  /** Every request that came, as `METHOD /path?query`, and the headers that matter. */
  readonly requests: readonly SeenRequest[]
  readonly state: VaultState
  /** Answers the next request instead. */
  next: ((response: ServerResponse) => void) | undefined
  close(): Promise<void>
}

export interface SeenRequest {
  readonly line: string
  readonly token: string | undefined
  readonly namespace: string | undefined
  /** Of the body, as the client says it. */
  readonly type: string | undefined
  readonly body: Body
}

type Body = Readonly<Record<string, unknown>>

export interface KvVersion {
  readonly data: Readonly<Record<string, unknown>> | null
  readonly deletionTime?: string
  readonly destroyed?: boolean
}

interface Token {
  readonly policies: readonly string[]
  /** Seconds of the server's clock; 0 never ends. */
  until: number
  readonly renewable: boolean
  readonly max: number
}

export interface VaultState {
  /** Milliseconds of wall time. */
  now: number
  sealed: boolean
  namespace: string | undefined
  /** KV version 2 under `kv/`: the versions of each secret, the first is version 1. */
  readonly kv: Map<string, KvVersion[]>
  readonly customMetadata: Map<string, Readonly<Record<string, string>>>
  /** KV version 1 under `kv1/`. */
  readonly kv1: Map<string, Readonly<Record<string, unknown>>>
  readonly tokens: Map<string, Token>
  /** JWTs that `auth/jwt/login` takes, with their role. */
  readonly jwts: Map<string, string>
  readonly roles: Map<string, Omit<Token, 'until'> & { readonly ttl: number }>
  readonly appRoles: Map<string, string>
  /** `ldap/creds/eosflow`: what a new lease is given. */
  lease: { seconds: number; max: number; renewable: boolean }
  readonly leases: Map<string, { until: number; readonly token: string }>
  readonly revoked: string[]
  /** How many leases were ever given. */
  issued: number
}

/** Starts it on a free port of loopback. With `tls` over HTTPS. */
export async function startVault(tls?: { readonly key: string; readonly cert: string }): Promise<VaultServer> {
  const requests: SeenRequest[] = []
  const state = emptyState()
  const vault: VaultServer = await openService(
    (request, response, { method, target, body: text }) => {
      const body = text === '' ? {} : JSON.parse(text)
      requests.push({
        line: `${method} ${target}`,
        token: header(request, 'x-vault-token'),
        namespace: header(request, 'x-vault-namespace'),
        type: header(request, 'content-type'),
        body,
      })
      const { next } = vault
      vault.next = undefined
      if (next !== undefined) next(response)
      else answer(response, ...handle(state, request, body))
    },
    { tls },
  ).then(({ origin, close }) => ({ address: origin, requests, state, next: undefined, close }))
  return vault
}

/** The same Vault without a socket: what it answers to one request of a client that has this state. */
export function answeredBy(
  state: VaultState,
  { method, path, token, body = {} }: { method: string; path: string; token?: string; body?: Body },
): { readonly status: number; readonly body: Body } {
  const headers = { 'x-vault-request': 'true', ...(token === undefined ? {} : { 'x-vault-token': token }) }
  const [status, said] = handle(state, partOf<IncomingMessage>({ method, url: `/v1/${path}`, headers }), body)
  return { status, body: (said ?? {}) as Body }
}

/** A Vault that holds nothing. */
export function emptyState(): VaultState {
  return {
    now: Date.parse('2026-11-20T12:00:00Z'),
    sealed: false,
    namespace: undefined,
    kv: new Map(),
    customMetadata: new Map(),
    kv1: new Map(),
    tokens: new Map(),
    jwts: new Map(),
    roles: new Map(),
    appRoles: new Map(),
    lease: { seconds: 3600, max: 86_400, renewable: true },
    leases: new Map(),
    revoked: [],
    issued: 0,
  }
}

type Answer = readonly [status: number, body?: unknown]

function answer(response: ServerResponse, status: number, body?: unknown) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

const errors = (status: number, ...said: readonly string[]): Answer => [status, { errors: said }]

/** What every success carries ("HTTP API"). */
const success = (more: Record<string, unknown>): Answer => [
  200,
  {
    request_id: '0f2a9c1e-0000-4000-8000-000000000000',
    lease_id: '',
    renewable: false,
    lease_duration: 0,
    data: null,
    wrap_info: null,
    warnings: null,
    auth: null,
    ...more,
  },
]

function handle(state: VaultState, request: IncomingMessage, body: Body): Answer {
  const url = new URL(request.url ?? '', 'http://vault')
  if (header(request, 'x-vault-request') !== 'true') return errors(412, "missing 'X-Vault-Request' header")
  if (state.sealed) return errors(503, 'Vault is sealed')
  if (!url.pathname.startsWith('/v1/')) return errors(404)
  const path = url.pathname.slice('/v1/'.length)
  if (header(request, 'x-vault-namespace') !== state.namespace) {
    return errors(404, `no handler for route "${path}". route entry not found.`)
  }
  const login = /^auth\/([\w/-]+)\/login$/.exec(path)?.[1]
  if (login !== undefined)
    return request.method === 'POST' ? logIn(state, login, body) : errors(405, 'unsupported operation')
  const given = header(request, 'x-vault-token')
  const token = given === undefined ? undefined : state.tokens.get(given)
  if (given === undefined) return errors(403, 'permission denied')
  if (token === undefined || (token.until !== 0 && token.until <= seconds(state))) {
    return errors(403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n')
  }
  if (!isAllowed(token, path)) return errors(403, '1 error occurred:\n\t* permission denied\n\n')
  return routed(state, { method: request.method ?? '', path, query: url.searchParams, body, given, token })
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Body
  readonly given: string
  readonly token: Token
}

function routed(state: VaultState, asked: Asked): Answer {
  const { method, path } = asked
  if (path.startsWith('auth/token/')) return tokenCall(state, asked)
  return method === 'GET' ? readRouted(state, asked) : writeRouted(state, asked)
}

function writeRouted(state: VaultState, asked: Asked): Answer {
  const { method, path } = asked
  if (method === 'PUT' || method === 'POST') {
    if (path === 'sys/leases/renew') return renewLease(state, asked)
    if (path === 'sys/leases/revoke') return revokeLease(state, asked)
  }
  if (method === 'POST' && path.startsWith('kv/')) return changeKv2(state, asked)
  return errors(405, '1 error occurred:\n\t* unsupported operation\n\n')
}

function readRouted(state: VaultState, asked: Asked): Answer {
  const { path } = asked
  if (path.startsWith('kv/')) return readKv2(state, asked)
  if (path.startsWith('kv1/')) {
    const data = state.kv1.get(path)
    return data === undefined ? errors(404) : success({ lease_duration: 2_764_800, data })
  }
  if (path === 'ldap/creds/eosflow') return dynamic(state, asked)
  if (path === 'ldap/static-cred/eosflow') {
    return success({
      data: {
        dn: 'cn=eosflow,dc=example',
        last_vault_rotation: '2026-11-20T11:50:00.000000000Z',
        password: 'rotated-by-vault-1',
        rotation_period: 1200,
        ttl: 600,
        username: 'eosflow-rw',
      },
    })
  }
  if (path === 'ssh/sign/eosflow') return errors(405, '1 error occurred:\n\t* unsupported operation\n\n')
  return errors(404, `no handler for route "${path}". route entry not found.`)
}

function readKv2(state: VaultState, { path, query }: Asked): Answer {
  if (!path.startsWith('kv/data/')) {
    const warnings = [
      'Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use.',
    ]
    return [404, { errors: [], warnings }]
  }
  const versions = state.kv.get(path)
  if (versions === undefined) return errors(404)
  const version = Number(query.get('version') ?? 0) || versions.length
  const found = versions[version - 1]
  if (found === undefined) return errors(404)
  const metadata = {
    created_time: '2026-11-01T08:00:00.000000000Z',
    custom_metadata: state.customMetadata.get(path) ?? null,
    deletion_time: found.deletionTime ?? '',
    destroyed: found.destroyed === true,
    version,
  }
  const [status, answered] = success({ data: { data: found.data, metadata } })
  return [found.data === null ? 404 : status, answered]
}

function changeKv2(state: VaultState, asked: Asked): Answer {
  if (asked.path.startsWith('kv/data/')) return writeKv2(state, asked)
  if (asked.path.startsWith('kv/destroy/')) return destroyKv2(state, asked)
  return errors(405, '1 error occurred:\n\t* unsupported operation\n\n')
}

/** "Create/Update secret": with `cas` only where the newest version is that one; 0 where there must be none. */
function writeKv2(state: VaultState, { path, body }: Asked): Answer {
  const versions = state.kv.get(path) ?? []
  const { cas } = (body.options ?? {}) as { readonly cas?: number }
  if (cas !== undefined && cas !== versions.length)
    return errors(400, 'check-and-set parameter did not match the current version')
  versions.push({ data: body.data as Readonly<Record<string, unknown>> })
  state.kv.set(path, versions)
  return success({
    data: {
      created_time: '2026-11-20T12:00:00.000000000Z',
      custom_metadata: null,
      deletion_time: '',
      destroyed: false,
      version: versions.length,
    },
  })
}

/** "Destroy secret versions": what they hold is gone for good, their numbers stay. */
function destroyKv2(state: VaultState, { path, body }: Asked): Answer {
  const versions = state.kv.get(path.replace('kv/destroy/', 'kv/data/'))
  for (const version of (body.versions ?? []) as readonly number[])
    if (versions?.[version - 1] !== undefined) versions[version - 1] = { data: null, destroyed: true }
  return [204]
}

function dynamic(state: VaultState, { given }: Asked): Answer {
  state.issued += 1
  const id = `ldap/creds/eosflow/lease${state.issued}`
  state.leases.set(id, { until: seconds(state) + state.lease.seconds, token: given })
  return success({
    lease_id: id,
    renewable: state.lease.renewable,
    lease_duration: state.lease.seconds,
    data: { username: 'v_token_eosflow', password: `dynamic-password-${state.issued}` },
  })
}

function renewLease(state: VaultState, { body }: Asked): Answer {
  const id = String(body.lease_id)
  const lease = state.leases.get(id)
  if (lease === undefined || lease.until <= seconds(state)) return errors(400, 'lease not found')
  if (!state.lease.renewable) return errors(400, 'lease is not renewable')
  const granted = Math.min(Number(body.increment) || state.lease.seconds, state.lease.max)
  lease.until = seconds(state) + granted
  return success({ lease_id: id, renewable: true, lease_duration: granted })
}

function revokeLease(state: VaultState, { body }: Asked): Answer {
  const id = String(body.lease_id)
  if (state.leases.delete(id)) state.revoked.push(id)
  return [204]
}

function tokenCall(state: VaultState, { method, path, body, given, token }: Asked): Answer {
  const left = token.until === 0 ? 0 : token.until - seconds(state)
  switch (`${method} ${path}`) {
    case 'GET auth/token/lookup-self':
      return success({ data: { id: given, ttl: left, renewable: token.renewable, policies: token.policies } })
    case 'POST auth/token/renew-self': {
      if (!token.renewable) return errors(400, 'lease is not renewable')
      const granted = Math.min(Number.parseInt(String(body.increment ?? left), 10), token.max)
      token.until = seconds(state) + granted
      return success({ auth: { client_token: given, renewable: true, lease_duration: granted } })
    }
    case 'POST auth/token/revoke-self':
      state.tokens.delete(given)
      state.revoked.push('token')
      for (const [id, lease] of state.leases) if (lease.token === given) state.leases.delete(id)
      return [204]
    default:
      return errors(405, 'unsupported operation')
  }
}

function logIn(state: VaultState, mount: string, body: Body): Answer {
  if (mount === 'approle') {
    const role = String(body.role_id)
    return state.appRoles.get(role) === body.secret_id && role !== ''
      ? granted(state, role)
      : errors(400, 'invalid role or secret ID')
  }
  if (mount !== 'jwt') return errors(404, `no handler for route "auth/${mount}/login". route entry not found.`)
  const role = String(body.role)
  if (!state.roles.has(role)) return errors(400, `role "${role}" could not be found`)
  if (state.jwts.get(String(body.jwt)) !== role)
    return errors(
      400,
      'error validating token: invalid audience (aud) claim: audience claim does not match any bound audience',
    )
  return granted(state, role)
}

function granted(state: VaultState, name: string): Answer {
  const role = state.roles.get(name)
  if (role === undefined) return errors(400, 'invalid role or secret ID')
  const client = `hvs.CAESI-${name}-${state.tokens.size + 1}`
  state.tokens.set(client, { ...role, until: role.ttl === 0 ? 0 : seconds(state) + role.ttl })
  return success({
    auth: {
      client_token: client,
      accessor: 'accessor',
      policies: role.policies,
      token_policies: role.policies,
      metadata: { role: name },
      lease_duration: role.ttl,
      renewable: role.renewable,
      entity_id: 'entity',
      token_type: 'service',
      orphan: true,
    },
  })
}

/** The default policy lets a token look at, renew and end itself, and renew leases; all else is by prefix. */
const DEFAULT_POLICY = ['auth/token/lookup-self', 'auth/token/renew-self', 'auth/token/revoke-self', 'sys/leases/renew']

function isAllowed({ policies }: Token, path: string) {
  return DEFAULT_POLICY.includes(path) || policies.some((prefix) => path.startsWith(prefix))
}

const seconds = (state: VaultState) => state.now / 1000

const header = (request: IncomingMessage, name: string) => [request.headers[name]].flat()[0]
