import type { JsonObject } from '../../../../model/json.ts'
import { childLines, foundIn } from '../../../config/text/tree.ts'
import { shortName } from '../../converge/interface-name.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import { hasCages, transceiverType } from '../../converge/platform.ts'
import { printedLines } from '../../platform/facts.ts'
import {
  columns,
  interfaceShow,
  loadInterval,
  objectOf,
  printedTable,
  refuseUnknownInterface,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  seconds,
  selectedInterfaces,
} from '../format/define.ts'
import { errorsJson, errorTotals, interfaceJson, rateOf, traffic } from '../format/interface-json.ts'
import { interfaceText, lineProtocolText } from '../format/interface-text.ts'

// State, addresses and counters; napalm (4.15), suzieq (4.23), ntc (text), lab-validation (4.23, 4.36). All of them, those an argument names,
// or the VXLAN interface written as two words.
const showInterfaces = interfaceShow({
  words: 'show interfaces [<interface>]',
  json: interfaceJson,
  text: (states, context) => states.map((state) => interfaceText(state, context)).join(''),
})

/** The commands of this subject. */
export const INTERFACES_COMMANDS: readonly ShowCommand[] = [
  // The descriptions with the state; anta, ntc show_interfaces_description.
  interfaceShow({
    words: 'show interfaces [<interface>] description',
    member: 'interfaceDescriptions',
    json: (state) => ({
      interfaceStatus: statusOf(state),
      description: state.description,
      lineProtocolStatus: state.lineProtocol,
    }),
    text: (states) => {
      const rows = states.map((state) => [
        shortName(state.name),
        statusOf(state) === 'adminDown' ? 'admin down' : statusOf(state),
        lineProtocolText(state.lineProtocol),
        state.description,
      ])
      return printedTable([['Interface', 'Status', 'Protocol', 'Description'], ...rows], [30, 14, 18])
    },
  }),
  // Link, VLAN, duplex and speed of every port; ntc show_interfaces_status, pyntc.
  interfaceShow({
    words: 'show interfaces [<interface>] status',
    of: isPort,
    member: 'interfaceStatuses',
    json: statusJson,
    text: (states, context) => {
      const head = ['Port', 'Name', 'Status', 'Vlan', 'Duplex', ' Speed', 'Type']
      return printedTable([head, ...states.map((state) => row(state, context))], [10, 22, 12, 11, 6, 6])
    },
  }),
  // Ports that the switch took down itself; the keys that ANTA reads.
  {
    words: 'show interfaces status errdisabled',
    json: ({ state }) => ({
      interfaceStatuses: Object.fromEntries(
        [...state.interfaces.values()]
          .filter(({ status }) => status === 'errdisabled')
          .map(
            ({ name, description, cause = 'unknown' }) =>
              [name, { description, status: 'errdisabled', causes: [cause] }] as const,
          ),
      ),
    }),
    text: ({ state }) => {
      const rows = [...state.interfaces.values()]
        .filter(({ status }) => status === 'errdisabled')
        .map(({ name, description, cause = 'unknown' }) => [shortName(name), description, 'errdisabled', cause])
      return printedTable([['Port', 'Name', 'Status', 'Reason'], ...rows], [10, 20, 14])
    },
  },
  // After how long, and why, a disabled port is enabled again; ANTA recordings (text). Off for every reason that `errdisable recovery cause`
  // does not name.
  {
    words: 'show errdisable recovery',
    text: ({ running }) => {
      const lines = childLines(running)
      const [seconds = DEFAULT_INTERVAL] = foundIn(lines, /^errdisable recovery interval (\d+)$/)
      const rows = REASONS.map((reason) => {
        const enabled = lines.includes(`errdisable recovery cause ${reason}`)
        return `${reason.padEnd(30)} ${(enabled ? 'Enabled' : 'Disabled').padEnd(15)} ${String(seconds).padStart(12)}`
      })
      const head = [
        'Errdisable Reason              Timer Status   Timer Interval',
        `${'-'.repeat(30)} ${'-'.repeat(17)} ${'-'.repeat(14)}`,
      ]
      return printedLines([...head, ...rows])
    },
  },
  // Octets and packets of every port; suzieq (4.23). What keeps an idle network awake, and what a fault makes rise.
  interfaceShow({
    words: 'show interfaces [<interface>] counters',
    of: isPort,
    json: countersJson,
    text: (states, context) => {
      const rows = states.map((state) => {
        const { octets, unicast, multicast, broadcast } = traffic(state, context.now, context.bootedAt)
        return [shortName(state.name), ...[octets, unicast, multicast, broadcast].map(String)]
      })
      const table = (way: string) => [
        columns(['Port', ...['Octets', 'UcastPkts', 'McastPkts', 'BcastPkts'].map((word) => way + word)], PACKETS),
        ...rows.map((cells) => columns(cells, PACKETS)),
      ]
      return printedLines([...table('In'), '', ...table('Out')])
    },
  }),
  // Broken frames of every port; anta.
  interfaceShow({
    words: 'show interfaces [<interface>] counters errors',
    of: isPort,
    member: 'interfaceErrorCounters',
    json: ({ errors }) => errorsJson(errorTotals(errors)),
    text: (states) => {
      const head = ['Port', 'FCS', 'Align', 'Symbol', 'Rx', 'Runts', 'Giants', 'Tx']
      const rows = states.map(({ name, errors }) => {
        const { detail, inErrors, outErrors } = errorTotals(errors)
        const counts = [detail.fcsErrors, detail.alignmentErrors, detail.symbolErrors, inErrors]
        return [shortName(name), ...[...counts, detail.runtFrames, detail.giantFrames, outErrors].map(String)]
      })
      return printedTable([head, ...rows], [8, 10, 10, 10, 10, 10, 10, 10])
    },
  }),
  // Frames thrown away by every port; anta.
  {
    words: 'show interfaces [<interface>] counters discards',
    refuse: refuseUnknownInterface,
    json: (context, args) => {
      const discards = portsIn(context, args).map(({ name, errors }) => {
        const { inDiscards, outDiscards } = errorTotals(errors)
        return [name, { inDiscards, outDiscards }] as const
      })
      return {
        inDiscardsTotal: discards.reduce((sum, [, { inDiscards }]) => sum + inDiscards, 0),
        outDiscardsTotal: discards.reduce((sum, [, { outDiscards }]) => sum + outDiscards, 0),
        interfaces: Object.fromEntries(discards),
      }
    },
    text: (context, args) => {
      const rows = portsIn(context, args).map(({ name, errors }) => {
        const { inDiscards, outDiscards } = errorTotals(errors)
        return [shortName(name), String(inDiscards), String(outDiscards)]
      })
      return printedTable([['Port', 'InDiscards', 'OutDiscards'], ...rows], PACKETS)
    },
  },
  // Bits and packets a second; the keys that ANTA reads.
  interfaceShow({
    words: 'show interfaces [<interface>] counters rates',
    of: isPort,
    json: ({ name, description }, context) => ({
      description,
      interval: loadInterval(context.running),
      inBpsRate: rateOf(context, name, 'in').bits,
      inPktsRate: rateOf(context, name, 'in').packets,
      outBpsRate: rateOf(context, name, 'out').bits,
      outPktsRate: rateOf(context, name, 'out').packets,
      lastUpdateTimestamp: seconds(context.now),
    }),
  }),
  // Limits of broadcast, multicast and unknown unicast, by port; ANTA recordings (revision 1). The configured limits; no simulated traffic
  // reaches one.
  {
    words: 'show storm-control',
    json: ({ running }) => ({
      aggregateTrafficClasses: {},
      interfaces: Object.fromEntries(
        running.children.flatMap(({ line, children }) => {
          const name = /^interface (\S+)$/.exec(line)?.[1]
          const limits = children.flatMap((child) => limit(child.line))
          if (name === undefined || limits.length === 0) return []
          return [[name, { trafficTypes: Object.fromEntries(limits), active: true, reason: '', errdisabled: false }]]
        }),
      ),
    }),
  },
  // Light by port, of which there is none; asked by NAPALM, text as ntc has it. No port has a module with light.
  {
    words: 'show interfaces transceiver',
    json: () => ({ interfaces: {} }),
    text: (context) =>
      printedLines([
        ...LIGHT_HEAD,
        ...transceiversPorts(context).map((name) => columns([shortName(name), ...NO_LIGHT], [10, 10, 9, 9, 9, 8])),
      ]),
  },
  // Modules by port; text as ntc has it. Which module is in which cage.
  {
    words: 'show interfaces transceiver hardware',
    text: (context) =>
      transceiversPorts(context)
        .map((name) => hardwareText(name, context))
        .join('\n'),
  },
  // Light and its limits by lane, of which there are none; ANTA recordings (revision 1). Every cable here is copper, which has no light to
  // measure.
  {
    words: 'show interfaces transceiver dom thresholds',
    json: (context) => ({
      interfaces: objectOf(transceiversPorts(context), (name) => [name, { displayName: name }]),
    }),
  },
  showInterfaces,
  // The VXLAN interface; suzieq (4.23). The one interface whose number stands apart in what checks send.
  {
    words: 'show interfaces vxlan <number>',
    refuse: (context, args) => refuseUnknownInterface(context, interfacesVxlanName(args.number)),
    json: (context, args) => showInterfaces.json?.(context, interfacesVxlanName(args.number)) ?? {},
    text: (context, args) => showInterfaces.text?.(context, interfacesVxlanName(args.number)) ?? '',
  },
]

function statusOf(state: InterfaceState) {
  if (state.status === 'disabled') return 'adminDown'
  return state.lineProtocol === 'up' ? 'up' : 'down'
}

function isPort({ kind }: InterfaceState) {
  return kind === 'ethernet' || kind === 'management' || kind === 'portChannel'
}

function statusJson(state: InterfaceState, context: ShowContext): JsonObject {
  const negotiates = state.kind === 'management'
  return {
    description: state.description,
    linkStatus: state.status,
    vlanInformation: vlanInformation(state),
    bandwidth: state.bandwidth,
    duplex: 'duplexFull',
    interfaceType: typeOf(state, context),
    autoNegotiateActive: negotiates,
    autoNegotigateActive: negotiates,
  }
}

function vlanInformation(state: InterfaceState): JsonObject {
  if (state.mode === 'routed') return { interfaceMode: 'routed', interfaceForwardingModel: 'routed' }
  if (state.mode === 'dataLink') {
    return {
      interfaceMode: 'dataLink',
      interfaceForwardingModel: 'dataLink',
      vlanExplanation: `in ${shortName(state.channel ?? '')}`,
    }
  }
  if (state.mode === 'trunk')
    return { interfaceMode: 'trunk', interfaceForwardingModel: 'bridged', vlanExplanation: 'trunk' }
  return { interfaceMode: 'bridged', interfaceForwardingModel: 'bridged', vlanId: state.vlan }
}

function typeOf(state: InterfaceState, { facts }: ShowContext) {
  if (state.kind === 'portChannel') return 'N/A'
  return state.lineProtocol === 'notPresent' ? 'Not Present' : transceiverType(facts.model, state.name)
}

function row(state: InterfaceState, context: ShowContext) {
  const negotiates = state.kind === 'management'
  const vlan = {
    routed: 'routed',
    trunk: 'trunk',
    access: String(state.vlan),
    dataLink: `in ${shortName(state.channel ?? '')}`,
  }
  return [
    shortName(state.name),
    state.description.slice(0, 22),
    state.status,
    vlan[state.mode],
    negotiates ? 'a-full' : 'full',
    ((negotiates ? 'a-' : '') + speed(state.bandwidth)).padStart(6),
    typeOf(state, context),
  ]
}

function speed(bandwidth: number) {
  if (bandwidth === 0) return 'unconf'
  return bandwidth >= 1e9 ? `${bandwidth / 1e9}G` : `${bandwidth / 1e6}M`
}

// Why EOS disables a port by itself, in the order of its table (EOS manual, "show errdisable recovery"; ANTA documentation).
const REASONS = [
  'acl',
  'arp-inspection',
  'bpduguard',
  'dot1x',
  'hitless-reload-down',
  'lacp-no-portid',
  'lacp-rate-limit',
  'link-flap',
  'no-internal-vlan',
  'portchannelguard',
  'portsec',
  'speed-misconfigured',
  'storm-control',
  'stp-no-portid',
  'tapagg',
  'uplink-failure-detection',
  'xcvr-misconfigured',
  'xcvr-overheat',
  'xcvr-power-unsupported',
  'xcvr-unsupported',
] as const

// Seconds after which a port is enabled again, unless configured.
const DEFAULT_INTERVAL = 300

const PACKETS = [10, 20, 15, 15, 15] as const

function portsIn(context: ShowContext, args: ShowArguments) {
  return (selectedInterfaces(context, args) ?? []).filter(isPort)
}

function countersJson(state: InterfaceState, { now, bootedAt }: ShowContext): JsonObject {
  const { inDiscards, outDiscards } = errorTotals(state.errors)
  const { octets, unicast, multicast, broadcast } = traffic(state, now, bootedAt)
  return {
    inOctets: octets,
    inUcastPkts: unicast,
    inMulticastPkts: multicast,
    inBroadcastPkts: broadcast,
    inDiscards,
    outOctets: octets,
    outUcastPkts: unicast,
    outMulticastPkts: multicast,
    outBroadcastPkts: broadcast,
    outDiscards,
    lastUpdateTimestamp: seconds(now),
  }
}

// `storm-control broadcast level 10` (percent), `storm-control multicast level pps 500`.
function limit(line: string): readonly (readonly [string, JsonObject])[] {
  const [, type, packets, level] = /^storm-control (\S+) level (pps )?([\d.]+)$/.exec(line) ?? []
  if (type === undefined) return []
  const thresholdType = packets === undefined ? 'percentage' : 'packetsPerSecond'
  return [[type, { level: Number(level), thresholdType, rate: 0, drop: 0, dormant: false }]]
}

const LIGHT_HEAD = [
  'If device is externally calibrated, only calibrated values are printed.',
  'N/A: not applicable, Tx: transmit, Rx: receive.',
  'mA: milliamperes, dBm: decibels (milliwatts).',
  '                               Bias      Optical   Optical',
  '          Temp       Voltage   Current   Tx Power  Rx Power',
  'Port      (Celsius)  (Volts)   (mA)      (dBm)     (dBm)     Last Update',
  '-----     ---------  --------  --------  --------  --------  -------------------',
]
const NO_LIGHT = Array.from({ length: 6 }, () => 'N/A')

function transceiversPorts({ facts, state }: ShowContext) {
  if (!hasCages(facts.model)) return []
  return [...state.interfaces.values()].flatMap(({ kind, name }) =>
    kind === 'ethernet' && !name.includes('.') ? [name] : [],
  )
}

function hardwareText(name: string, { facts, state }: ShowContext) {
  const there = state.interfaces.get(name)?.lineProtocol !== 'notPresent'
  const module = there ? `Media type: ${transceiverType(facts.model, name)}` : 'Module presence: not detected'
  return printedLines([`Name: ${shortName(name)}`, module, 'Maximum slot power (W): N/A'])
}

function interfacesVxlanName(number: string | undefined) {
  return { interface: `Vxlan${number ?? ''}` }
}
