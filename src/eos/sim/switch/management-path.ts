import type { ConfigNode, ConfigTree } from '../../config/text/tree.ts'

/** The interface over which a switch is managed, as its boot configuration has it. */
export interface ManagementInterface {
  readonly name: string
  readonly address: string
}

const ADDRESS = /^ip address (\S+\/\d+|dhcp)$/

/** The first Management interface with an address; undefined where the configuration has none. */
export function managementInterfaceOf(tree: ConfigTree): ManagementInterface | undefined {
  for (const node of tree.children) {
    if (!node.line.startsWith('interface Management')) continue
    const address = node.children.map(({ line }) => ADDRESS.exec(line)?.[1]).find((found) => found !== undefined)
    if (address !== undefined) return { name: node.line.slice('interface '.length), address }
  }
  return undefined
}

/**
 * Whether eAPI answers under a configuration: the block exists, HTTP or HTTPS is not taken away, `no shutdown` stands in
 * it and, where the management interface lies in a VRF, in that VRF too (docs/eos.md 1.6); and the interface still
 * has the address that clients know and is not shut down.
 */
export function eapiReachable(tree: ConfigTree, management: ManagementInterface | undefined): boolean {
  const api = tree.children.find(({ line }) => line === 'management api http-commands')
  if (api === undefined || !enabled(api)) return false
  if (has(api, 'no protocol https') && !api.children.some(({ line }) => line.startsWith('protocol http'))) return false
  if (management === undefined) return true
  const way = wayIn(tree, management)
  if (way === undefined || way.vrf === undefined) return way !== undefined
  const served = api.children.find(({ line }) => line === `vrf ${way.vrf}`)
  return served !== undefined && enabled(served)
}

/**
 * Whether SSH answers under a configuration: the management interface is as clients know it, and `management ssh` is not
 * shut down or, where that interface lies in a VRF, is enabled there. `served` false looks at the interface alone.
 */
export function sshReachable(tree: ConfigTree, management: ManagementInterface | undefined, served = true): boolean {
  const way = management === undefined ? {} : wayIn(tree, management)
  if (way === undefined) return false
  if (!served) return true
  const ssh = tree.children.find(({ line }) => line === 'management ssh')
  if (way.vrf === undefined) return ssh === undefined || !has(ssh, 'shutdown')
  const block = ssh?.children.find(({ line }) => line === `vrf ${way.vrf}`)
  return block !== undefined && enabled(block)
}

/** The VRF of the management interface; undefined where it is shut down or has lost the address that clients know. */
function wayIn(tree: ConfigTree, management: ManagementInterface): { readonly vrf?: string } | undefined {
  const port = tree.children.find(({ line }) => line === `interface ${management.name}`)
  if (port === undefined || has(port, 'shutdown') || !has(port, `ip address ${management.address}`)) return undefined
  const vrf = port.children
    .map(({ line }) => /^vrf (?:forwarding )?(\S+)$/.exec(line)?.[1])
    .find((name) => name !== undefined)
  return vrf === undefined ? {} : { vrf }
}

function enabled(block: ConfigNode): boolean {
  return has(block, 'no shutdown')
}

function has(block: ConfigNode, line: string): boolean {
  return block.children.some((child) => child.line === line)
}
