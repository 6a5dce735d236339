import { formatRanges, parseVlans } from '../../../model/vlan-list.ts'
import { add, type Site } from './apply-line.ts'
import type { Draft } from './draft.ts'
import { placeDraft, removeDraft } from './placement.ts'

// VLANs without lines of their own share one command, `vlan 10,20-22`; one with settings is a block of its own (docs/eos.md 4.6).

const isShared = (line: string) => line.startsWith('vlan ') && /^vlan \d+[-,]/.test(line)

const idsOf = (line: string) => parseVlans(line.slice(5)) ?? []

function ownerOf(root: Draft, vlan: number) {
  return root.withLine(`vlan ${vlan}`) ?? root.children.find(({ line }) => isShared(line) && idsOf(line).includes(vlan))
}

/** Makes sure that VLANs exist. */
export function createVlans(root: Draft, vlans: readonly number[], site: Site): void {
  const missing = vlans.filter((vlan) => !ownerOf(root, vlan))
  if (missing.length === 0) return
  const shared = root.children.find((child) => isShared(child.line) && child.isEmpty)
  if (!shared) add(root, `vlan ${formatRanges(missing)}`, site)
  else {
    const all = [...idsOf(shared.line), ...missing].sort((a, b) => a - b)
    root.rename(shared, `vlan ${formatRanges(all)}`)
  }
}

/** The node that stands for exactly these VLANs, if one does. */
export function vlanNode(root: Draft, vlans: readonly number[]): Draft | undefined {
  const owner = vlans[0] === undefined ? undefined : ownerOf(root, vlans[0])
  return owner && formatRanges(idsOf(owner.line)) === formatRanges(vlans) ? owner : undefined
}

/** The blocks of VLANs, one for each: a VLAN that shared a command gets its own. */
export function isolateVlans(root: Draft, vlans: readonly number[], site: Site): Draft[] {
  return vlans.flatMap((vlan) => {
    const owner = ownerOf(root, vlan)
    if (!owner) return []
    const others = idsOf(owner.line).filter((other) => other !== vlan)
    if (others.length === 0) return [owner]
    const block = owner.copy()
    block.line = `vlan ${vlan}`
    block.key = block.line
    block.lead = []
    root.rename(owner, `vlan ${formatRanges(others)}`)
    placeDraft(root, block, site.depth, site.family)
    return [block]
  })
}

/**
 * Puts all VLANs without a line of their own into one command, as a switch prints them: of 178 configurations in which
 * VLANs stand, none has two such commands.
 */
export function shareVlans(root: Draft, family: Site['family']): void {
  const bare = root.children.filter(({ line, isEmpty }) => isEmpty && /^vlan \d[\d,-]*$/.test(line))
  const [first, ...rest] = bare
  if (
    first === undefined ||
    rest.length === 0 ||
    bare.every(({ line }) => root.printed?.node(line)?.children.length === 0)
  )
    return
  const vlans = bare.flatMap(({ line }) => idsOf(line))
  for (const child of rest) removeDraft(root, child, family)
  root.rename(first, `vlan ${formatRanges(vlans)}`)
}

/** Deletes VLANs. True where one of them was there. */
export function deleteVlans(root: Draft, vlans: readonly number[], site: Site): boolean {
  const present = vlans.filter((vlan) => ownerOf(root, vlan))
  for (const vlan of present) {
    const owner = ownerOf(root, vlan)
    if (!owner) continue
    const others = idsOf(owner.line).filter((other) => other !== vlan)
    if (others.length === 0) removeDraft(root, owner, site.family)
    else root.rename(owner, `vlan ${formatRanges(others)}`)
  }
  return present.length > 0
}
