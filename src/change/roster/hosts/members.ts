import type { Roster } from './roster.ts'

/** The hosts of a group as Ansible orders them: its own as they are listed, then those of the groups in it, nearer groups first. */
export function membersOf(roster: Roster, name: string): ReadonlySet<string> {
  const groups = new Set([name])
  const hosts = new Set<string>()
  for (const group of groups) {
    const { hosts: own = [], children = [] } = roster.groups.get(group) ?? {}
    for (const host of own) hosts.add(host)
    for (const child of children) groups.add(child)
  }
  // The list of a program need not put its groups into `all`.
  if (name === 'all') for (const host of roster.hosts.keys()) hosts.add(host)
  return hosts
}
