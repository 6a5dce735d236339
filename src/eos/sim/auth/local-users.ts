import type { ConfigTree } from '../../config/text/tree.ts'
import type { CliUser } from '../cli/command/cli-session.ts'
import type { Switch } from '../switch/switch.ts'
import { readSecret, secretFits } from './stored-secret.ts'

/** A name and a password, as a client sends them. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** A local user as the running-config has it: the lines `username NAME …` put together. */
interface Account {
  readonly privilege: number
  readonly role: string | undefined
  /** The words behind `secret`; undefined where there is none. */
  readonly secret: string | undefined
  readonly nopassword: boolean
  /** The public keys of `ssh-key`, as `TYPE BASE64 [COMMENT]`. */
  readonly keys: readonly string[]
}

const ALLOW_NOPASSWORD = 'aaa authentication policy local allow-nopassword-remote-login'

/**
 * Who logs in with a password: the simulator's own login, which works until somebody changes the secret of its user or takes it away, or a user of the
 * running-config. Undefined for nobody the switch knows, and for everybody while what judges logins is away. `from` is where, as the log prints it: `command-api (10.0.0.2)`.
 */
export function passwordUser(device: Switch, { username, password }: Credentials, from: string): CliUser | undefined {
  if (device.faults.judgesNoLogin(device.now)) return undefined
  const { credentials } = device.options
  if (username === credentials.username && password === credentials.password && isOwnLogin(device))
    return ownUser(device, from)
  const account = accountOf(device, username)
  if (account === undefined || !passwordFits(device, username, account, password)) return undefined
  return localUser(device, username, account, from)
}

/** Who logs in with a key that is already proved; undefined for nobody the switch knows. */
export function keyUser(device: Switch, username: string, from: string): CliUser | undefined {
  const account = accountOf(device, username)
  return account === undefined ? undefined : localUser(device, username, account, from)
}

/** The public keys that open a switch to a user, as `TYPE BASE64 [COMMENT]`. */
export function authorizedKeys(device: Switch, username: string): readonly string[] {
  return accountOf(device, username)?.keys ?? []
}

/**
 * Whether a user of the running-config without a password may log in from elsewhere than the console: EOS wants
 * `aaa authentication policy local allow-nopassword-remote-login` for that (EOS manual, User Security; ten recorded configurations have it).
 */
export function opensWithoutPassword(device: Switch, username: string): boolean {
  const allowed = device.running.children.some(({ line }) => line === ALLOW_NOPASSWORD)
  return allowed && accountOf(device, username)?.nopassword === true
}

/** Who a proven name is: the simulator's own login or a user of the running-config; undefined for nobody known. */
export function provenUser(device: Switch, username: string, from: string): CliUser | undefined {
  return username === device.options.credentials.username ? ownUser(device, from) : keyUser(device, username, from)
}

/**
 * Whether the invented login is still that of the user of its name: nobody has taken the user away, and its secret is the one that the switch was made with. A
 * user that comes without a secret leaves it: designs have one for the console beside the login that is used.
 */
function isOwnLogin({ running, madeWith, options: { credentials } }: Switch): boolean {
  if (running === madeWith) return true
  const [is, was] = [running, madeWith].map((tree) => linesOf(tree, credentials.username))
  const isGone = is?.length === 0 && was?.length !== 0
  return !isGone && secretsAmong(is) === secretsAmong(was)
}

function linesOf({ children }: ConfigTree, username: string): readonly string[] {
  return children.flatMap(({ line }) => (line.startsWith(`username ${username} `) ? [line] : []))
}

function secretsAmong(lines: readonly string[] = []): string {
  return lines.flatMap((line) => / secret (.+)$/.exec(line)?.[1] ?? []).join('\n')
}

function ownUser({ options }: Switch, from: string): CliUser {
  const { credentials, privilege, enableSecret } = options
  const enable = enableSecret === undefined ? {} : { enable: (secret: string) => secret === enableSecret }
  return { user: credentials.username, from, privilege, ...enable }
}

function localUser(device: Switch, user: string, { privilege, role }: Account, from: string): CliUser {
  const secret = device.running.children
    .map(({ line }) => /^enable (?:password|secret) (.+)$/.exec(line)?.[1])
    .find((found) => found !== undefined)
  const known = { user, from, privilege, local: { role } }
  if (secret === undefined) return known
  const stored = readSecret(secret)
  return { ...known, enable: (typed) => stored !== undefined && secretFits(device, stored, typed) }
}

function passwordFits(device: Switch, username: string, { nopassword, secret }: Account, password: string): boolean {
  if (nopassword) return opensWithoutPassword(device, username)
  const stored = secret === undefined ? undefined : readSecret(secret)
  return stored !== undefined && secretFits(device, stored, password)
}

function accountOf(device: Switch, username: string): Account | undefined {
  const head = `username ${username} `
  const lines = device.running.children.flatMap(({ line }) => (line.startsWith(head) ? [line.slice(head.length)] : []))
  if (lines.length === 0) return undefined
  const found = (pattern: RegExp): string | undefined =>
    lines.map((line) => pattern.exec(line)?.[1]).find((word) => word !== undefined)
  return {
    privilege: Number(found(/\bprivilege (\d+)/) ?? 1),
    role: found(/\brole (\S+)/),
    secret: found(/\bsecret (.+)$/),
    nopassword: lines.some((line) => /\bnopassword\b/.test(line)),
    keys: lines.flatMap((line) => /^ssh-key (?:secondary )?(.+)$/.exec(line)?.[1] ?? []),
  }
}
