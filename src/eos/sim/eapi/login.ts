import type { Random } from '../../../model/clock.ts'
import { type Credentials, passwordUser, provenUser } from '../auth/local-users.ts'
import type { CliUser } from '../cli/command/session-verbs.ts'
import { sessionMinutes, trustsClientCertificates } from '../switch/http-commands.ts'
import type { Switch } from '../switch/switch.ts'
import type { EapiRequest } from './run-commands.ts'

export class CookieJar {
  readonly #random: Random
  #lastBasic: { readonly header: string; readonly credentials: Credentials | undefined } | undefined
  readonly #users = new Map<string, { readonly user: CliUser; readonly since: number }>()

  constructor(random: Random) {
    this.#random = random
  }

  login(device: Switch, request: EapiRequest): string | undefined {
    const credentials = loginBody(request.body)
    const user = credentials === undefined ? undefined : passwordUser(device, credentials, origin(request))
    if (user === undefined) return undefined
    this.#forgetExpired(device)
    const cookie = this.#random.hex(16)
    this.#users.set(cookie, { user, since: device.now })
    return cookie
  }

  logout(request: EapiRequest): void {
    this.#users.delete(cookieOf(request) ?? '')
  }

  clear(): void {
    this.#users.clear()
  }

  holder(device: Switch, request: EapiRequest): CliUser | undefined {
    const cookie = cookieOf(request)
    const held = cookie === undefined ? undefined : this.#users.get(cookie)
    return held === undefined || expired(device, held.since) ? undefined : held.user
  }

  credentialsIn(authorization: string): Credentials | undefined {
    if (this.#lastBasic?.header !== authorization) {
      this.#lastBasic = { header: authorization, credentials: basicCredentials(authorization) }
    }
    return this.#lastBasic.credentials
  }

  #forgetExpired(device: Switch) {
    for (const [cookie, { since }] of this.#users) if (expired(device, since)) this.#users.delete(cookie)
  }
}

/**
 * Who sends a request, by cookie, client certificate or Basic authentication; undefined when nobody the switch knows.
 * A certificate counts where the configuration trusts certificates, and its common name is the user (docs/eos.md 1.1).
 */
export function authenticate(device: Switch, cookies: CookieJar, request: EapiRequest): CliUser | undefined {
  const holder = cookies.holder(device, request)
  if (holder !== undefined) return holder
  const { authorization } = request.headers
  if (authorization === undefined) return certified(device, request)
  const credentials = cookies.credentialsIn(authorization)
  return credentials === undefined ? undefined : passwordUser(device, credentials, origin(request))
}

function basicCredentials(authorization: string): Credentials | undefined {
  const encoded = /^Basic (\S+)$/i.exec(authorization)?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon === -1 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}

function certified(device: Switch, request: EapiRequest) {
  const { certificate } = request
  if (certificate === undefined || !trustsClientCertificates(device.running)) return undefined
  return provenUser(device, certificate, origin(request))
}

function expired(device: Switch, since: number) {
  return device.now >= since + sessionMinutes(device.running) * 60_000
}

function origin({ from }: EapiRequest) {
  return `command-api (${from})`
}

function loginBody(body: string): Credentials | undefined {
  try {
    const { username, password }: Partial<Record<keyof Credentials, unknown>> = JSON.parse(body) ?? {}
    return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined
  } catch {
    return undefined
  }
}

function cookieOf({ headers: { cookie } }: EapiRequest) {
  return cookie === undefined ? undefined : /(?:^|;\s*)Session=([^;]+)/.exec(cookie)?.[1]
}
