import type { SourceReading, SourceValues } from '../../../change/inventory/source/source-reading.ts'
import type { SourceSettings } from '../../../change/inventory/source/source-settings.ts'
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
} from '../../../change/roster/hosts/roster.ts'
import { hostValues } from '../../../change/roster/value/host-values.ts'
import {
  decryptVault,
  VaultFault,
  type VaultKeys,
  type VaultPassword,
} from '../../../change/roster/vault/decrypt-vault.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import { WholeFloat } from '../../../model/whole-float.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import { ansibleConnection, clearLogins, eosHosts, isLoginPassword, waysNotTaken } from './ansible-connection.ts'
import type { SourcePorts } from './source-ports.ts'

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

export function ansiblePaths({ ansible }: AnsibleSettings): readonly string[] {
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
