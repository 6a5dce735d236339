import { portVariable, transportNamed } from '../../../change/inventory/source/ansible-plugins.ts'
import { portOf, textOf } from '../../../change/inventory/source/read-text.ts'
import type { SourceConnection, SourceValues } from '../../../change/inventory/source/source-reading.ts'
import { type Roster, type RosterHost, variableOf } from '../../../change/roster/hosts/roster.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { ValueFault } from '../../../model/lazy-value.ts'
import type { Place, Problem } from '../../../model/problem.ts'

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

/** The hosts that run EOS. Of one whose system cannot be read nobody knows: it is a problem, never another system. */
export function eosHosts(
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

/** Whether a variable is the password of a login. */
export function isLoginPassword(name: string): boolean {
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

/** One warning for each file in which the password of a login is in clear text. `secret` hears each: a template may put it into another value. */
export function clearLogins(
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
