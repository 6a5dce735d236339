import { keepKeys } from '../../../model/map-keys.ts'
import { refused, type TemplateFault } from '../../../text/jinja/value/fault.ts'
import { type CallArguments, Callable, type Value } from '../../../text/jinja/value/value.ts'
import { isAddress } from '../ansible/address.ts'
import { compareText } from '../hosts/compare-text.ts'
import { membersOf } from '../hosts/members.ts'
import type { Roster, RosterHost, RosterMap, RosterValue } from '../hosts/roster.ts'

/**
 * What Ansible gives to the templates of a host besides its variables, as far as it is known without a run. The folder of the playbook
 * is the one that the inventory is read from.
 */
export function hostName(name: string, host: RosterHost, roster: Roster | undefined): RosterValue | undefined {
  switch (name) {
    case 'inventory_hostname':
      return host.name
    case 'inventory_hostname_short':
      return isAddress(host.name) ? host.name : (host.name.split('.')[0] ?? host.name)
    case 'group_names':
      return host.groups.filter((group) => group !== 'all').toSorted(compareText)
    case 'inventory_file':
      return host.at.file
    case 'inventory_dir':
      return host.at.file.includes('/') ? host.at.file.slice(0, host.at.file.lastIndexOf('/')) : '.'
    case 'playbook_dir':
      return '.'
    case 'groups':
      return roster === undefined ? undefined : groupsOf(roster)
    default:
      return undefined
  }
}

const known = new WeakMap<Roster, RosterMap>()

/** The hosts of each group, both in Ansible's order; made once for all hosts of a roster. */
function groupsOf(roster: Roster): RosterMap {
  const before = known.get(roster)
  if (before !== undefined) return before
  const names = [...roster.groups.keys()]
  const groups = Object.fromEntries(names.map((name) => [name, [...membersOf(roster, name)]]))
  keepKeys(groups, names)
  known.set(roster, groups)
  return groups
}

/** What Ansible has and no value is rendered with; undefined for any other name. Throws TemplateFault for a name that is refused at once. */
export function refusedName(name: string): Value | undefined {
  if (name === 'lookup' || name === 'query' || name === 'q')
    return new Callable(name, (given) => {
      throw lookupFault(name, given)
    })
  if (name === 'hostvars' || name === 'vars')
    throw refused(
      `\`${name}\` is not read: a value sees the variables of one host alone`,
      name === 'vars' ? 'name the variable itself' : 'write the value here, or in a group of both hosts',
    )
  return undefined
}

function lookupFault(name: string, { positional: [plugin, key] }: CallArguments): TemplateFault {
  const shown = typeof plugin === 'string' ? `'${plugin.slice(0, 60)}'` : ''
  const isEnv = plugin === 'env' || plugin === 'ansible.builtin.env'
  const variable = typeof key === 'string' && /^\w{1,60}$/.test(key) ? key : 'NAME'
  return refused(
    `${name}(${shown}) is not run`,
    isEnv
      ? `write \`\${env:${variable}}\` in the credentials of inventory.yaml, or the value`
      : 'give the value, or an exec source',
  )
}
