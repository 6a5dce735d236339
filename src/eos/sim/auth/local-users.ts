import { createHash } from 'node:crypto'
import { isSameBytes } from '../../../model/constant-time.ts'
import { matchesSha512Crypt } from '../../../model/sha512-crypt.ts'
import { type ConfigTree, foundIn, hasChild } from '../../config/text/tree.ts'
import type { CliUser } from '../cli/command/session-verbs.ts'
import type { Switch } from '../switch/switch.ts'

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ROUNDS = 1000
const EMPTY = Buffer.alloc(1)
// The order in which crypt(3) reads the first 15 digest bytes, three at a time; byte 11 comes last and alone.
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const

/** The crypt(3) hash that EOS stores for `secret 5`: `$1$<salt>$<22 characters>`, MD5 with 1,000 rounds (Kamp's specification). `salt` is cut at 8 characters. */
export function md5Crypt(password: string, salt: string): string {
  const key = Buffer.from(password, 'utf8')
  const seed = Buffer.from(salt.slice(0, 8), 'utf8')
  let digest = firstDigest(key, seed)
  for (let round = 0; round < ROUNDS; round += 1) {
    const odd = round % 2 === 1
    const parts = [odd ? key : digest]
    if (round % 3 !== 0) parts.push(seed)
    if (round % 7 !== 0) parts.push(key)
    parts.push(odd ? digest : key)
    digest = md5(...parts)
  }
  return `$1$${seed.toString('utf8')}$${encoded(digest)}`
}

function firstDigest(key: Buffer, seed: Buffer) {
  const alternate = md5(key, seed, key)
  const parts = [key, Buffer.from('$1$'), seed]
  for (let left = key.length; left > 0; left -= 16) parts.push(alternate.subarray(0, Math.min(16, left)))
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? EMPTY : key.subarray(0, 1))
  return md5(...parts)
}

function md5(...parts: readonly Buffer[]) {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function encoded(digest: Buffer) {
  const at = (index: number) => digest[index] ?? 0
  const groups = ORDER.map(([a, b, c]) => characters((at(a) << 16) | (at(b) << 8) | at(c), 4))
  return [...groups, characters(at(11), 2)].join('')
}

function characters(value: number, count: number) {
  return Array.from({ length: count }, (_, index) => ALPHABET.charAt((value >> (6 * index)) & 63)).join('')
}

interface StoredSecret {
  readonly scheme: 'sha512' | '5' | '0'
  readonly value: string
}

function readSecret(words: string): StoredSecret | undefined {
  const [first = '', second] = words.trim().split(/\s+/)
  if (second === undefined) return first === '' || first === '*' ? undefined : { scheme: '0', value: first }
  return first === 'sha512' || first === '5' || first === '0' ? { scheme: first, value: second } : undefined
}

// Checking a hash costs thousands of rounds: a password that fitted once is remembered per switch.
const FITTED = new WeakMap<Switch, Set<string>>()

function secretFits(device: Switch, secret: StoredSecret, password: string) {
  const key = `${secret.value} ${password}`
  const fitted = FITTED.get(device) ?? new Set()
  if (fitted.has(key)) return true
  if (!matches(secret, password)) return false
  FITTED.set(device, fitted.add(key))
  return true
}

function matches({ scheme, value }: StoredSecret, password: string) {
  if (scheme === 'sha512') return matchesSha512Crypt(password, value)
  if (scheme === '0') return same(password, value)
  const salt = /^\$1\$([^$]{1,8})\$/.exec(value)?.[1]
  return salt !== undefined && same(md5Crypt(password, salt), value)
}

function same(a: string, b: string) {
  return isSameBytes(Buffer.from(a), Buffer.from(b))
}

export interface Credentials {
  readonly username: string
  readonly password: string
}

interface Account {
  readonly privilege: number
  readonly role: string | undefined
  readonly secret: string | undefined
  readonly nopassword: boolean
  readonly keys: readonly string[]
}

const ALLOW_NOPASSWORD = 'aaa authentication policy local allow-nopassword-remote-login'

/** Who logs in with a password: the simulator's own login, which works until somebody changes the secret of its user or takes it away, or a user of the running-config. `from` is where, as the log prints it: `command-api (10.0.0.2)`. */
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
  const allowed = hasChild(device.running, ALLOW_NOPASSWORD)
  return allowed && accountOf(device, username)?.nopassword === true
}

/** Who a proven name is: the simulator's own login or a user of the running-config; undefined for nobody known. */
export function provenUser(device: Switch, username: string, from: string): CliUser | undefined {
  return username === device.options.credentials.username ? ownUser(device, from) : keyUser(device, username, from)
}

function isOwnLogin({ running, madeWith, options: { credentials } }: Switch) {
  if (running === madeWith) return true
  const [is, was] = [running, madeWith].map((tree) => linesOf(tree, credentials.username))
  const isGone = is?.length === 0 && was?.length !== 0
  return !isGone && secretsAmong(is) === secretsAmong(was)
}

function linesOf({ children }: ConfigTree, username: string) {
  return children.flatMap(({ line }) => (line.startsWith(`username ${username} `) ? [line] : []))
}

function secretsAmong(lines: readonly string[] = []) {
  return foundIn(lines, / secret (.+)$/).join('\n')
}

function ownUser({ options }: Switch, from: string): CliUser {
  const { credentials, privilege, enableSecret } = options
  const enable = enableSecret === undefined ? {} : { enable: (secret: string) => secret === enableSecret }
  return { user: credentials.username, from, privilege, ...enable }
}

function localUser(device: Switch, user: string, { privilege, role }: Account, from: string): CliUser {
  const [secret] = foundIn(device.running.children, /^enable (?:password|secret) (.+)$/)
  const known = { user, from, privilege, local: { role } }
  if (secret === undefined) return known
  const stored = readSecret(secret)
  return { ...known, enable: (typed) => stored !== undefined && secretFits(device, stored, typed) }
}

function passwordFits(device: Switch, username: string, { nopassword, secret }: Account, password: string) {
  if (nopassword) return opensWithoutPassword(device, username)
  const stored = secret === undefined ? undefined : readSecret(secret)
  return stored !== undefined && secretFits(device, stored, password)
}

function accountOf(device: Switch, username: string): Account | undefined {
  const head = `username ${username} `
  const lines = device.running.children.flatMap(({ line }) => (line.startsWith(head) ? [line.slice(head.length)] : []))
  if (lines.length === 0) return undefined
  const found = (pattern: RegExp) => foundIn(lines, pattern)[0]
  return {
    privilege: Number(found(/\bprivilege (\d+)/) ?? 1),
    role: found(/\brole (\S+)/),
    secret: found(/\bsecret (.+)$/),
    nopassword: lines.some((line) => /\bnopassword\b/.test(line)),
    keys: foundIn(lines, /^ssh-key (?:secondary )?(.+)$/),
  }
}
