import type { SourceValues } from '../../../change/inventory/source/source-reading.ts'
import { ValueFault } from '../../../model/lazy-value.ts'
import { problemOf } from '../../../model/problem.ts'
import { isEos } from '../../files/sources/ansible-connection.ts'
import { InputError } from '../../system/process/input-error.ts'

/** A host of an inventory that is no switch of the project, and why. */
export interface OtherHost {
  readonly name: string
  readonly why: string
}

/** So many hosts are named that are left out for one reason. */
const MOST_NAMED = 8

/** Refuses to leave hosts out that one did not say may be: a switch with a slip of the pen would be missing. */
export function hostsLeftOut(leftOut: readonly OtherHost[], hosts: number, path: string): InputError {
  const reasons = new Map<string, string[]>()
  for (const { name, why } of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), name])
  const shown = [...reasons].map(([why, names]) => `${namesOf(names)} (${why})`)
  const message = `${leftOut.length} of its ${hosts} hosts would be left out: ${shown.join('; ')}`
  const hint = 'A switch has `ansible_network_os: arista.eos.eos`. To leave these out, add `--partial`.'
  return new InputError([problemOf(path, 'hosts-left-out', message, hint)])
}

function namesOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Why a host is left out, by what Ansible says of it. */
export function whyLeftOut(values: SourceValues): string {
  try {
    const system = values.get('ansible_network_os')
    if (system?.kind !== 'scalar') return 'no ansible_network_os'
    return isEos(values) ? 'no address, or not in the group that is read' : `ansible_network_os ${String(system.value)}`
  } catch (error) {
    if (error instanceof ValueFault) return 'its ansible_network_os cannot be read'
    throw error
  }
}
