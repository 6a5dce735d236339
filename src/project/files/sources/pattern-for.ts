import type { Roster } from '../../../change/roster/hosts/roster.ts'

// So many hosts are left out by name before the others are named instead.
const MOST_LEFT_OUT = 5

/**
 * A short pattern of Ansible that means these hosts and no others: a group where one has them all, else all but some, else their names.
 * `all` where they are all hosts.
 */
export function patternFor({ hosts, groups }: Roster, wanted: readonly string[]): string {
  const set = new Set(wanted)
  const others = [...hosts.keys()].filter((name) => !set.has(name))
  if (others.length === 0) return 'all'
  const members = (group: string) =>
    [...hosts.values()].flatMap((host) => (host.groups.includes(group) ? [host.name] : []))
  const isThem = (names: readonly string[]) => names.length === set.size && names.every((name) => set.has(name))
  const whole = [...groups.keys()].find((group) => group !== 'all' && isThem(members(group)))
  if (whole !== undefined) return whole
  if (others.length <= MOST_LEFT_OUT) return ['all', ...others.map((name) => `!${name}`)].join(':')
  return wanted.join(':')
}
