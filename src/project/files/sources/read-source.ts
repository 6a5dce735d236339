import type { SourceConnection, SourceReading, SourceValues } from '../../../change/inventory/source/source-reading.ts'
import type { AskedSettings, SourceSettings } from '../../../change/inventory/source/source-settings.ts'
import type { RosterHost } from '../../../change/roster/hosts/roster.ts'
import { hostValues } from '../../../change/roster/value/host-values.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import { acceptUnless } from '../../../text/source/checked.ts'
import { ansibleConnection, clearLogins, eosHosts, waysNotTaken } from './ansible-connection.ts'
import { ansiblePaths, readAnsibleSource } from './read-ansible-source.ts'
import { plainValues, readFileSource } from './read-file-source.ts'
import type { SourcePorts } from './source-ports.ts'

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
