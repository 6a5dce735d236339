import type { JsonObject } from '../../../../model/json.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { PortChannelState, SwitchState } from '../../converge/network-state.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseUnknownInterface, selectedInterfaces } from '../format/selection.ts'

/** `show port-channel`. Members of the MLAG peer are called `PeerEthernet1` (anta). */
export const showPortChannel = defineShow({
  words: 'show port-channel [<interface>] [all-ports]',
  docs: 'The port-channels with their members; anta, `show port-channel 1 all-ports` of pyeapi.',
  refuse: (context, args) => refuseUnknownInterface(context, named(args)),
  json: (context, args) => ({
    portChannels: Object.fromEntries(
      selected(context, args).map((channel) => [channel.name, channelJson(channel)] as const),
    ),
  }),
  text: (context, args) =>
    selected(context, args)
      .map((channel) => channelText(channel))
      .join(''),
})

/** `show port-channel summary` and `dense`: one line for each. */
export const showPortChannelSummary = defineShow({
  words: 'show port-channel (summary|dense)',
  docs: 'The port-channels as a table with flags; ntc show_port-channel_summary (text).',
  json: (context) => ({
    numberOfChannelsInUse: inUse(context.state).length,
    numberOfAggregators: inUse(context.state).length,
    portChannels: Object.fromEntries(
      [...context.state.portChannels.values()].map((channel) => [channel.name, summaryJson(channel)] as const),
    ),
  }),
  text: ({ state }) => {
    const rows = [...state.portChannels.values()].flatMap(summaryRows)
    const used = inUse(state).length
    const counts = [`Number of channels in use: ${used}`, `Number of aggregators: ${used}`, '']
    return [...FLAGS, '', ...counts, ...TABLE_HEAD, ...rows].map((line) => `${line.trimEnd()}\n`).join('')
  },
})

/** A bare number names a port-channel here. */
function named(args: ShowArguments): ShowArguments {
  const { interface: typed } = args
  return typed !== undefined && /^\d/.test(typed) ? { ...args, interface: `Port-Channel${typed}` } : args
}

function selected(context: ShowContext, args: ShowArguments): readonly PortChannelState[] {
  const names = new Set((selectedInterfaces(context, named(args)) ?? []).map(({ name }) => name))
  return [...context.state.portChannels.values()].filter(({ name }) => names.has(name))
}

function inUse({ portChannels }: SwitchState): readonly PortChannelState[] {
  return [...portChannels.values()].filter(({ active }) => active.length > 0)
}

function channelJson({ active, peerActive, inactive }: PortChannelState): JsonObject {
  return {
    activePorts: Object.fromEntries([...active, ...peerActive.map((port) => `Peer${port}`)].map((port) => [port, {}])),
    rxPorts: {},
    inactivePorts: Object.fromEntries([...inactive].map(([port, reason]) => [port, { reasonUnconfigured: reason }])),
    recircFeature: [],
    inactiveLag: false,
    minLinks: 0,
    minSpeed: '0 gbps',
    currWeight: 0,
    maxWeight: 16,
  }
}

function channelText({ name, active, peerActive, inactive }: PortChannelState): string {
  const members = [...active, ...peerActive.map((port) => `Peer${port}`)]
  const lines = [
    `Port Channel ${name}:`,
    members.length === 0 ? '  No Active Ports' : `  Active Ports: ${members.join(' ')}`,
    ...[...inactive].map(([port, reason]) => `  Configured, but inactive port: ${port}, ${reason}`),
  ]
  return lines.map((line) => `${line}\n`).join('')
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

/** As many ports in a line as the recorded table has. */
const PORTS_PER_LINE = 4

function summaryRows({ name, active, inactive, peerActive, protocol, lacpMode }: PortChannelState): readonly string[] {
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
