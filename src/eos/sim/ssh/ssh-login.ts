import ssh2, { type AuthContext, type ParsedKey } from 'ssh2'
import { authorizedKeys, keyUser, opensWithoutPassword, passwordUser } from '../auth/local-users.ts'
import type { CliUser } from '../cli/command/cli-session.ts'
import type { Switch } from '../switch/switch.ts'

/** The ways to log in that a switch offers. */
const METHODS = ['publickey', 'password', 'keyboard-interactive'] as const
/** How often a client may be wrong before it is sent away: the default of OpenSSH's server. */
const TRIES = 6
const EMPTY = Buffer.alloc(0)

/** The login of one SSH connection: by password, by the same asked interactively, or by a key of the configuration. */
export class SshLogin {
  readonly #device: Switch
  readonly #origin: string
  #failures = 0
  #user: CliUser | undefined

  constructor(device: Switch, address: string) {
    this.#device = device
    this.#origin = `ssh (${address})`
  }

  /** Who logged in; undefined before. */
  get user(): CliUser | undefined {
    return this.#user
  }

  /** Whether the client was wrong too often. */
  get exhausted(): boolean {
    return this.#failures >= TRIES
  }

  /** Answers one authentication request. */
  answer(context: AuthContext): void {
    if (context.method === 'password') this.#accept(context, this.#byPassword(context.username, context.password))
    else if (context.method === 'keyboard-interactive') {
      context.prompt([{ prompt: 'Password: ', echo: false }], ([password = '']) => {
        this.#accept(context, this.#byPassword(context.username, password))
      })
    } else if (context.method === 'publickey') this.#byKey(context)
    else if (context.method === 'none' && opensWithoutPassword(this.#device, context.username)) {
      this.#accept(context, keyUser(this.#device, context.username, this.#origin))
    } else context.reject([...METHODS])
  }

  #byPassword(username: string, password: string): CliUser | undefined {
    return passwordUser(this.#device, { username, password }, this.#origin)
  }

  /** A client asks first whether a key would do, without a signature; only then it signs. */
  #byKey(context: Extract<AuthContext, { method: 'publickey' }>): void {
    const { username, key, blob, signature, hashAlgo } = context
    const known = authorizedKeys(this.#device, username).flatMap((text) => publicKey(text) ?? [])
    const match = known.find((candidate) => candidate.getPublicSSH().equals(key.data))
    if (match !== undefined && (signature === undefined || blob === undefined)) context.accept()
    else {
      const proved = match !== undefined && match.verify(blob ?? '', signature ?? EMPTY, hashAlgo) === true
      this.#accept(context, proved ? keyUser(this.#device, username, this.#origin) : undefined)
    }
  }

  #accept(context: AuthContext, user: CliUser | undefined): void {
    if (user === undefined) {
      this.#failures += 1
      context.reject([...METHODS])
    } else {
      this.#user = user
      context.accept()
    }
  }
}

function publicKey(text: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(text)
  if (parsed instanceof Error) return undefined
  return Array.isArray(parsed) ? parsed[0] : parsed
}
