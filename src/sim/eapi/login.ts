import type { Random } from '../../model/random.ts'
import { type Credentials, passwordUser } from '../auth/local-users.ts'
import type { CliUser } from '../cli/cli.ts'
import type { Switch } from '../switch/switch.ts'
import type { EapiRequest } from './answer.ts'

/** Minutes a session cookie lives: the default and the most that EOS allows (eos-reference 1.1). */
const COOKIE_MINUTES = 1440

/** The session cookies of one switch. */
export class CookieJar {
  readonly #random: Random
  readonly #users = new Map<string, { readonly user: CliUser; readonly until: number }>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Checks the login of a `POST /login` and gives it a cookie; undefined when it is wrong. */
  login(device: Switch, request: EapiRequest): string | undefined {
    const credentials = loginBody(request.body)
    const user = credentials === undefined ? undefined : passwordUser(device, credentials, eapiOrigin(request))
    if (user === undefined) return undefined
    const cookie = this.#random.hex(16)
    this.#users.set(cookie, { user, until: device.now + COOKIE_MINUTES * 60_000 })
    return cookie
  }

  logout(request: EapiRequest): void {
    this.#users.delete(cookieOf(request) ?? '')
  }

  /** Who holds the cookie of a request; undefined when it has none, or an expired one. */
  holder(request: EapiRequest, now: number): CliUser | undefined {
    const held = this.#users.get(cookieOf(request) ?? '')
    return held === undefined || held.until <= now ? undefined : held.user
  }
}

/** Who sends a request, by cookie or Basic authentication; undefined when nobody the switch knows. */
export function authenticate(device: Switch, cookies: CookieJar, request: EapiRequest): CliUser | undefined {
  const holder = cookies.holder(request, device.now)
  if (holder !== undefined) return holder
  const encoded = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [username = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return passwordUser(device, { username, password: rest.join(':') }, eapiOrigin(request))
}

function eapiOrigin({ from }: EapiRequest): string {
  return `command-api (${from})`
}

function loginBody(body: string): Credentials | undefined {
  try {
    const { username, password }: Partial<Record<keyof Credentials, unknown>> = JSON.parse(body)
    return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined
  } catch {
    return undefined
  }
}

function cookieOf(request: EapiRequest): string | undefined {
  return /(?:^|;\s*)Session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
}
