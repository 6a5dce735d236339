import { dotted } from '../../../model/ip-address.ts'
import type { ModeStep } from '../../config/rules/editor.ts'
import { type ConfigNode, type ConfigTree, childAt } from '../../config/text/tree.ts'
import { ipv4, masked } from '../converge/address.ts'
import { eosAtLeast } from '../platform/facts.ts'
import { misfitWord } from './line-syntax.ts'

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/
// From this release on switches print host names with `_` (docs/eos.md 1.4).
const UNDERSCORES = '4.30'
const ADDRESS = /^ip address (\d+\.\d+\.\d+\.\d+)\/(\d+)( secondary)?$/

export type LineRule = 'host-name' | 'addresses' | 'words'

export interface LineSite {
  /** The version of EOS. */
  readonly eos: string
  readonly path: readonly ModeStep[]
  readonly tree: () => ConfigTree
  readonly broken: () => ReadonlySet<LineRule>
}

/**
 * The words with which a switch refuses a line for what it says, not for how it is written: validation happens while
 * lines are entered, also into a session (docs/eos.md 2.3).
 */
export function lineRefusal(line: string, { eos, path, tree, broken }: LineSite): string | undefined {
  const name = /^hostname (.*)$/.exec(line)?.[1]
  if (name !== undefined && !isHostName(name, eos) && !broken().has('host-name')) {
    return (
      "Host name is invalid. Host name must contain only alphanumeric characters, '.' and '-'.\n" +
      'It must begin and end with an alphanumeric character.'
    )
  }
  const mode = path.at(-1)
  const address = ADDRESS.exec(line)
  if (address === null || mode === undefined || !mode.line.startsWith('interface ')) return undefined
  return broken().has('addresses') ? undefined : addressRefusal(subnetOf(address), mode.line, tree())
}

function isHostName(name: string, eos: string) {
  return HOST_NAME.test(eosAtLeast(eos, UNDERSCORES) ? name.replaceAll('_', '-') : name)
}

/** A switch that runs such a text evidently does not keep them (the host name rule was recorded on 4.15 only), so they are not held against what is typed later. */
export function brokenRules(tree: ConfigTree): ReadonlySet<LineRule> {
  const broken = new Set<LineRule>()
  if (misfitsIn(tree.children, 'root')) broken.add('words')
  for (const node of tree.children) {
    const name = /^hostname (.*)$/.exec(node.line)?.[1]
    if (name !== undefined && !HOST_NAME.test(name)) broken.add('host-name')
    if (!node.line.startsWith('interface ') || broken.has('addresses')) continue
    if (node.children.some(({ line }) => clashes(line, node.line, tree))) broken.add('addresses')
  }
  return broken
}

function misfitsIn(nodes: readonly ConfigNode[], mode: string): boolean {
  return nodes.some(({ line, children }) => misfitWord(line, mode) !== undefined || misfitsIn(children, ''))
}

function clashes(line: string, opener: string, tree: ConfigTree) {
  const address = ADDRESS.exec(line)
  return address !== null && addressRefusal(subnetOf(address), opener, tree) !== undefined
}

interface Subnet {
  readonly address: string
  readonly network: number
  readonly length: number
}

const OF_BOTH = 'interface Management0'

const isManagement = (opener: string) => opener.startsWith('interface Management')

const isShared = (opener: string, other: string) =>
  isManagement(opener) && isManagement(other) && [opener, other].includes(OF_BOTH)

// An address that another interface of the VRF has, or a subnet that reaches into its (docs/eos.md 1.4).
function addressRefusal(typed: Subnet, opener: string, tree: ConfigTree) {
  const own = childAt(tree, opener)
  const vrf = own === undefined ? 'default' : vrfOf(own)
  for (const other of tree.children) {
    if (other === own || !other.line.startsWith('interface ') || vrfOf(other) !== vrf) continue
    const name = other.line.slice('interface '.length)
    for (const { line } of other.children) {
      const present = ADDRESS.exec(line)
      const refusal = present === null ? undefined : clash(typed, subnetOf(present), name, isShared(opener, other.line))
      if (refusal !== undefined) return refusal
    }
  }
  return undefined
}

function clash(typed: Subnet, present: Subnet, name: string, isInOne: boolean) {
  if (typed.address === present.address) return `Address ${typed.address} is already assigned to interface ${name}`
  const length = Math.min(typed.length, present.length)
  if (isInOne || masked(typed.network, length) !== masked(present.network, length)) return undefined
  return `Subnet ${dotted(typed.network)} overlaps with existing subnet ${dotted(present.network)} of interface ${name}`
}

function vrfOf(node: ConfigNode) {
  const line = node.children.find((child) => /^vrf (?!definition)/.test(child.line))?.line
  return line?.split(' ').at(-1) ?? 'default'
}

function subnetOf([, address = '', length = '']: RegExpExecArray): Subnet {
  return { address, network: masked(ipv4(address) ?? 0, Number(length)), length: Number(length) }
}
