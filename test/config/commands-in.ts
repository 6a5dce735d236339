import type { ConfigNode, ConfigTree } from '../../src/config/tree.ts'

/**
 * The commands of a configuration, each behind those it stands under, with its text; order and layout do not count,
 * nor does it whether an interface is called `Eth1`, `ethernet1` or, as EOS prints it, `Ethernet1`.
 */
export function commandsIn(tree: ConfigTree): string[] {
  return rows(tree.children, '')
}

function rows(nodes: readonly ConfigNode[], above: string): string[] {
  return nodes.flatMap((node) => {
    const row = `${above}${node.line.replace(/^interface (?:Eth|ethernet)(?=\d)/, 'interface Ethernet')}`
    const text = node.body ? ` ${JSON.stringify(node.body)}` : ''
    return [`${row}${text}`, ...rows(node.children, `${row} > `)]
  })
}

/** The commands that two configurations do not share, as `-command` and `+command`, repeats counted. */
export function differences(before: ConfigTree, after: ConfigTree): string[] {
  const counts = new Map<string, number>()
  for (const row of commandsIn(before)) counts.set(row, (counts.get(row) ?? 0) - 1)
  for (const row of commandsIn(after)) counts.set(row, (counts.get(row) ?? 0) + 1)
  return [...counts].flatMap(([row, count]) =>
    Array.from({ length: Math.abs(count) }, () => `${count < 0 ? '-' : '+'}${row}`),
  )
}

/** Ways in which a switch stores other commands than were entered (docs/eos.md 4). */
const storedOtherwise: readonly (readonly [kind: string, row: RegExp])[] = [
  ['comment text shown as !!', /(^-|> )(comment \[|!! )/],
  ['port that stays as an empty block', /^\+interface (Ethernet|Management)[\d/]+$/],
  ['VLAN list as ranges', /^[-+](.* > switchport trunk allowed vlan |vlan \d)/],
  ['list entry without number', /^[-+](ip|ipv6|mac) access-list \S+ > (\d+ )?(permit|deny|remark) /],
  ['repeated block, one on a switch', /^-.* > address-family ipv6( unicast)?$/],
  ['exit and end, no commands', /^[-+](.* > )?(exit|end)$/],
  ['left by rollback clean-config (docs/eos.md 2.2)', /^\+(no ip routing|spanning-tree mode .*|service routing .*)$/],
]

/** The kind of a difference between what was entered and what a switch stores, undefined for one it does not make. */
export function kindOfDifference(row: string): string | undefined {
  return storedOtherwise.find(([, pattern]) => pattern.test(row))?.[0]
}

/** How many differences there are of each kind; `unexplained` where a switch does not make it. */
export function countKinds(all: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const row of all) {
    const kind = kindOfDifference(row) ?? 'unexplained'
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}
