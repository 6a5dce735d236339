import type { Random } from '../../model/random.ts'
import type { CliUser } from '../cli/cli.ts'
import { matchesSha512Crypt } from '../switch/sha512-crypt.ts'
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
    const user = credentials === undefined ? undefined : knownUser(device, credentials, request.from)
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
  return knownUser(device, { username, password: rest.join(':') }, request.from)
}

interface Credentials {
  readonly username: string
  readonly password: string
}

/** The simulator's own login, which always works, or a user of the running-config. */
function knownUser(device: Switch, { username, password }: Credentials, address: string): CliUser | undefined {
  const from = `command-api (${address})`
  const { credentials, privilege, enableSecret } = device.options
  if (username === credentials.username && password === credentials.password) {
    const enable = enableSecret === undefined ? {} : { enable: (secret: string) => secret === enableSecret }
    return { user: username, from, privilege, ...enable }
  }
  const line = device.running.children.find(({ line }) => line.startsWith(`username ${username} `))?.line
  if (line === undefined || !passwordFits(device, line, password)) return undefined
  const hash = device.running.children
    .map(({ line }) => /^enable (?:password|secret) sha512 (\S+)$/.exec(line)?.[1])
    .find((found) => found !== undefined)
  return {
    user: username,
    from,
    privilege: Number(/ privilege (\d+)/.exec(line)?.[1] ?? 1),
    ...(hash === undefined ? {} : { enable: (secret: string) => hashFits(device, hash, secret) }),
  }
}

function passwordFits(device: Switch, line: string, password: string): boolean {
  if (/ nopassword\b/.test(line)) return true
  const hash = / secret sha512 (\S+)/.exec(line)?.[1]
  return hash !== undefined && hashFits(device, hash, password)
}

/** A hash costs 5,000 rounds: a password that fitted once is remembered per switch. */
const FITTED = new WeakMap<Switch, Set<string>>()

function hashFits(device: Switch, hash: string, password: string): boolean {
  const key = `${hash} ${password}`
  const fitted = FITTED.get(device) ?? new Set()
  if (fitted.has(key)) return true
  if (!matchesSha512Crypt(password, hash)) return false
  FITTED.set(device, fitted.add(key))
  return true
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
