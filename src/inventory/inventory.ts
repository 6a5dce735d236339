import { isIP } from 'node:net'
import type { Address, DeviceTarget } from '../device/transport.ts'
import type { Checked, Place, Problem } from '../model/problem.ts'
import type { SecretSettings } from '../model/secret-settings.ts'
import { plainValue } from '../roster/plain-value.ts'
import type { RosterHost } from '../roster/roster.ts'
import { acceptUnless } from '../source/checked.ts'
import { type Located, type Path, placeOf, writtenAt } from '../source/located.ts'
import { parseWith } from '../source/parse-with.ts'
import { readYaml } from '../source/yaml.ts'
import { type CredentialSource, credentialProblems, credentialSource, loginProblems, nearestOf } from './credentials.ts'
import { type DeviceVars, varsOf } from './device-vars.ts'
import { isLoopback } from './origin.ts'
import { groupProblems, laidOver, NOBODY } from './own-roster.ts'
import { type InventoryFile, inventorySchema } from './schema.ts'
import { proofsAtOnce, transportFacts, type Written } from './transports.ts'

/** One switch of the inventory: how it is reached, the names of its credentials, its tags, groups and variables. */
export type InventoryDevice = DeviceTarget & {
  /** Who changes it. */
  readonly credentials: string
  /** Who reads it, where that is another user. */
  readonly readCredentials?: string
  readonly tags: Readonly<Record<string, string>>
  /** All groups it is in, directly or not, `all` aside; the weakest first. */
  readonly groups: readonly string[]
  readonly vars: DeviceVars
  /** Nobody needs it: things may be tried on it. */
  readonly lab?: true
}

/** Which switches there are, in the order of the file. */
export interface Inventory {
  readonly file: string
  readonly devices: readonly InventoryDevice[]
  readonly credentials: Readonly<Record<string, CredentialSource>>
}

type DeviceEntry = InventoryFile['devices'][string]

/**
 * Reads `inventory.yaml`: the inventory, or everything that is wrong with it. `stores`: where the project's settings let secrets
 * come from; without it references to programs and to Vault are not compared with them.
 */
export function parseInventory(text: string | Uint8Array, file: string, stores?: SecretSettings): Checked<Inventory> {
  const read = readYaml(text, file)
  if (!read.ok) return read
  const parsed = parseWith(inventorySchema, read.value)
  if (!parsed.ok) return parsed
  const located = read.value
  const problems = [
    ...credentialProblems(parsed.value.credentials, located, stores),
    ...deviceProblems(parsed.value, located),
    ...sharedAddresses(parsed.value, located),
    ...groupProblems(NOBODY, parsed.value, located),
  ]
  return acceptUnless(problems, () => inventoryOf(parsed.value, located, file))
}

function inventoryOf(written: InventoryFile, located: Located, file: string): Inventory {
  const sources = Object.entries(written.credentials).map(([name, entry]) => [name, credentialSource(entry)] as const)
  const { hosts } = laidOver(NOBODY, written, located)
  const devices = Object.entries(written.devices).map(([name, entry]) => {
    const tags = tagsOf(entry.tags ?? {}, (tag) => writtenAt(located, ['devices', name, 'tags', tag]))
    return deviceOf(hosts.get(name) as RosterHost, { ...entry, tags }, written.defaults)
  })
  return { file, devices, credentials: Object.fromEntries(sources) }
}

/** Tags are text, as it is written: `010` is not 10, and `1.0` is not 1. */
function tagsOf(
  tags: Readonly<Record<string, string>>,
  written: (tag: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [tag, written(tag) ?? value]))
}

function deviceOf(host: RosterHost, entry: DeviceEntry, defaults: InventoryFile['defaults']): InventoryDevice {
  const merged = { ...defaults, ...entry }
  const address = { name: host.name, host: entry.host, port: portOf(merged), ...sessionTerms(merged) }
  const user = {
    credentials: merged.credentials ?? '',
    ...(merged.readCredentials === undefined ? {} : { readCredentials: merged.readCredentials }),
    tags: entry.tags ?? {},
    groups: host.groups,
    vars: varsOf(host, plainValue),
    ...(entry.lab === undefined ? {} : { lab: entry.lab }),
  }
  return { ...transportFacts(merged.transport).target(address, merged), ...user }
}

/** How a switch is spoken to once it is reached; what is as usual is left out, so that plans keep their digests. */
function sessionTerms({
  sendEnable,
  answerWithin,
}: Partial<DeviceEntry>): Pick<Address, 'sendEnable' | 'answerSeconds'> {
  return {
    ...(sendEnable === false ? { sendEnable } : {}),
    ...(answerWithin === undefined ? {} : { answerSeconds: answerWithin }),
  }
}

function portOf(written: Written): number {
  return written.port ?? transportFacts(written.transport).port(written)
}

function deviceProblems({ devices, defaults, credentials }: InventoryFile, located: Located): Problem[] {
  return Object.entries(devices)
    .flatMap(([name, entry]) => {
      const path = ['devices', name]
      return [
        hostProblem(entry.host, placeOf(located, [...path, 'host'])),
        plainHttp({ ...defaults, ...entry }, located, path),
        ...contradictions(entry, path, located),
        enableNotSent({ ...defaults, ...entry }, credentials, located, path),
        ...loginProblems({ ...defaults, ...entry }, credentials, located, path),
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
    : 'write an address (10.0.0.11, 2001:db8::11) or a name (leaf1.example.net); the port is a separate key'
  return { code: 'bad-host', message: `\`${host}\` is neither an address nor a host name`, at, hint }
}

function plainHttp(merged: Partial<DeviceEntry>, located: Located, path: Path): Problem | undefined {
  if (!transportFacts(merged.transport).isInClear(merged)) return undefined
  if (merged.host === undefined || isLoopback(merged.host)) return undefined
  return {
    code: 'plain-http',
    message: `plain http to ${merged.host} would send the password in clear text`,
    at: nearestOf(located, [...path, 'protocol'], ['defaults', 'protocol']),
    hint: 'use https; http is for simulated switches on loopback (127.0.0.1)',
  }
}

/** A secret that is kept for nothing: one of the two is a mistake. */
function enableNotSent(
  { sendEnable, credentials: name = '' }: Partial<DeviceEntry>,
  credentials: InventoryFile['credentials'],
  located: Located,
  path: Path,
): Problem | undefined {
  if (sendEnable !== false || credentials[name]?.enable === undefined) return undefined
  return {
    code: 'enable-not-sent',
    message: `\`sendEnable: false\` contradicts the enable secret of the credential \`${name}\``,
    at: nearestOf(located, [...path, 'sendEnable'], ['defaults', 'sendEnable']),
    hint: 'take one of the two out: without `enable` no secret is asked for',
  }
}

function contradictions(entry: Partial<DeviceEntry>, path: Path, located: Located): Problem[] {
  return proofsAtOnce(entry).map(({ setting, given }) => {
    const hint = `keep one of ${given.map((key) => `\`${key}\``).join(', ')}`
    const message = `\`${setting}\` asks for ${given.join(' and ')} at once`
    return { code: `${setting}-contradiction`, message, at: placeOf(located, [...path, setting]), hint }
  })
}

/** Two names for one address would change one switch twice at the same time. */
function sharedAddresses({ devices, defaults }: InventoryFile, located: Located): Problem[] {
  const owner = new Map<string, string>()
  return Object.entries(devices).flatMap(([name, entry]) => {
    const address = `${oneSpelling(entry.host)} port ${portOf({ ...defaults, ...entry })}`
    const other = owner.get(address)
    owner.set(address, other ?? name)
    if (other === undefined) return []
    const at = placeOf(located, ['devices', name, 'host'])
    const message = `\`${name}\` has the address of \`${other}\`: ${address}`
    return [{ code: 'shared-address', message, at, hint: 'give each switch its own address, or delete one name' }]
  })
}

/** IPv6 addresses have many spellings (RFC 5952), and a name is the same with the dot of the root. */
function oneSpelling(host: string): string {
  if (isIP(host) !== 6 || host.includes('%')) return host.toLowerCase().replace(/\.$/, '')
  return new URL(`http://[${host}]/`).hostname.slice(1, -1)
}
