import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigNode } from '../../../config/text/tree.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** Access lists bind services of the switch to who may use them, in each VRF where the service runs. */
export const showHttpCommandsIpAccessLists = defineShow({
  words: 'show management api http-commands ip access-list summary',
  docs: 'The IPv4 access lists of eAPI by VRF; the keys that ANTA reads.',
  json: (context) => summary('ip', bindings(context, HTTP_COMMANDS, 'ip')),
})

/** `show management api http-commands ipv6 access-list summary`. */
export const showHttpCommandsIpv6AccessLists = defineShow({
  words: 'show management api http-commands ipv6 access-list summary',
  docs: 'The IPv6 access lists of eAPI by VRF; the keys that ANTA reads.',
  json: (context) => summary('ipv6', bindings(context, HTTP_COMMANDS, 'ipv6')),
})

/** `show management ssh ip access-list summary`. */
export const showSshIpAccessLists = defineShow({
  words: 'show management ssh ip access-list summary',
  docs: 'The IPv4 access lists of SSH by VRF; the keys that ANTA reads.',
  json: (context) => summary('ip', bindings(context, SSH, 'ip')),
})

/** `show management ssh ipv6 access-list summary`. */
export const showSshIpv6AccessLists = defineShow({
  words: 'show management ssh ipv6 access-list summary',
  docs: 'The IPv6 access lists of SSH by VRF; the keys that ANTA reads.',
  json: (context) => summary('ipv6', bindings(context, SSH, 'ipv6')),
})

/** `show snmp ipv4 access-list summary`. */
export const showSnmpIpAccessLists = defineShow({
  words: 'show snmp ipv4 access-list summary',
  docs: 'The IPv4 access lists of SNMP by VRF; the keys that ANTA reads.',
  json: (context) => summary('ip', snmpBindings(context, 'ipv4')),
})

/** `show snmp ipv6 access-list summary`. */
export const showSnmpIpv6AccessLists = defineShow({
  words: 'show snmp ipv6 access-list summary',
  docs: 'The IPv6 access lists of SNMP by VRF; the keys that ANTA reads.',
  json: (context) => summary('ipv6', snmpBindings(context, 'ipv6')),
})

type Family = 'ip' | 'ipv6'

interface Binding {
  readonly name: string
  readonly vrf: string
  /** Whether the service runs in that VRF. */
  readonly active: boolean
}

interface Service {
  readonly block: string
  /** Whether it runs in the default VRF, by the lines of its block. */
  readonly runs: (lines: readonly string[]) => boolean
}

const HTTP_COMMANDS: Service = {
  block: 'management api http-commands',
  runs: (lines) => lines.includes('no shutdown'),
}
const SSH: Service = { block: 'management ssh', runs: (lines) => !lines.includes('shutdown') }

/** A list stands in the block for the default VRF, in the block of a VRF, or in the block with the VRF's name. */
function bindings({ running }: ShowContext, service: Service, family: Family): readonly Binding[] {
  const block = running.children.find(({ line }) => line === service.block)
  if (block === undefined) return []
  const lines = linesOf(block)
  const vrfs = block.children.filter(({ line }) => line.startsWith('vrf '))
  const runsIn = (vrf: string): boolean => {
    if (vrf === 'default') return service.runs(lines)
    return vrfs.some((node) => node.line === `vrf ${vrf}` && service.runs(linesOf(node)))
  }
  const bound = (line: string, vrf: string): readonly Binding[] => {
    const [, of, name, named = vrf] = /^(ip|ipv6) access-group (\S+)(?: vrf (\S+))?(?: in)?$/.exec(line) ?? []
    return of === family && name !== undefined ? [{ name, vrf: named, active: runsIn(named) }] : []
  }
  return [
    ...lines.flatMap((line) => bound(line, 'default')),
    ...vrfs.flatMap((node) => linesOf(node).flatMap((line) => bound(line, node.line.slice('vrf '.length)))),
  ]
}

/** SNMP answers in every VRF that it is not kept out of. */
function snmpBindings({ running }: ShowContext, family: 'ipv4' | 'ipv6'): readonly Binding[] {
  return running.children.flatMap(({ line }) => {
    const [, of, name, vrf = 'default'] = /^snmp-server (ipv4|ipv6) access-list (\S+)(?: vrf (\S+))?$/.exec(line) ?? []
    if (of !== family || name === undefined) return []
    return [{ name, vrf, active: !running.children.some((node) => node.line === `no snmp-server vrf ${vrf}`) }]
  })
}

const SHAPE = { ip: ['ipAclList', 'Ip4Acl'], ipv6: ['ipv6AclList', 'Ip6Acl'] } as const

function summary(family: Family, bound: readonly Binding[]): JsonObject {
  const [list, type] = SHAPE[family]
  const aclList = [...new Set(bound.map(({ name }) => name))].map((name) => {
    const own = bound.filter((binding) => binding.name === name)
    return {
      type,
      name,
      configuredVrfs: own.map(({ vrf }) => vrf),
      activeVrfs: own.filter(({ active }) => active).map(({ vrf }) => vrf),
    }
  })
  return { [list]: { aclList } }
}

function linesOf(node: ConfigNode): readonly string[] {
  return node.children.map(({ line }) => line)
}
