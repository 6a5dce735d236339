import { portVariable, transportNamed } from '../../../change/inventory/source/ansible-plugins.ts'
import {
  type AskedSettings,
  portOf,
  type SourceConnection,
  type SourceReading,
  type SourceSettings,
  type SourceValues,
  textOf,
} from '../../../change/inventory/source/source-settings.ts'
import { hostsOfPattern } from '../../../change/roster/ansible/pattern.ts'
import { readAnsible } from '../../../change/roster/ansible/read-ansible.ts'
import {
  type Layer,
  type Roster,
  type RosterHost,
  type RosterValue,
  UnsafeText,
  type Variable,
  VaultText,
  variableOf,
} from '../../../change/roster/hosts/roster.ts'
import { hostValues } from '../../../change/roster/value/host-values.ts'
import {
  decryptVault,
  VaultFault,
  type VaultKeys,
  type VaultPassword,
} from '../../../change/roster/vault/decrypt-vault.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { definedMembers, WholeFloat } from '../../../model/json.ts'
import { ValueFault } from '../../../model/once.ts'
import { acceptUnless, type Tree } from '../../../text/source/located.ts'
import { plainValues, readFileSource } from './read-file-source.ts'

/** `at`: where `inventory.yaml` names it. */
export function readSource(settings: SourceSettings, at: Place, ports: SourcePorts): ValueOrProblems<SourceReading> {
  if ('ansible' in settings) return readAnsibleSource(settings, at, ports)
  if ('netbox' in settings || 'nautobot' in settings || 'exec' in settings) return readKeptSource(settings, at, ports)
  return readFileSource(settings, at, ports.tree)
}

export function pathsOf(settings: SourceSettings): readonly string[] {
  if ('ansible' in settings)
    return [...ansiblePaths(settings), ...(settings.playbooks === undefined ? [] : [settings.playbooks])]
  if ('nornir' in settings) return Object.values(settings.nornir).filter((path) => path !== undefined)
  if ('anta' in settings) return [settings.anta]
  if ('containerlab' in settings) return [settings.containerlab]
  if ('csv' in settings) return [settings.csv.file]
  if ('netbox' in settings || 'nautobot' in settings || 'exec' in settings) return []
  return settings satisfies never
}

function readKeptSource(
  settings: AskedSettings,
  at: Place,
  { kept, secret }: SourcePorts,
): ValueOrProblems<SourceReading> {
  const read = kept(settings, at)
  if (!read.ok) return read
  const { roster, label, warnings } = read.value
  const isProgram = 'exec' in settings
  const { tags, vars } = takenOf(settings)
  const known = new Map<RosterHost, SourceValues>()
  const valuesOf = (host: RosterHost) => {
    // What a program prints may be an inventory of Ansible as it is written; a service gives values.
    const values = known.get(host) ?? (isProgram ? hostValues(host, { onSecret: secret, roster }) : plainValues(host))
    known.set(host, values)
    return values
  }
  const problems: Problem[] = []
  const chosen = eosHosts(roster, valuesOf, problems)
  return acceptUnless(problems, () => ({
    label,
    at,
    tags,
    vars,
    roster,
    chosen: chosen.map(({ name }) => name),
    rule: 'has ansible_network_os eos or arista.eos.eos',
    hint: isProgram ? 'let the program print ansible_network_os' : 'check `query` and `platforms`',
    valuesOf,
    connectionOf: isProgram ? ansibleConnection : ownAddress,
    warnings: [...warnings, ...clearLogins(chosen), ...waysNotTaken(chosen)],
  }))
}

function takenOf(settings: AskedSettings): Pick<SourceReading, 'tags' | 'vars'> {
  if ('exec' in settings) return settings
  return 'netbox' in settings ? settings.netbox : settings.nautobot
}

function ownAddress(host: RosterHost, values: SourceValues): SourceConnection {
  const { host: _byName, ...connection } = ansibleConnection(host, values)
  return values.get('ansible_host') === undefined ? connection : ansibleConnection(host, values)
}

export type AnsibleSettings = Extract<SourceSettings, { readonly ansible: unknown }>

/** Reads an inventory of Ansible. */
export function readAnsibleSource(
  settings: AnsibleSettings,
  at: Place,
  { tree, password, secret, known, keys }: SourcePorts,
): ValueOrProblems<SourceReading> {
  const paths = ansiblePaths(settings)
  const { passwords, missing } = passwordsOf(settings, password)
  const read = readAnsible({
    tree,
    paths,
    ...definedMembers({ playbooks: settings.playbooks }),
    open: (envelope) => decryptVault(envelope, passwords, keys),
  })
  if (!read.ok) return read
  const { roster, notes } = read.value
  if (known !== undefined) for (const one of rosterSecrets(roster, passwords, keys)) known(one)
  const options = { vault: { passwords, keys }, onSecret: secret, roster }
  const values = new Map<RosterHost, SourceValues>()
  const valuesOf = (host: RosterHost) => {
    const known = values.get(host) ?? hostValues(host, options)
    values.set(host, known)
    return known
  }
  const problems: Problem[] = []
  const chosen =
    settings.only === undefined ? eosHosts(roster, valuesOf, problems) : namedHosts(roster, settings.only, at, problems)
  return acceptUnless(problems, () => ({
    label: `ansible ${paths.join(', ')}`,
    at,
    tags: settings.tags,
    vars: settings.vars,
    roster,
    chosen: chosen.map(({ name }) => name),
    ...(settings.only === undefined
      ? {
          rule: 'has ansible_network_os eos or arista.eos.eos',
          hint: 'name those that are switches with `only: GROUP`',
        }
      : { rule: `is meant by \`${settings.only}\``, hint: 'check the pattern under `only`' }),
    valuesOf,
    connectionOf: ansibleConnection,
    warnings: [
      ...missing.map((why) => passwordMissing(why, at)),
      ...notes,
      ...clearLogins(chosen, secret),
      ...waysNotTaken(chosen),
    ],
  }))
}

function ansiblePaths({ ansible }: AnsibleSettings): readonly string[] {
  return typeof ansible === 'string' ? [ansible] : ansible
}

function passwordsOf(
  { vault }: AnsibleSettings,
  password: SourcePorts['password'],
): { readonly passwords: readonly VaultPassword[]; readonly missing: readonly string[] } {
  const references = vault === undefined ? {} : typeof vault === 'string' ? { default: vault } : vault
  const found = Object.entries(references).map(([id, reference]) => ({ id, ...password(reference) }))
  return {
    passwords: found.flatMap((one) => ('secret' in one ? [{ id: one.id, secret: one.secret.trim() }] : [])),
    missing: found.flatMap((one) => ('why' in one ? [one.why] : [])),
  }
}

function passwordMissing(why: string, at: Place): Problem {
  return {
    code: 'inventory-vault',
    message: `a password under \`vault\` is not there: ${why}`,
    at,
    hint: 'what it opens cannot be read',
  }
}

function namedHosts(roster: Roster, pattern: string, at: Place, problems: Problem[]) {
  const names = hostsOfPattern(roster, pattern, at)
  if (!names.ok) {
    problems.push(...names.problems)
    return []
  }
  const wanted = new Set(names.value)
  return [...roster.hosts.values()].filter(({ name }) => wanted.has(name))
}

/** The secrets that a roster holds as it is written: inline values of a vault that one of the passwords opens, each once; texts and numbers of files that are encrypted as a whole; and passwords of logins in clear. */
export function rosterSecrets(
  { hosts, groups }: Roster,
  passwords: readonly VaultPassword[],
  keys: VaultKeys,
): ReadonlySet<string> {
  const layers = new Set<Layer>([...hosts.values(), ...groups.values()].flatMap((one) => one.layers))
  const scalars = [...layers].flatMap(({ vars }) => [...vars].flatMap(([name, variable]) => secretsIn(name, variable)))
  const envelopes = new Set(scalars.flatMap((one) => (one instanceof VaultText ? [one.envelope] : [])))
  return new Set([
    ...scalars.flatMap((one) => (one instanceof VaultText ? [] : [String(one)])),
    ...(passwords.length === 0 ? [] : [...envelopes].flatMap((envelope) => opened(envelope, passwords, keys))),
  ])
}

function secretsIn(name: string, { value, isSecret }: Variable): readonly RosterScalar[] {
  const isKnown = isSecret === true || isLoginPassword(name)
  return scalarsIn(value).filter((one) => one instanceof VaultText || (isKnown && !String(one).includes('{{')))
}

function scalarsIn(value: RosterValue): readonly RosterScalar[] {
  if (value instanceof VaultText) return [value]
  if (value instanceof UnsafeText) return [value.text]
  if (value instanceof WholeFloat) return [value.value]
  if (value === null || typeof value === 'boolean') return []
  if (typeof value !== 'object') return [value]
  return Object.values<RosterValue>(value).flatMap(scalarsIn)
}

type RosterScalar = VaultText | string | number | bigint

function opened(envelope: string, passwords: readonly VaultPassword[], keys: VaultKeys) {
  try {
    return [decryptVault(envelope, passwords, keys)]
  } catch (error) {
    if (error instanceof VaultFault) return []
    throw error
  }
}

/** How Ansible reaches a host: `ansible_host`, else its name; `ansible_httpapi_port` over eAPI and `ansible_port` over SSH, as its plugins read them (ansible.netcommon, `httpapi` and `network_cli`, option `port`). What weakens the connection is not taken over, neither `ansible_httpapi_use_ssl: false` nor `ansible_httpapi_validate_certs: false`. */
export function ansibleConnection(host: RosterHost, values: SourceValues): SourceConnection {
  const address = values.get('ansible_host')
  const text = textOf(address, 'ansible_host')
  const transport = transportNamed(textOf(values.get('ansible_connection'), 'ansible_connection') ?? '')
  const portName = portVariable(transport)
  const port = portOf(values.get(portName), portName)
  return {
    host: text === undefined || address === undefined ? { text: host.name, at: host.at } : { text, at: address.at },
    ...definedMembers({ port, transport }),
  }
}

/** The systems of hosts that are switches unless `only` says it. */
export const EOS: readonly string[] = ['eos', 'arista.eos.eos']

/** Whether a host runs EOS, by `ansible_network_os`. Throws `ValueFault`. */
export function isEos(values: SourceValues): boolean {
  return EOS.includes(textOf(values.get('ansible_network_os'), 'ansible_network_os') ?? '')
}

// The hosts that run EOS. Of one whose system cannot be read nobody knows: it is a problem, never another system.
function eosHosts(
  { hosts }: Roster,
  valuesOf: (host: RosterHost) => SourceValues,
  problems: Problem[],
): readonly RosterHost[] {
  return [...hosts.values()].filter((host) => {
    try {
      return isEos(valuesOf(host))
    } catch (error) {
      if (!(error instanceof ValueFault)) throw error
      problems.push(error.problem)
      return false
    }
  })
}

/** Passwords of a login, which are never taken from a source. */
export const LOGIN_PASSWORDS = [
  'ansible_password',
  'ansible_ssh_pass',
  'ansible_ssh_password',
  'ansible_httpapi_pass',
  'ansible_httpapi_password',
  'ansible_become_pass',
  'ansible_become_password',
] as const

// Whether a variable is the password of a login.
function isLoginPassword(name: string): boolean {
  return (LOGIN_PASSWORDS as readonly string[]).includes(name)
}

// Arguments of `ssh` and paramiko by which a host is reached over another one (ansible.builtin.ssh, ansible.netcommon.network_cli).
const WAYS = ['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args', 'ansible_paramiko_proxy_command']

export function waysNotTaken(hosts: readonly RosterHost[]): readonly Problem[] {
  const found = new Map<string, Problem>()
  for (const host of hosts) {
    for (const name of WAYS) {
      const variable = variableOf(host, name)
      if (typeof variable?.value !== 'string' || !isWay(name, variable.value)) continue
      const { file, line, column } = variable.at
      found.set(`${file} ${line} ${column}`, {
        code: 'inventory-way',
        message: `${name} names a host on the way to others; it is not used`,
        at: variable.at,
        hint: 'declare that host under `jumps` of inventory.yaml, and name it with `via` (docs/reach.md)',
      })
    }
  }
  return [...found.values()]
}

const isWay = (name: string, value: string) =>
  name === 'ansible_paramiko_proxy_command' ? value.trim() !== '' : /proxy(?:jump|command)|(?:^|\s)-J/i.test(value)

// One warning for each file in which the password of a login is in clear text. `secret` hears each: a template may put it into another value.
function clearLogins(
  hosts: readonly RosterHost[],
  secret: (value: string) => void = () => undefined,
): readonly Problem[] {
  const first = new Map<string, { readonly name: string; readonly at: Place }>()
  for (const host of hosts) {
    for (const name of LOGIN_PASSWORDS) {
      const variable = variableOf(host, name)
      if (typeof variable?.value !== 'string' || variable.isSecret === true || variable.value.includes('{{')) continue
      secret(variable.value)
      const known = first.get(variable.at.file)
      if (known === undefined || variable.at.line < known.at.line)
        first.set(variable.at.file, { name, at: variable.at })
    }
  }
  return [...first.values()].map(({ name, at }) => ({
    code: 'inventory-login',
    message: `${name} is in clear text; it is not used`,
    at,
    hint: 'logins come from `credentials` of inventory.yaml; take it out here, or encrypt it with ansible-vault',
  }))
}

export interface KeptSource {
  readonly label: string
  readonly roster: Roster
  readonly warnings: readonly Problem[]
}

export interface SourcePorts {
  readonly tree: Tree
  /** The password behind a reference, or why it is not at hand. */
  readonly password: (reference: string) => { readonly secret: string } | { readonly why: string }
  /** `at`: where `inventory.yaml` names it. */
  readonly kept: (settings: AskedSettings, at: Place) => ValueOrProblems<KeptSource>
  readonly secret: (value: string) => void
  /** Hears at once every secret that a source holds, also those that nobody reads. */
  readonly known?: (value: string) => void
  readonly keys: VaultKeys
}

export interface RosterSource {
  readonly tree: Tree
  readonly paths: readonly string[]
  /** Throws an Error that says why it cannot. */
  readonly open?: (envelope: string, at: Place) => string
}

export interface ReadRoster {
  readonly roster: Roster
  readonly notes: readonly Problem[]
}

export type RosterReader = (source: RosterSource) => ValueOrProblems<ReadRoster>
