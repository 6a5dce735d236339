import type { Place, Problem } from '../../model/error.ts'
import { definedMembers, ownMember } from '../../model/json.ts'
import { isFault, readReference, type SecretReference, type SecretSettings } from '../../model/secret-reference.ts'
import { keyPlaceOf, type LocatedValue, type Path, placeOf } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { hostProblem } from './host-problem.ts'
import { hopsOf } from './jumps.ts'
import type { InventoryFile } from './schema.ts'
import { isLoopback } from './switch/secret-settings.ts'
import { proofsAtOnce, transportFacts } from './transports.ts'

export type SecretSource = SecretReference | { readonly provider: 'simulated'; readonly text: string }

export interface CredentialSource {
  readonly username: string
  readonly password?: SecretSource
  readonly key?: SecretSource
  readonly passphrase?: SecretSource
  readonly agent?: true | string
  readonly certificate?: string
  readonly enable?: SecretSource
  readonly simulated?: true
  /** The name of a credential that has no login of its own: whose password a person types. */
  readonly asked?: string
  readonly at?: Place
}

type DeviceEntry = InventoryFile['devices'][string]
type CredentialEntry = InventoryFile['credentials'][string]

// The members of a credential that hold a secret.
const SECRET_MEMBERS = ['password', 'key', 'passphrase', 'enable'] as const

const NAMES = ['credentials', 'readCredentials'] as const

export function credentialSource(name: string, entry: CredentialEntry, at: Place): CredentialSource {
  return {
    at,
    ...(hasLogin(entry) ? {} : { asked: name }),
    username: entry.username,
    ...definedMembers({
      simulated: entry.simulated,
      password: sourceOf(entry.password),
      key: sourceOf(entry.key),
      passphrase: sourceOf(entry.passphrase),
      agent: entry.agent,
      certificate: entry.certificate,
      enable: sourceOf(entry.enable),
    }),
  }
}

function hasLogin({ password, key, agent }: CredentialEntry) {
  return password !== undefined || key !== undefined || agent !== undefined
}

function sourceOf(text: string | undefined): SecretSource | undefined {
  if (text === undefined) return undefined
  const read = readReference(text)
  return read === undefined || isFault(read) ? { provider: 'simulated', text } : read
}

export interface CredentialRules {
  readonly stores?: SecretSettings | undefined
  /** Whether a person types the password of a credential that has neither a password nor a key. */
  readonly asks?: boolean
}

export function credentialProblems(
  credentials: InventoryFile['credentials'],
  located: LocatedValue,
  { stores, asks = false }: CredentialRules,
): Problem[] {
  return Object.entries(credentials).flatMap(([name, entry]) => [
    ...SECRET_MEMBERS.flatMap((member) => {
      const text = entry[member]
      if (text === undefined) return []
      const at = placeOf(located, ['credentials', name, member])
      const problem = secretProblem(member, text, entry.simulated === true, at, stores)
      return problem === undefined ? [] : [problem]
    }),
    ...(asks || hasLogin(entry) ? [] : [noLogin(name, located)]),
    ...(entry.key === undefined ? keyMissing(name, entry, located) : []),
  ])
}

function secretProblem(
  member: string,
  text: string,
  isSimulated: boolean,
  at: Place,
  stores: SecretSettings | undefined,
): Problem | undefined {
  const read = readReference(text)
  if (read === undefined) return isSimulated ? undefined : clearText(member, at)
  if (isFault(read)) {
    return { code: 'bad-reference', message: `\`${member}\` is not understood: ${read.fault}`, at, hint: read.hint }
  }
  return stores === undefined ? undefined : undeclaredStore(read, stores, at)
}

function clearText(member: string, at: Place): Problem {
  return {
    code: 'clear-text-secret',
    message: `\`${member}\` is written in clear text`,
    at,
    hint: `write where it is kept ('\${env:EOSFLOW_RW}'), then choose a new one, for this one could be read; only a \`simulated: true\` login may have it here`,
  }
}

function undeclaredStore(reference: SecretReference, stores: SecretSettings, at: Place): Problem | undefined {
  if (reference.provider === 'vault' && stores.vault === undefined) {
    const hint = 'declare it under `secrets: vault:` in eosflow.yaml'
    return { code: 'unknown-store', message: 'the settings name no Vault', at, hint }
  }
  if (reference.provider !== 'exec' || Object.hasOwn(stores.exec, reference.name)) return undefined
  const message = `the settings declare no program \`${reference.name}\``
  const known = Object.keys(stores.exec)
  const hint =
    known.length === 0 ? 'declare it under `secrets: exec:` in eosflow.yaml' : didYouMean(reference.name, known)
  return { code: 'unknown-store', message, at, hint }
}

function noLogin(name: string, located: LocatedValue): Problem {
  return {
    code: 'no-login',
    message: `the credential \`${name}\` has neither a password nor a key`,
    at: keyPlaceOf(located, ['credentials', name]),
    hint: 'add `password: ${file:/path}`, or what a program prints: `${exec:PROVIDER}`; for SSH `key` or `agent: true`. At a terminal --ask-password asks for it',
  }
}

function keyMissing(name: string, entry: CredentialEntry, located: LocatedValue): Problem[] {
  return (['certificate', 'passphrase'] as const).flatMap((member) => {
    if (entry[member] === undefined) return []
    const message = `the credential \`${name}\` has a ${member} and no key`
    const at = placeOf(located, ['credentials', name, member])
    return [{ code: 'no-key', message, at, hint: `add \`key: \${file:PATH}\`, its private key` }]
  })
}

/** What is wrong with the users of one switch: `merged` is the switch with its defaults, `path` its own part of the file. */
export function loginProblems(
  merged: Partial<DeviceEntry>,
  credentials: InventoryFile['credentials'],
  located: LocatedValue,
  { path, hostAt, isBehind }: { readonly path: Path; readonly hostAt: Place; readonly isBehind: boolean },
): Problem[] {
  const missing = merged.credentials === undefined ? [noCredentials(located, path)] : []
  const used = NAMES.flatMap((member) => {
    const name = merged[member]
    if (name === undefined) return []
    const at = nearestOf(located, [...path, member], ['defaults', member])
    const entry = ownMember(credentials, name)
    if (entry === undefined) return [unknownCredential(name, Object.keys(credentials), at)]
    return [
      simulatedLogin(merged.host ?? '', entry, hostAt, isBehind),
      passwordMissing(merged.transport, name, entry, at),
    ].filter((problem) => problem !== undefined)
  })
  return [...missing, ...used]
}

export function jumpProblems(
  { jumps, credentials }: Pick<InventoryFile, 'jumps' | 'credentials'>,
  located: LocatedValue,
): Problem[] {
  return Object.entries(jumps).flatMap(([name, { host, credentials: user, ssh, via }]) => {
    const placeAt = (member: string) => placeOf(located, ['jumps', name, member])
    const entry = ownMember(credentials, user)
    const found = [
      hostProblem(host, placeAt('host')),
      entry === undefined
        ? unknownCredential(user, Object.keys(credentials), placeAt('credentials'))
        : simulatedLogin(host, entry, placeAt('host'), hopsOf(via, jumps).length > 0),
      ...proofsAtOnce({ ssh }).map(({ given }) => ({
        code: 'ssh-contradiction',
        message: `\`ssh\` asks for ${given.join(' and ')} at once`,
        at: placeAt('ssh'),
        hint: `keep one of ${given.map((key) => `\`${key}\``).join(', ')}`,
      })),
    ]
    return found.filter((problem) => problem !== undefined)
  })
}

function passwordMissing(
  transport: DeviceEntry['transport'],
  name: string,
  { password, key, agent, certificate }: CredentialEntry,
  at: Place,
): Problem | undefined {
  if (password !== undefined || (key ?? agent) === undefined || certificate !== undefined) return undefined
  if (transportFacts(transport).takesKey) return undefined
  return {
    code: 'no-password',
    message: `the credential \`${name}\` has no password, and eAPI takes no key`,
    at,
    hint: 'add `password` or `certificate` to the credential, or reach the switch by `transport: ssh`',
  }
}

function simulatedLogin(
  host: string,
  { simulated }: CredentialEntry,
  at: Place,
  isBehind: boolean,
): Problem | undefined {
  if (simulated !== true || (isLoopback(host) && !isBehind)) return undefined
  return {
    code: 'simulated-login',
    message: `the simulated login is not for ${host}${isBehind ? ' behind a jump host' : ''}`,
    at,
    hint: 'it is in clear text and for switches on loopback only; give this switch other credentials',
  }
}

function noCredentials(located: LocatedValue, path: Path): Problem {
  return {
    code: 'no-credentials',
    message: `the switch \`${path.at(-1)}\` has no credentials`,
    at: keyPlaceOf(located, path),
    hint: 'add `credentials: NAME` to the switch or to `defaults`',
  }
}

function unknownCredential(name: string, known: string[], at: Place): Problem {
  return {
    code: 'unknown-credential',
    message: `there is no credential \`${name}\``,
    at,
    hint: didYouMean(name, known),
  }
}

export function nearestOf(located: LocatedValue, path: Path, fallback: Path): Place {
  const own = placeOf(located, path)
  const around = placeOf(located, path.slice(0, -1))
  return own.line === around.line && own.column === around.column ? placeOf(located, fallback) : own
}
