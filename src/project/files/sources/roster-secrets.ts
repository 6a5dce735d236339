import {
  type Layer,
  type Roster,
  type RosterValue,
  UnsafeText,
  type Variable,
  VaultText,
} from '../../../change/roster/hosts/roster.ts'
import { decryptVault, type VaultPassword } from '../../../change/roster/vault/decrypt-vault.ts'
import { VaultFault } from '../../../change/roster/vault/vault-fault.ts'
import type { VaultKeys } from '../../../change/roster/vault/vault-keys.ts'
import { WholeFloat } from '../../../model/whole-float.ts'
import { isLoginPassword } from './ansible-connection.ts'

/**
 * The secrets that a roster holds as it is written: inline values of a vault that one of the passwords opens, each once; texts and numbers of
 * files that are encrypted as a whole; and passwords of logins in clear. What cannot be opened is said where it is read.
 */
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

/** What a template makes of a value is known when it is rendered. */
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

function opened(envelope: string, passwords: readonly VaultPassword[], keys: VaultKeys): readonly string[] {
  try {
    return [decryptVault(envelope, passwords, keys)]
  } catch (error) {
    if (error instanceof VaultFault) return []
    throw error
  }
}
