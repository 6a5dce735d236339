import { isIP } from 'node:net'
import type { DeviceTarget, HostKeyMode, TlsMode } from '../device/transport.ts'
import type { Checked, Place, Problem } from '../model/problem.ts'
import { acceptUnless } from '../source/checked.ts'
import { keyPlaceOf, type Located, type Path, placeOf } from '../source/located.ts'
import { parseWith } from '../source/parse-with.ts'
import { didYouMean } from '../source/suggest.ts'
import { readYaml } from '../source/yaml.ts'
import { parseReference, type SecretReference } from './reference.ts'
import { type InventoryFile, inventorySchema } from './schema.ts'

/** A secret's reference, or the invented text of a simulated switch. */
export type SecretSource = SecretReference | { readonly provider: 'simulated'; readonly text: string }

/** A user of switches, unresolved. */
export interface CredentialSource {
  readonly username: string
  readonly password?: SecretSource
  /** A private key for SSH. */
  readonly key?: SecretSource
  readonly enable?: SecretSource
}

/** One switch of the inventory: how it is reached, the name of its credential, and its tags. */
export type InventoryDevice = DeviceTarget & {
  readonly credentials: string
  readonly tags: Readonly<Record<string, string>>
}

/** Which switches there are, in the order of the file. */
export interface Inventory {
  readonly file: string
  readonly devices: readonly InventoryDevice[]
  readonly credentials: Readonly<Record<string, CredentialSource>>
}

type DeviceEntry = InventoryFile['devices'][string]
type CredentialEntry = InventoryFile['credentials'][string]

/** Reads `inventory.yaml`: the inventory, or everything that is wrong with it. */
export function parseInventory(text: string | Uint8Array, file: string): Checked<Inventory> {
  const read = readYaml(text, file)
  if (!read.ok) return read
  const parsed = parseWith(inventorySchema, read.value)
  if (!parsed.ok) return parsed
  const located = read.value
  const problems = [
    ...credentialProblems(parsed.value.credentials, located),
    ...deviceProblems(parsed.value, located),
    ...sharedAddresses(parsed.value, located),
  ]
  return acceptUnless(problems, () => inventoryOf(parsed.value, file))
}

function inventoryOf(written: InventoryFile, file: string): Inventory {
  const sources = Object.entries(written.credentials).map(([name, entry]) => [name, credentialSource(entry)] as const)
  const devices = Object.entries(written.devices).map(([name, entry]) => deviceOf(name, entry, written.defaults))
  return { file, devices, credentials: Object.fromEntries(sources) }
}

function deviceOf(name: string, entry: DeviceEntry, defaults: InventoryFile['defaults']): InventoryDevice {
  const merged = { ...defaults, ...entry }
  const address = { name, host: entry.host, port: portOf(merged) }
  const user = { credentials: merged.credentials ?? '', tags: entry.tags ?? {} }
  if (merged.transport === 'ssh') return { ...address, transport: 'ssh', hostKey: hostKeyMode(merged.ssh), ...user }
  const protocol = merged.protocol ?? 'https'
  return { ...address, transport: 'eapi', protocol, tls: tlsMode(merged.tls), ...user }
}

function portOf({ port, protocol, transport }: Partial<DeviceEntry>): number {
  return port ?? (transport === 'ssh' ? 22 : protocol === 'http' ? 80 : 443)
}

function hostKeyMode(ssh: DeviceEntry['ssh']): HostKeyMode {
  if (ssh?.hostKey !== undefined) return { mode: 'pin', fingerprint: ssh.hostKey }
  return { mode: 'known-hosts', file: ssh?.knownHosts ?? '~/.ssh/known_hosts' }
}

function tlsMode(tls: DeviceEntry['tls']): TlsMode {
  if (tls?.ca !== undefined) return { mode: 'ca', file: tls.ca }
  if (tls?.pin !== undefined) return { mode: 'pin', sha256: tls.pin.slice('sha256/'.length) }
  return tls?.insecure === true ? { mode: 'insecure' } : { mode: 'system' }
}

function credentialSource(entry: CredentialEntry): CredentialSource {
  const source = (text: string): SecretSource => parseReference(text) ?? { provider: 'simulated', text }
  return {
    username: entry.username,
    ...(entry.password === undefined ? {} : { password: source(entry.password) }),
    ...(entry.key === undefined ? {} : { key: source(entry.key) }),
    ...(entry.enable === undefined ? {} : { enable: source(entry.enable) }),
  }
}

function credentialProblems(credentials: InventoryFile['credentials'], located: Located): Problem[] {
  return Object.entries(credentials).flatMap(([name, entry]) => [
    ...(['password', 'key', 'enable'] as const).flatMap((member) => {
      const text = entry[member]
      if (text === undefined || entry.simulated === true || parseReference(text) !== undefined) return []
      return [clearText(member, placeOf(located, ['credentials', name, member]), text)]
    }),
    ...(entry.password === undefined && entry.key === undefined ? [noLogin(name, located)] : []),
  ])
}

function noLogin(name: string, located: Located): Problem {
  return {
    code: 'no-login',
    message: `the credential \`${name}\` has neither a password nor a key`,
    at: keyPlaceOf(located, ['credentials', name]),
    hint: `add \`password: \${env:NAME}\``,
  }
}

/** A private key logs in over SSH alone. */
function passwordMissing(
  { transport, credentials: name = '' }: Partial<DeviceEntry>,
  credentials: InventoryFile['credentials'],
  located: Located,
  path: Path,
): Problem | undefined {
  const used = credentials[name]
  if (transport === 'ssh' || used === undefined || used.key === undefined || used.password !== undefined)
    return undefined
  return {
    code: 'no-password',
    message: `the credential \`${name}\` has no password, and eAPI takes no key`,
    at: nearestOf(located, [...path, 'credentials'], ['defaults', 'credentials']),
    hint: 'add `password` to the credential, or reach the switch by `transport: ssh`',
  }
}

function clearText(member: string, at: Place, text: string): Problem {
  if (text.startsWith('${')) {
    const hint = `write \${env:NAME}, \${file:PATH}, \${vault:PATH} or \${exec:COMMAND}`
    return { code: 'bad-reference', message: `the reference of \`${member}\` is not understood`, at, hint }
  }
  return {
    code: 'clear-text-secret',
    message: `\`${member}\` is written in clear text`,
    at,
    hint: `write where it is kept ('\${env:EOSFLOW_RW}'), and change the one that stood here; only a \`simulated: true\` login may`,
  }
}

function deviceProblems({ devices, defaults, credentials }: InventoryFile, located: Located): Problem[] {
  return Object.entries(devices)
    .flatMap(([name, entry]) => {
      const path = ['devices', name]
      return [
        hostProblem(entry.host, placeOf(located, [...path, 'host'])),
        plainHttp({ ...defaults, ...entry }, located, path),
        simulatedLogin(
          entry,
          credentials[entry.credentials ?? defaults.credentials ?? ''],
          placeOf(located, [...path, 'host']),
        ),
        ...contradictions(entry, path, located),
        passwordMissing({ ...defaults, ...entry }, credentials, located, path),
        unknownCredential(entry.credentials ?? defaults.credentials, Object.keys(credentials), located, path),
      ].filter((problem) => problem !== undefined)
    })
    .concat(contradictions(defaults, ['defaults'], located))
}

function hostProblem(host: string, at: Place): Problem | undefined {
  if (isIP(host) !== 0 || /^(?!-)[A-Za-z0-9_-]{1,63}(\.(?!-)[A-Za-z0-9_-]{1,63})*\.?$/.test(host)) {
    return /^[\d.]+$/.test(host) && isIP(host) === 0 ? badHost(host, at) : undefined
  }
  return badHost(host, at)
}

function badHost(host: string, at: Place): Problem {
  const hint = host.includes('://')
    ? 'write the address alone; `protocol` and `port` are keys of their own'
    : 'write an address (10.0.0.11, 2001:db8::11) or a name (leaf1.example.net); a port is a key of its own'
  return { code: 'bad-host', message: `\`${host}\` is neither an address nor a host name`, at, hint }
}

/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function plainHttp(merged: Partial<DeviceEntry>, located: Located, path: Path): Problem | undefined {
  if (merged.transport === 'ssh' || merged.protocol !== 'http' || merged.host === undefined || isLoopback(merged.host))
    return undefined
  return {
    code: 'plain-http',
    message: `plain http to ${merged.host} would send the password in clear text`,
    at: nearestOf(located, [...path, 'protocol'], ['defaults', 'protocol']),
    hint: 'use https; http is for simulated switches on loopback (127.0.0.1)',
  }
}

function simulatedLogin(
  { host }: DeviceEntry,
  credential: CredentialEntry | undefined,
  at: Place,
): Problem | undefined {
  if (credential?.simulated !== true || isLoopback(host)) return undefined
  return {
    code: 'simulated-login',
    message: `the simulated login is not for ${host}`,
    at,
    hint: 'it stands in clear text and is for switches on loopback only; give this switch credentials of its own',
  }
}

function nearestOf(located: Located, path: Path, fallback: Path): Place {
  const own = placeOf(located, path)
  const around = placeOf(located, path.slice(0, -1))
  return own.line === around.line && own.column === around.column ? placeOf(located, fallback) : own
}

function contradictions(entry: Partial<DeviceEntry>, path: Path, located: Located): Problem[] {
  return (['tls', 'ssh'] as const).flatMap((member) => {
    const given = Object.keys(entry[member] ?? {})
    if (given.length < 2) return []
    const hint = `keep one of ${given.map((key) => `\`${key}\``).join(', ')}`
    const message = `\`${member}\` asks for ${given.join(' and ')} at once`
    return [{ code: `${member}-contradiction`, message, at: placeOf(located, [...path, member]), hint }]
  })
}

function unknownCredential(
  name: string | undefined,
  known: string[],
  located: Located,
  path: Path,
): Problem | undefined {
  if (name !== undefined && known.includes(name)) return undefined
  if (name === undefined) {
    const message = `the switch \`${path.at(-1)}\` has no credentials`
    const hint = 'add `credentials: NAME` to the switch or to `defaults`'
    return { code: 'no-credentials', message, at: keyPlaceOf(located, path), hint }
  }
  const at = nearestOf(located, [...path, 'credentials'], ['defaults', 'credentials'])
  const message = `there is no credential \`${name}\``
  return { code: 'unknown-credential', message, at, hint: didYouMean(name, known) }
}

/** Two names for one address would change one switch twice at the same time. */
function sharedAddresses({ devices, defaults }: InventoryFile, located: Located): Problem[] {
  const owner = new Map<string, string>()
  return Object.entries(devices).flatMap(([name, entry]) => {
    const address = `${entry.host.toLowerCase()} port ${portOf({ ...defaults, ...entry })}`
    const other = owner.get(address)
    owner.set(address, other ?? name)
    if (other === undefined) return []
    const at = placeOf(located, ['devices', name, 'host'])
    const message = `\`${name}\` has the address of \`${other}\`: ${address}`
    return [{ code: 'shared-address', message, at, hint: 'give each switch its own address, or delete one name' }]
  })
}
