import { formatRanges, LAST_VLAN, parseVlans } from '../../../model/vlan-list.ts'

function otherVlans(vlans: readonly number[]) {
  const excluded = new Set(vlans)
  return Array.from({ length: LAST_VLAN }, (_, index) => index + 1).filter((vlan) => !excluded.has(vlan))
}

/**
 * The value of `switchport trunk allowed vlan` after a further command: a list, or `add`, `remove`, `except` with one,
 * `all` or `none` (docs/eos.md 4.6). Undefined where the command is no such thing.
 *
 * @param present the value before, undefined where none is set, which means all VLANs
 */
export function nextVlanList(present: string | undefined, command: string): string | undefined {
  const [verb = '', list = ''] = command.split(' ')
  if (verb === 'all' || verb === 'none') return verb === 'all' ? `1-${LAST_VLAN}` : 'none'
  const named = parseVlans(verb === 'add' || verb === 'remove' || verb === 'except' ? list : verb)
  // Read for a bare list, too: behind a value that nobody can read no command makes one.
  const before = present === undefined || present === 'none' ? [] : parseVlans(present)
  if (!named || !before) return undefined
  const had = () => (present === undefined ? otherVlans([]) : before)
  const after = {
    add: () => [...new Set([...had(), ...named])].sort((a, b) => a - b),
    remove: () => had().filter((vlan) => !named.includes(vlan)),
    except: () => otherVlans(named),
  }[verb as 'add' | 'remove' | 'except']
  return formatRanges(after ? after() : named) || 'none'
}
