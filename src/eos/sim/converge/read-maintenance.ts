import { type ConfigNode, type ConfigTree, childAt, hasChild } from '../../config/text/tree.ts'

/** Maintenance mode as it is configured. */
export interface MaintenanceConfig {
  /** The units, whether each is to be quiesced; without the block there is none. */
  readonly units: ReadonlyMap<string, { readonly quiesced: boolean }>
  /** The threshold of the default interface profile, kbit/s. */
  readonly threshold: number
  /** The route-map of the default BGP profile; undefined where EOS makes its own. */
  readonly initiator: string | undefined
  /** Whether a BGP neighbor is in a unit that is quiesced, by its address and its peer group. */
  readonly holds: (vrf: string, address: string, group: string) => boolean
}

// The built-in unit of the whole switch (EOS manual, "Maintenance Mode").
const SYSTEM = 'System'

// Kbit/s [I] (docs/unproven.md).
const DEFAULT_THRESHOLD = 100

/** Maintenance mode of a configuration: its units, its default profiles, and whom its quiesced units hold. */
export function readMaintenance(config: ConfigTree): MaintenanceConfig {
  const block = childAt(config, 'maintenance')
  const lines = block?.children ?? []
  const named = lines.flatMap((node) => {
    const name = /^unit (\S+)$/.exec(node.line)?.[1]
    return name === undefined ? [] : [{ name, node }]
  })
  const units = new Map<string, { readonly quiesced: boolean }>(
    block === undefined ? [] : [[SYSTEM, { quiesced: false }]],
  )
  for (const { name, node } of named) units.set(name, { quiesced: hasChild(node, 'quiesce') })
  const groups = named.flatMap(({ node }) => (hasChild(node, 'quiesce') ? restsOf(node.children, 'group bgp ') : []))
  const members = groups.map((name) => bgpGroup(childAt(config, `group bgp ${name}`)))
  const threshold = Number(
    /\d+/.exec(profileLine(lines, 'interface', 'rate-monitoring threshold '))?.[0] ?? DEFAULT_THRESHOLD,
  )
  const initiator = /^(\S+)/.exec(profileLine(lines, 'bgp', 'initiator route-map '))?.[1]
  return {
    units,
    threshold,
    initiator,
    holds: (vrf, address, group) =>
      units.get(SYSTEM)?.quiesced === true ||
      members.some((one) => one.vrf === vrf && (one.neighbors.includes(address) || one.neighbors.includes(group))),
  }
}

function bgpGroup(node: ConfigNode | undefined) {
  const lines = node?.children ?? []
  return { vrf: restsOf(lines, 'vrf ')[0] ?? 'default', neighbors: restsOf(lines, 'neighbor ') }
}

function profileLine(lines: readonly ConfigNode[], kind: string, head: string) {
  const name = restsOf(lines, `profile ${kind} `)
    .find((rest) => rest.endsWith(' default'))
    ?.slice(0, -' default'.length)
  const profile = lines.find(({ line }) => line === `profile ${kind} ${name}`)
  return restsOf(profile?.children ?? [], head)[0] ?? ''
}

function restsOf(lines: readonly ConfigNode[], head: string) {
  return lines.flatMap(({ line }) => (line.startsWith(head) ? [line.slice(head.length)] : []))
}
