import type { JsonObject } from '../../../../model/json.ts'
import { dottedMac } from '../../converge/address.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { LldpNeighbor } from '../../converge/network-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'
import { clockSpan, columns, seconds } from '../format/text-format.ts'

/** Seconds a neighbour is remembered: EOS sends every 30 s and announces four times that. */
const TTL = 120
const WIDTHS = [10, 30, 26] as const

/** From here on the table is narrower, and has rules (avd-lab). */
const RULED_SINCE = '4.26'
const RULED_WIDTHS = [13, 24, 19] as const
const RULES = '---------- ------------------------ ---------------------- ---'

/** `show lldp neighbors`. */
export const showLldpNeighbors = defineShow({
  words: 'show lldp neighbors [<interface>]',
  docs: 'Who is heard on which port; napalm, ntc show_lldp_neighbors.',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const heard = selected(context, args)
    return {
      tablesLastChangeTime: seconds(context.bootedAt),
      tablesAgeOuts: 0,
      tablesInserts: context.state.lldp.length,
      tablesDeletes: 0,
      tablesDrops: 0,
      lldpNeighbors: heard.map(({ port, neighborDevice, neighborPort }) => ({
        port,
        neighborDevice,
        neighborPort,
        ttl: TTL,
      })),
    }
  },
  text: (context, args) => {
    const rows = selected(context, args).map((heard) => [
      shortName(heard.port),
      heard.neighborDevice,
      heard.neighborPort,
      String(TTL),
    ])
    const head = [
      `Last table change time   : ${clockSpan(context.now - context.bootedAt)} ago`,
      `Number of table inserts  : ${context.state.lldp.length}`,
      'Number of table deletes  : 0',
      'Number of table drops    : 0',
      'Number of table age-outs : 0',
      '',
    ]
    const ruled = eosAtLeast(context.facts.eos, RULED_SINCE)
    const line = (cells: readonly string[]) => columns(cells, ruled ? RULED_WIDTHS : WIDTHS)
    const table = [line(['Port', 'Neighbor Device ID', 'Neighbor Port ID', 'TTL']), ...(ruled ? [RULES] : [])]
    return [...head, ...table, ...rows.map(line)].map((line) => `${line}\n`).join('')
  },
})

/** `show lldp neighbors detail`; `interfaceId_v2` is what ANTA reads from current releases. */
export const showLldpNeighborsDetail = defineShow({
  words: 'show lldp neighbors [<interface>] detail',
  docs: 'What neighbours say of themselves; napalm, ntc show_lldp_neighbors_detail.',
  refuse: refuseUnknownInterface,
  json: (context, args) => {
    const lldpNeighbors: Record<string, JsonObject> = {}
    for (const { name, kind } of selectedInterfaces(context, args) ?? []) {
      if (kind !== 'ethernet' && kind !== 'management') continue
      const heard = context.state.lldp.filter((neighbor) => neighbor.port === name)
      lldpNeighbors[name] = { lldpNeighborInfo: heard.map((neighbor) => detailJson(neighbor, context)) }
    }
    return { lldpNeighbors }
  },
  text: (context, args) =>
    (selectedInterfaces(context, args) ?? [])
      .filter(({ kind }) => kind === 'ethernet' || kind === 'management')
      .map(({ name }) => {
        const heard = context.state.lldp.filter((neighbor) => neighbor.port === name)
        const details = heard.map((neighbor) => `${detailText(neighbor, context)}\n`)
        return `Interface ${name} detected ${heard.length} LLDP neighbors:\n\n${details.join('')}`
      })
      .join(''),
})

function selected(context: ShowContext, args: ShowArguments): readonly LldpNeighbor[] {
  const names = new Set((selectedInterfaces(context, args) ?? []).map(({ name }) => name))
  return context.state.lldp.filter(({ port }) => names.has(port))
}

function detailJson(heard: LldpNeighbor, { now, bootedAt }: ShowContext): JsonObject {
  return {
    chassisIdType: 'macAddress',
    chassisId: dottedMac(heard.chassisId),
    systemName: heard.neighborDevice,
    systemDescription: heard.systemDescription,
    systemCapabilities: { bridge: true, router: true, wlanAccessPoint: false },
    ttl: TTL,
    neighborDiscoveryTime: seconds(bootedAt),
    lastChangeTime: seconds(bootedAt),
    lastContactTime: seconds(now),
    managementAddresses: managementAddresses(heard),
    neighborInterfaceInfo: {
      interfaceIdType: 'interfaceName',
      interfaceId: `"${heard.neighborPort}"`,
      interfaceId_v2: heard.neighborPort,
      interfaceDescription: heard.portDescription,
      linkAggregationStatus: 'capableAndDisabled',
      linkAggregationInterfaceId: 0,
      maxFrameSize: heard.maxFrameSize,
      portAndProtocolVlanSupported: {},
      portAndProtocolVlanEnabled: {},
      vlanNames: {},
      protocolIdentityInfo: [],
      unknownTlvs: [],
      unknownOrgDefinedTlvs: [],
    },
  }
}

function managementAddresses({ managementAddress }: LldpNeighbor): readonly JsonObject[] {
  if (managementAddress === undefined) return []
  return [
    {
      addressType: 'ipv4',
      address: managementAddress,
      interfaceNumType: 'ifIndex',
      interfaceNum: 999_001,
      oidString: '',
    },
  ]
}

function detailText(heard: LldpNeighbor, { now, bootedAt }: ShowContext): string {
  const chassis = dottedMac(heard.chassisId)
  const since = clockSpan(now - bootedAt)
  const lines = [
    `  Neighbor ${chassis}/"${heard.neighborPort}", age 0 seconds`,
    `  Discovered ${since} ago; Last changed ${since} ago`,
    '  - Chassis ID type: MAC address (4)',
    `    Chassis ID     : ${chassis}`,
    '  - Port ID type: Interface name (5)',
    `    Port ID     : "${heard.neighborPort}"`,
    `  - Time To Live: ${TTL} seconds`,
    ...(heard.portDescription === '' ? [] : [`  - Port Description: "${heard.portDescription}"`]),
    `  - System Name: "${heard.neighborDevice}"`,
    `  - System Description: "${heard.systemDescription}"`,
    '  - System Capabilities : Bridge, Router',
    '    Enabled Capabilities: Bridge, Router',
    ...(heard.managementAddress === undefined
      ? []
      : [
          '  - Management Address Subtype: IPv4',
          `    Management Address        : ${heard.managementAddress}`,
          '    Interface Number Subtype  : ifIndex (2)',
          '    Interface Number          : 999001',
          '    OID String                : ',
        ]),
    '  - IEEE802.1/IEEE802.3 Link Aggregation',
    '    Link Aggregation Status: Capable, Disabled (0x01)',
    '    Port ID                : 0',
    `  - IEEE802.3 Maximum Frame Size: ${heard.maxFrameSize} bytes`,
  ]
  return `${lines.join('\n')}\n`
}
