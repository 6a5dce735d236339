import type { LazyMap, LazyValue } from '../../../model/lazy-value.ts'
import { readAsJinja } from '../../../text/jinja/object/lazy.ts'
import type { FindName } from '../../../text/jinja/run/scope.ts'

/** The switch that is changed and all switches, as `device` and `fabric` show them. */
interface Hosts {
  readonly device: LazyMap
  readonly fabric: LazyMap
}

/**
 * Finds the names under which a template of Ansible sees a host: its variables, `inventory_hostname`, its short form,
 * `group_names` and `hostvars`. `device`, `fabric` and the parameters keep their names.
 */
export function hostNames(hosts: Hosts, taken: ReadonlySet<string>): FindName {
  return (name) => (taken.has(name) ? undefined : readAsJinja(() => valueNamed(name, hosts)))
}

function valueNamed(name: string, { device, fabric }: Hosts): LazyValue | undefined {
  switch (name) {
    case 'inventory_hostname':
      return device.member('name')
    case 'inventory_hostname_short':
      return shortened(device.member('name'))
    case 'group_names':
      return device.member('groups')
    case 'hostvars':
      return { ...fabric, member: (host) => variablesOf(fabric.member(host)) }
    default: {
      const variables = variablesOf(device)
      return variables?.kind === 'map' ? variables.member(name) : undefined
    }
  }
}

function variablesOf(device: LazyValue | undefined): LazyValue | undefined {
  return device?.kind === 'map' ? device.member('vars') : undefined
}

function shortened(name: LazyValue | undefined): LazyValue | undefined {
  if (name?.kind !== 'scalar' || typeof name.value !== 'string') return name
  const isAddress = /^[\d.]+$|:/.test(name.value)
  return isAddress ? name : { ...name, value: name.value.split('.')[0] ?? name.value }
}
