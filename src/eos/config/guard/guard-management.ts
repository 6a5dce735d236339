import { type ConfigTree, childLines, foundIn, hasChild } from '../text/tree.ts'

export interface MissingManagement {
  readonly part: 'interface' | 'vrf' | 'address' | 'route' | 'eapi' | 'users'
  readonly message: string
}

const defaultVrf = 'default'

interface ManagementInterface {
  readonly name: string
  readonly vrf: string
  readonly addresses: readonly string[]
}

const vrfNamedBy = (lines: readonly string[]) => foundIn(lines, /^vrf (?:forwarding )?(\S+)$/)[0] ?? defaultVrf

const addressesIn = (lines: readonly string[]) => foundIn(lines, /^ip(?:v6)? address (?:virtual )?([^/\s]+)/)

export function managementInterfaces(tree: ConfigTree): ManagementInterface[] {
  return tree.children.flatMap((node) => {
    const name = /^interface (Management\S+)$/.exec(node.line)?.[1]
    const lines = childLines(node)
    const addresses = addressesIn(lines)
    if (name === undefined || addresses.length === 0 || lines.includes('shutdown')) return []
    return [{ name, vrf: vrfNamedBy(lines), addresses }]
  })
}

function eapiVrfs(tree: ConfigTree) {
  const blocks = tree.children.filter(({ line }) => line === 'management api http-commands')
  return blocks.flatMap((block) => {
    const inVrfs = block.children.flatMap((node) => {
      const vrf = /^vrf (\S+)$/.exec(node.line)?.[1]
      return vrf !== undefined && hasChild(node, 'no shutdown') ? [vrf] : []
    })
    return hasChild(block, 'no shutdown') ? [defaultVrf, ...inVrfs] : inVrfs
  })
}

function hasStaticRoute(tree: ConfigTree, vrf: string) {
  return tree.children.some(({ line }) => {
    const route = /^ip(?:v6)? route (?:vrf (\S+) )?/.exec(line)
    return route !== null && (route[1] ?? defaultVrf) === vrf
  })
}

function missingVrfs(candidate: ConfigTree, interfaces: readonly ManagementInterface[]): MissingManagement[] {
  const defined = foundIn(candidate.children, /^vrf (?:instance|definition) (\S+)$/)
  return interfaces
    .filter(({ vrf }) => vrf !== defaultVrf && !defined.includes(vrf))
    .map(({ name, vrf }) => ({ part: 'vrf', message: `${name} is in VRF ${vrf}, which the candidate does not define` }))
}

function missingRoutes(running: ConfigTree, candidate: ConfigTree, interfaces: readonly ManagementInterface[]) {
  const now = managementInterfaces(running)
  return interfaces.flatMap(({ name, vrf }): MissingManagement[] => {
    const vrfNow = now.find((other) => other.name === name)?.vrf
    if (vrfNow === undefined || !hasStaticRoute(running, vrfNow) || hasStaticRoute(candidate, vrf)) return []
    return [{ part: 'route', message: `no static route in VRF ${vrf} of ${name}, where the switch has one now` }]
  })
}

function missingEapi(running: ConfigTree, candidate: ConfigTree): MissingManagement[] {
  const wanted = eapiVrfs(candidate)
  if (wanted.length === 0) {
    return [{ part: 'eapi', message: 'no `management api http-commands` that is enabled (`no shutdown`)' }]
  }
  const now = eapiVrfs(running)
  if (now.length === 0 || now.some((vrf) => wanted.includes(vrf))) return []
  return [
    { part: 'eapi', message: `eAPI is enabled in VRF ${now.join(', ')} now and would be in ${wanted.join(', ')} only` },
  ]
}

function missingAddress(running: ConfigTree, candidate: ConfigTree, host: string | undefined): MissingManagement[] {
  const addresses = (tree: ConfigTree) => tree.children.flatMap((node) => addressesIn(childLines(node)))
  if (host === undefined || !addresses(running).includes(host) || addresses(candidate).includes(host)) return []
  return [{ part: 'address', message: `the address we reach the switch at, ${host}, is on no interface` }]
}

/**
 * What a replace candidate lacks of the management path, empty when it has all: a Management interface that is up and has an
 * address, its VRF, a static route where it has one now, eAPI enabled, a user, and the address `host` that we reach the
 * switch at. `rollback clean-config`, with which a replace begins, leaves none of them (docs/eos.md 2.2).
 */
export function managementGuard(running: ConfigTree, candidate: ConfigTree, host?: string): MissingManagement[] {
  const interfaces = managementInterfaces(candidate)
  const users = candidate.children.some(({ line }) => line.startsWith('username '))
  return [
    ...(interfaces.length > 0
      ? []
      : [{ part: 'interface', message: 'no Management interface that is up and has an address' } as const]),
    ...missingVrfs(candidate, interfaces),
    ...missingAddress(running, candidate, host),
    ...missingRoutes(running, candidate, interfaces),
    ...missingEapi(running, candidate),
    ...(users ? [] : [{ part: 'users', message: 'no user (`username …`)' } as const]),
  ]
}
