import { definedItems, type JsonObject } from '../../../../model/json.ts'
import { dottedMac } from '../../converge/address.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { LldpNeighbor, PortChannelState, SwitchState } from '../../converge/network-state.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import {
  clockSpan,
  columns,
  interfaceShow,
  objectOf,
  refuseUnknownInterface,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  seconds,
  selectedInterfaces,
} from '../format/define.ts'

/** The commands of this subject. */
export const LINKS_COMMANDS: readonly ShowCommand[] = [
  // Who is heard on which port; napalm, ntc show_lldp_neighbors.
  {
    words: 'show lldp neighbors [<interface>]',
    refuse: refuseUnknownInterface,
    json: (context, args) => {
      const heard = lldpNeighborsSelected(context, args)
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
      const rows = lldpNeighborsSelected(context, args).map((heard) => [
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
      const line = (cells: readonly string[]) => columns(cells, ruled ? [13, 24, 19] : [10, 30, 26])
      const table = definedItems(line(['Port', 'Neighbor Device ID', 'Neighbor Port ID', 'TTL']), ruled && RULES)
      return printedLines([...head, ...table, ...rows.map(line)])
    },
  },
  // What neighbours say of themselves; napalm, ntc show_lldp_neighbors_detail. `interfaceId_v2` is what ANTA reads from current releases.
  interfaceShow({
    words: 'show lldp neighbors [<interface>] detail',
    of: ({ kind }) => kind === 'ethernet' || kind === 'management',
    member: 'lldpNeighbors',
    json: ({ name }, context) => ({
      lldpNeighborInfo: heardOn(name, context).map((neighbor) => detailJson(neighbor, context)),
    }),
    text: (states, context) =>
      states
        .map(({ name }) => {
          const details = heardOn(name, context).map((neighbor) => `${detailText(neighbor, context)}\n`)
          return `Interface ${name} detected ${details.length} LLDP neighbors:\n\n${details.join('')}`
        })
        .join(''),
  }),
  // LACP of every member; the keys that ANTA reads. The members of the port-channels that negotiate.
  {
    words: 'show lacp interface [<interface>] [(detailed|brief)]',
    json: ({ state }) => ({
      portChannels: perChannel(state, (port, channel) => portJson(port, channel, state)),
      orphanPorts: {},
    }),
  },
  // LACP packets of every member; the keys that ANTA reads. One packet a second with the fast timer, one in thirty without.
  {
    words: 'show lacp counters [all-ports]',
    json: (context) => ({
      portChannels: perChannel(context.state, (port, channel) => countersJson(port, channel, context)),
      markerMessages: { markerMessages: [{ marker: '*' }] },
      orphanPorts: {},
    }),
  },
  // The port-channels with their members; anta, `show port-channel 1 all-ports` of pyeapi. Members of the MLAG peer are called `PeerEthernet1`
  // (anta).
  {
    words: 'show port-channel [<interface>] [all-ports]',
    refuse: (context, args) => refuseUnknownInterface(context, named(args)),
    json: (context, args) => ({
      portChannels: objectOf(portChannelSelected(context, args), (channel) => [channel.name, channelJson(channel)]),
    }),
    text: (context, args) => portChannelSelected(context, args).map(channelText).join(''),
  },
  // The port-channels as a table with flags; ntc show_port-channel_summary (text). `show port-channel summary` and `dense`: one line for each.
  {
    words: 'show port-channel (summary|dense)',
    json: (context) => ({
      numberOfChannelsInUse: inUse(context.state).length,
      numberOfAggregators: inUse(context.state).length,
      portChannels: objectOf(context.state.portChannels.values(), (channel) => [channel.name, summaryJson(channel)]),
    }),
    text: ({ state }) => {
      const rows = [...state.portChannels.values()].flatMap(summaryRows)
      const used = inUse(state).length
      const counts = [`Number of channels in use: ${used}`, `Number of aggregators: ${used}`, '']
      return [...FLAGS, '', ...counts, ...TABLE_HEAD, ...rows].map((line) => `${line.trimEnd()}\n`).join('')
    },
  },
]

// Seconds a neighbour is remembered: EOS sends every 30 s and announces four times that.
const TTL = 120

const RULED_SINCE = '4.26'
const RULES = '---------- ------------------------ ---------------------- ---'

function heardOn(name: string, { state }: ShowContext) {
  return state.lldp.filter(({ port }) => port === name)
}

function lldpNeighborsSelected(context: ShowContext, args: ShowArguments) {
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

function detailText(heard: LldpNeighbor, { now, bootedAt }: ShowContext) {
  const chassis = dottedMac(heard.chassisId)
  const since = clockSpan(now - bootedAt)
  return printedLines(
    definedItems(
      `  Neighbor ${chassis}/"${heard.neighborPort}", age 0 seconds`,
      `  Discovered ${since} ago; Last changed ${since} ago`,
      '  - Chassis ID type: MAC address (4)',
      `    Chassis ID     : ${chassis}`,
      '  - Port ID type: Interface name (5)',
      `    Port ID     : "${heard.neighborPort}"`,
      `  - Time To Live: ${TTL} seconds`,
      heard.portDescription !== '' && `  - Port Description: "${heard.portDescription}"`,
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
    ),
  )
}

function perChannel(
  { portChannels }: SwitchState,
  json: (port: string, channel: PortChannelState) => JsonObject,
): JsonObject {
  const negotiating = [...portChannels.values()].filter(({ protocol }) => protocol === 'lacp')
  return Object.fromEntries(
    negotiating.map((channel) => {
      const ports = [...channel.active, ...channel.inactive.keys()]
      return [channel.name, { interfaces: objectOf(ports, (port) => [port, json(port, channel)]) }]
    }),
  )
}

function portJson(port: string, channel: PortChannelState, state: SwitchState): JsonObject {
  const bundled = channel.active.includes(port)
  const timeout = state.interfaces.get(port)?.lacpFast ?? false
  const mine = flags(channel.lacpMode === 'active', timeout, bundled)
  return {
    actorPortStatus: bundled ? 'bundled' : 'noAgg',
    actorPortState: mine,
    ...(bundled ? { partnerPortState: flags(true, timeout, true) } : {}),
    details: {
      actorChurnState: 'noChurn',
      partnerChurnState: 'noChurn',
      aggSelectionState: bundled ? 'aggSelectionStateSelected' : 'aggSelectionStateUnselected',
    },
  }
}

function flags(activity: boolean, timeout: boolean, bundled: boolean): JsonObject {
  return {
    activity,
    timeout,
    aggregation: true,
    synchronization: bundled,
    collecting: bundled,
    distributing: bundled,
    defaulted: !bundled,
    expired: false,
  }
}

function countersJson(port: string, channel: PortChannelState, { state, now, bootedAt }: ShowContext): JsonObject {
  const bundled = channel.active.includes(port)
  const every = state.interfaces.get(port)?.lacpFast === true ? 1000 : 30_000
  const packets = Math.max(0, Math.floor((now - bootedAt) / every))
  return {
    actorPortStatus: bundled ? 'bundled' : 'noAgg',
    lacpdusRxCount: bundled ? packets : 0,
    lacpdusTxCount: packets,
    markersRxCount: 0,
    markersTxCount: 0,
    markerResponseRxCount: 0,
    markerResponseTxCount: 0,
    illegalRxCount: 0,
  }
}

function named(args: ShowArguments) {
  const { interface: typed } = args
  return typed !== undefined && /^\d/.test(typed) ? { ...args, interface: `Port-Channel${typed}` } : args
}

function portChannelSelected(context: ShowContext, args: ShowArguments) {
  const names = new Set((selectedInterfaces(context, named(args)) ?? []).map(({ name }) => name))
  return [...context.state.portChannels.values()].filter(({ name }) => names.has(name))
}

function inUse({ portChannels }: SwitchState) {
  return [...portChannels.values()].filter(({ active }) => active.length > 0)
}

function channelJson({ active, peerActive, inactive }: PortChannelState): JsonObject {
  return {
    activePorts: objectOf([...active, ...peerActive.map((port) => `Peer${port}`)], (port) => [port, {}]),
    rxPorts: {},
    inactivePorts: objectOf(inactive, ([port, reason]) => [port, { reasonUnconfigured: reason }]),
    recircFeature: [],
    inactiveLag: false,
    minLinks: 0,
    minSpeed: '0 gbps',
    currWeight: 0,
    maxWeight: 16,
  }
}

function channelText({ name, active, peerActive, inactive }: PortChannelState) {
  const members = [...active, ...peerActive.map((port) => `Peer${port}`)]
  return printedLines([
    `Port Channel ${name}:`,
    members.length === 0 ? '  No Active Ports' : `  Active Ports: ${members.join(' ')}`,
    ...[...inactive].map(([port, reason]) => `  Configured, but inactive port: ${port}, ${reason}`),
  ])
}

function summaryJson(channel: PortChannelState): JsonObject {
  const { active, inactive, protocol, lacpMode } = channel
  const ports = [
    ...active.map(
      (port) => [port, { intf: port, linkDown: false, suspended: false, lacpState: { bundled: true } }] as const,
    ),
    ...[...inactive.keys()].map(
      (port) => [port, { intf: port, linkDown: true, suspended: false, lacpState: { bundled: false } }] as const,
    ),
  ]
  return {
    protocol,
    lacpMode,
    linkState: active.length > 0 ? 'up' : 'down',
    ports: Object.fromEntries(ports),
  }
}

const FLAGS = [
  'Flags',
  '-------------------------- ----------------------------- -------------------------',
  '   a - LACP Active            p - LACP Passive           * - static fallback',
  '   F - Fallback enabled       f - Fallback configured    ^ - individual fallback',
  '   U - In Use                 D - Down',
  '   + - In-Sync                - - Out-of-Sync            i - incompatible with agg',
  '   P - bundled in Po          s - suspended              G - Aggregable',
  '   I - Individual             S - ShortTimeout           w - wait for agg',
] as const

const TABLE_HEAD = [
  '   Port-Channel       Protocol     Ports',
  '------------------ --------------- --------------------------------',
] as const

const PORTS_PER_LINE = 4

function summaryRows({ name, active, inactive, peerActive, protocol, lacpMode }: PortChannelState) {
  const bundled = protocol === 'lacp' ? 'PG+' : 'P'
  const ports = [
    ...active.map((port) => `${shortName(port)}(${bundled})`),
    ...[...inactive.keys()].map((port) => `${shortName(port)}(D)`),
    ...peerActive.map((port) => `P${shortName(port)}(P)`),
  ]
  const word = protocol === 'static' ? 'Static' : `LACP(${lacpMode === 'passive' ? 'p' : 'a'})`
  const lines: string[] = []
  for (let at = 0; at === 0 || at < ports.length; at += PORTS_PER_LINE) {
    const head = at === 0 ? [`${shortName(name)}(${active.length > 0 ? 'U' : 'D'})`, word] : ['', '']
    lines.push(
      `   ${(head[0] ?? '').padEnd(18)} ${(head[1] ?? '').padEnd(12)} ${ports.slice(at, at + PORTS_PER_LINE).join(' ')}`,
    )
  }
  return lines
}
