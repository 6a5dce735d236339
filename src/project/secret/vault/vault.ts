import { EosflowError, messageOf } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import type { SecretReference, VaultLogin } from '../../../model/secret-reference.ts'
import type { VaultAnswer, VaultRequest } from './exchange.ts'
import type { ResolvedValue } from './resolved-value.ts'

export type VaultReference = Extract<SecretReference, { provider: 'vault' }>

export interface Vault {
  /** Throws `secret` or `unreachable`. */
  read(reference: VaultReference): Promise<ResolvedValue>
  /** What a secret of KV version 2 holds now. Throws `secret` or `unreachable`. */
  fields(path: string): Promise<KeptFields>
  /** Writes a new version of a secret of KV version 2, only where its newest one is `behind` (0: it has none). Gives its number; undefined where the newest is another one. */
  write(path: string, fields: Readonly<Record<string, Json>>, behind: number): Promise<number | undefined>
  /** Destroys what one version of a secret of KV version 2 holds, for good. Throws as {@link Vault.write} does. */
  destroy(path: string, version: number): Promise<void>
  /** Until when a value is good, after asking Vault that it be so until `wanted`. Milliseconds of wall time; undefined: no end is known. */
  goodUntil(resolved: ResolvedValue, wanted: number): Promise<number | undefined>
  close(): Promise<readonly string[]>
}

export interface KeptFields {
  readonly version: number
  readonly fields?: Readonly<Record<string, Json>>
}

interface Lease {
  readonly until: number
  readonly holder: VaultToken
}

const TOKEN_MARGIN = 10_000

/** Speaks to Vault through `ports`. */
export function openVault(ports: VaultLoginPorts): Vault {
  const { now, send } = ports
  const leases = new Map<string, Lease>()
  let session: Promise<VaultToken> | undefined

  const token = async () => {
    session ??= logIn(ports)
    const mine = session
    try {
      const held = await mine
      if (held.goodUntil === undefined || held.goodUntil > now() + TOKEN_MARGIN) return held
    } catch (error) {
      if (session === mine) session = undefined
      throw error
    }
    if (session === mine) session = logIn(ports)
    return session
  }
  // Until when the lease is good after that.
  const renewLease = async (lease: string, { until, holder }: Lease, seconds: number) => {
    const body = { lease_id: lease, increment: seconds }
    const answer = await send({ method: 'PUT', path: 'sys/leases/renew', body, token: holder.token })
    const { lease_duration: granted } = answer.body
    if (answer.status !== 200 || typeof granted !== 'number') return until
    const renewed = { until: now() + granted * 1000, holder }
    leases.set(lease, renewed)
    return renewed.until
  }
  const sentOnce: VaultLoginPorts['send'] = (request) =>
    send(request).catch((cause: unknown) => {
      if (!(cause instanceof EosflowError) || cause.kind !== 'unreachable') throw cause
      throw new EosflowError('lost-answer', cause.message, { cause, retryable: true })
    })
  return {
    read: async (reference) => {
      const { path, version } = reference
      const query = version === undefined ? '' : `?version=${version}`
      const holder = await token()
      const answer = await send({ method: 'GET', path: `${path}${query}`, token: holder.token })
      const asked = version === undefined ? path : `version ${version} of ${path}`
      if (answer.status !== 200) throw goneVersion(path, answer) ?? vaultRefusal(asked, answer)
      const read = readingOf(answer.body, reference, now())
      if (read.lease !== undefined)
        leases.set(read.lease, { until: read.goodUntil ?? Number.POSITIVE_INFINITY, holder })
      return read
    },
    fields: async (path) => {
      const holder = await token()
      const answer = await send({ method: 'GET', path, token: holder.token })
      const data = isJsonObject(answer.body.data) ? answer.body.data : {}
      const metadata = isJsonObject(data.metadata) ? data.metadata : {}
      const version = typeof metadata.version === 'number' ? metadata.version : undefined
      if (answer.status === 404) return { version: version ?? 0 }
      if (answer.status !== 200) throw vaultRefusal(path, answer)
      if (isJsonObject(data.data) && version !== undefined) return { version, fields: data.data }
      throw new EosflowError('secret', `${path} in Vault has no versions`, {
        hint: 'A secret that is rotated must be in a KV engine of version 2: kv/data/net/leaf1.',
      })
    },
    write: async (path, fields, behind) => {
      const holder = await token()
      const body = { options: { cas: behind }, data: fields }
      const answer = await sentOnce({ method: 'POST', path, body, token: holder.token })
      if (answer.status === 400 && isOtherVersion(answer.body)) return undefined
      const { data } = answer.body
      if (answer.status !== 200) throw vaultRefusal(`a new version of ${path}`, answer)
      if (isJsonObject(data) && typeof data.version === 'number') return data.version
      throw new EosflowError('protocol', `Vault does not say which version of ${path} it has written`)
    },
    destroy: async (path, version) => {
      const holder = await token()
      const at = path.replace('/data/', '/destroy/')
      const answer = await sentOnce({ method: 'POST', path: at, body: { versions: [version] }, token: holder.token })
      if (answer.status >= 300) throw vaultRefusal(`the end of version ${version} of ${path}`, answer)
    },
    goodUntil: async ({ lease, goodUntil }, wanted) => {
      const lent = lease === undefined ? undefined : leases.get(lease)
      if (lease === undefined || lent === undefined) return goodUntil
      let held = await token()
      // There was a new login because the token before was about to end.
      if (held.token !== lent.holder.token) return Math.min(lent.until, now())
      const seconds = Math.ceil((wanted - now()) / 1000)
      const until = lent.until < wanted ? await renewLease(lease, lent, seconds) : lent.until
      if ((held.goodUntil ?? wanted) < wanted) {
        held = await renewToken(held, seconds, ports)
        session = Promise.resolve(held)
      }
      return Math.min(until, held.goodUntil ?? until)
    },
    close: async () => {
      const held = await session?.catch(() => undefined)
      if (held === undefined) return []
      session = undefined
      const requests: readonly VaultRequest[] = held.isOwn
        ? [{ method: 'POST', path: 'auth/token/revoke-self' }]
        : [...leases.keys()].map((lease) => ({
            method: 'PUT',
            path: 'sys/leases/revoke',
            body: { lease_id: lease },
          }))
      const left = await Promise.all(requests.map((request) => givenBack({ ...request, token: held.token }, ports)))
      return left.filter((one) => one !== undefined)
    },
  }
}

function isOtherVersion({ errors }: JsonObject) {
  return Array.isArray(errors) && errors.some((one) => typeof one === 'string' && one.includes('check-and-set'))
}

async function givenBack(request: VaultRequest, { send }: VaultLoginPorts) {
  const what = request.path === 'sys/leases/revoke' ? `the lease ${String(request.body?.lease_id)}` : 'its token'
  try {
    const answer = await send(request)
    if (answer.status < 300) return undefined
    return `Vault could not be given back ${what}: ${vaultRefusal('it', answer).message}; it ends by itself`
  } catch (error) {
    return `Vault could not be given back ${what}: ${messageOf(error)}; it ends by itself`
  }
}

function readingOf(body: JsonObject, { path, field, version }: VaultReference, now: number): ResolvedValue {
  const data = isJsonObject(body.data) ? body.data : {}
  const metadata = isJsonObject(data.data) && isJsonObject(data.metadata) ? data.metadata : undefined
  const fields = metadata !== undefined && isJsonObject(data.data) ? data.data : data
  const value = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (typeof value !== 'string') {
    const why = value === undefined ? `has no field ${field}` : `holds no text in ${field}`
    throw new EosflowError('secret', `${path} in Vault ${why}`, {
      hint: `Check the reference: the name of the field follows #.`,
    })
  }
  if (metadata === undefined && version !== undefined) {
    throw new EosflowError('secret', `${path} in Vault has no versions, so version ${version} cannot be asked for`, {
      hint: 'Leave out @ and the number, or keep it in a KV engine of version 2.',
    })
  }
  if (version !== undefined && metadata?.version !== version) {
    throw new EosflowError('secret', `Vault gives another version of ${path} than ${version}`, {
      hint: 'Give the address of Vault itself, not of a proxy in front of it.',
    })
  }
  const secret = new Secret(value)
  if (metadata !== undefined) return { secret, ...versionOf(metadata.version), ...validUntil(metadata) }
  return { secret, ...leaseOf(body, now), ...rotationOf(data, now) }
}

const versionOf = (version: Json | undefined): { readonly version?: number } =>
  typeof version === 'number' ? { version } : {}

function validUntil({ custom_metadata: custom }: JsonObject): { readonly goodUntil?: number } {
  const until =
    isJsonObject(custom) && typeof custom.valid_until === 'string' ? Date.parse(custom.valid_until) : Number.NaN
  return Number.isNaN(until) ? {} : { goodUntil: until }
}

function leaseOf({ lease_id: lease, lease_duration: seconds }: JsonObject, now: number): Partial<ResolvedValue> {
  if (typeof lease !== 'string' || lease === '' || typeof seconds !== 'number') return {}
  return { lease, goodUntil: now + seconds * 1000 }
}

// A password that Vault itself rotates says under `ttl` in how many seconds (Vault API, "LDAP", "Static role passwords").
function rotationOf({ ttl, last_vault_rotation: rotated }: JsonObject, now: number): { readonly goodUntil?: number } {
  return typeof ttl === 'number' && rotated !== undefined ? { goodUntil: now + ttl * 1000 } : {}
}

interface VaultToken {
  readonly token: Secret
  // Whether this process has logged in for it, so that it is this process that ends it.
  readonly isOwn: boolean
  readonly isRenewable: boolean
  // In milliseconds of wall time; absent for a token without an end.
  readonly goodUntil?: number
}

interface VaultLoginPorts {
  readonly login: VaultLogin
  // Wall time in milliseconds.
  readonly now: () => number
  // The value behind a reference that is not kept in Vault. Throws `secret`.
  readonly resolve: (reference: string) => Promise<Secret>
  // The token of the identity that called eosflow; undefined where nobody has logged in.
  readonly callerToken: () => Promise<Secret | undefined>
  readonly register: (secret: Secret, name: string) => void
  readonly send: (request: VaultRequest) => Promise<VaultAnswer>
}

// Throws `secret` or `unreachable`.
async function logIn(ports: VaultLoginPorts): Promise<VaultToken> {
  const { login, resolve, send, now } = ports
  if (login.method === 'token') {
    const token = await resolve(login.token)
    const answer = await send({ method: 'GET', path: 'auth/token/lookup-self', token })
    if (answer.status !== 200) throw vaultRefusal('the token of the settings', answer)
    const data = isJsonObject(answer.body.data) ? answer.body.data : {}
    return { token, isOwn: false, isRenewable: data.renewable === true, ...endOf(data.ttl, now()) }
  }
  const path = `auth/${login.mount}/login`
  const answer = await send({ method: 'POST', path, body: await loginBody(ports) })
  if (answer.status !== 200) throw vaultRefusal(`the login at ${path}`, answer)
  const granted = grantOf(answer.body, now())
  if (granted === undefined) throw new EosflowError('secret', `Vault answers the login at ${path} without a token`)
  ports.register(granted.token, 'the token of Vault')
  return granted
}

// Asks for `seconds` more: `POST /v1/auth/token/renew-self`.
async function renewToken(token: VaultToken, seconds: number, { send, now }: VaultLoginPorts) {
  if (!token.isRenewable) return token
  const body = { increment: `${seconds}s` }
  const answer = await send({ method: 'POST', path: 'auth/token/renew-self', token: token.token, body })
  const renewed = answer.status === 200 ? grantOf(answer.body, now()) : undefined
  return renewed?.goodUntil === undefined ? token : { ...token, goodUntil: renewed.goodUntil }
}

async function loginBody({ login, resolve, callerToken }: VaultLoginPorts): Promise<JsonObject> {
  if (login.method === 'approle') {
    return { role_id: login.roleId, secret_id: (await resolve(login.secretId)).reveal() }
  }
  if (login.method === 'token') return {}
  const jwt = login.token === 'caller' ? await callerToken() : await resolve(login.token)
  if (jwt !== undefined) return { role: login.role, jwt: jwt.reveal() }
  throw new EosflowError('secret', 'Vault is to be asked as the caller, and nobody has logged in', {
    hint: 'eosflow login, or set EOSFLOW_TOKEN.',
  })
}

function grantOf({ auth }: JsonObject, now: number): VaultToken | undefined {
  if (!isJsonObject(auth) || typeof auth.client_token !== 'string' || auth.client_token === '') return undefined
  return {
    token: new Secret(auth.client_token),
    isOwn: true,
    isRenewable: auth.renewable === true,
    ...endOf(auth.lease_duration, now),
  }
}

function endOf(seconds: unknown, now: number): { readonly goodUntil?: number } {
  return typeof seconds === 'number' && seconds > 0 ? { goodUntil: now + seconds * 1000 } : {}
}

/** Throws nothing itself. `asked` says what was asked for, without any value. */
export function vaultRefusal(asked: string, { status, body }: VaultAnswer): EosflowError {
  const said = errorsIn(body)
  switch (status) {
    case 400:
      return new EosflowError('secret', `Vault refuses ${asked}${said}`, { hint: 'Check the login and the role.' })
    case 403:
      return new EosflowError('secret', `Vault denies ${asked} (403)${said}`, {
        hint: 'The token is not good, has ended, or its policies do not allow it.',
      })
    case 404:
      return new EosflowError('secret', `Vault has nothing for ${asked} (404)${said}`, {
        hint: 'For KV version 2 the path has `data` behind the mount: kv/data/net/leaf1.',
      })
    case 405:
      return new EosflowError('secret', `Vault cannot be asked that way: ${asked} (405)`, {
        hint: 'Only paths that are read with GET hold secrets.',
      })
    case 503:
      return new EosflowError('unreachable', `Vault is sealed or in maintenance (503)${said}`, {
        retryable: true,
        hint: 'Unseal it, or wait.',
      })
    default:
      return status >= 500 || status === 429 || status === 412 || status === 472 || status === 473
        ? new EosflowError('unreachable', `Vault cannot answer ${asked} now (${status})${said}`, {
            retryable: true,
            hint: 'Try again later, or address the active node.',
          })
        : new EosflowError('secret', `Vault answers ${asked} with ${status}${said}`)
  }
}

function errorsIn(body: VaultAnswer['body']) {
  const { errors } = body
  const [first] = Array.isArray(errors) ? errors : []
  return typeof first === 'string'
    ? `: ${first
        .replace(/[^\x20-\x7e]+/g, ' ')
        .trim()
        .slice(0, 200)}`
    : ''
}

function goneVersion(asked: string, { status, body }: VaultAnswer) {
  const data = body.data
  const metadata = isJsonObject(data) ? data.metadata : undefined
  if (status !== 404 || !isJsonObject(metadata)) return undefined
  const { version, destroyed, deletion_time: at } = metadata
  const how = destroyed === true ? 'destroyed' : `deleted${typeof at === 'string' && at !== '' ? ` on ${at}` : ''}`
  return new EosflowError('secret', `version ${String(version)} of ${asked} was ${how}`, {
    hint: 'Undelete it, or name another version in the inventory and plan again.',
  })
}
