/** The highest VLAN a list can hold. */
export const LAST_VLAN = 4094

/**
 * The numbers of a list such as `10,20-22`, ascending and without repeats; undefined where it is not such a list of
 * VLANs 1 to 4094.
 */
export function parseVlans(text: string): number[] | undefined {
  const vlans = new Set<number>()
  for (const part of text.split(',')) {
    const range = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part)
    if (!range) return undefined
    const first = Number(range[1])
    const last = Number(range[2] ?? range[1])
    if (first < 1 || last > LAST_VLAN || first > last) return undefined
    for (let vlan = first; vlan <= last; vlan++) vlans.add(vlan)
  }
  return [...vlans].sort((a, b) => a - b)
}

/** A list of ascending VLANs as EOS prints it: runs as ranges, `10,20-22`. */
export function formatVlans(vlans: readonly number[]): string {
  const runs: string[] = []
  let first: number | undefined
  vlans.forEach((vlan, index) => {
    first ??= vlan
    if (vlans[index + 1] === vlan + 1) return
    runs.push(first === vlan ? `${vlan}` : `${first}-${vlan}`)
    first = undefined
  })
  return runs.join(',')
}

/** All VLANs but these, ascending. */
export function otherVlans(vlans: readonly number[]): number[] {
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
  const before = present === undefined ? otherVlans([]) : present === 'none' ? [] : parseVlans(present)
  const named = parseVlans(verb === 'add' || verb === 'remove' || verb === 'except' ? list : verb)
  if (!named || !before) return undefined
  const after = {
    add: () => [...new Set([...before, ...named])].sort((a, b) => a - b),
    remove: () => before.filter((vlan) => !named.includes(vlan)),
    except: () => otherVlans(named),
  }[verb as 'add' | 'remove' | 'except']
  return formatVlans(after ? after() : named) || 'none'
}
