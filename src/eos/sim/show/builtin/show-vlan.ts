import type { JsonObject } from '../../../../model/json.ts'
import { natural } from '../../../../model/natural-order.ts'
import { childLines, restOf } from '../../../config/text/tree.ts'
import { dottedMac } from '../../converge/address.ts'
import { parseRange, shortName } from '../../converge/interface-name.ts'
import type { VlanState } from '../../converge/network-state.ts'
import { BRIDGE_PRIORITY, readSpanningTree, servedVlans } from '../../converge/read-routing.ts'
import type { BridgeId, SpanningTreeInstance, SpanningTreePortState } from '../../converge/spanning-tree-state.ts'
import { printedLines } from '../../platform/facts.ts'
import {
  columns,
  objectOf,
  printedTable,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  wrapped,
} from '../format/define.ts'

/** The commands of this subject. */
export const VLAN_COMMANDS: readonly ShowCommand[] = [
  // Which VLANs the switch takes for itself; the keys that ANTA reads. EOS's default is ascending from 1006.
  {
    words: 'show vlan internal allocation policy',
    json: (context) => {
      const { policy, start, end } = allocation(context)
      return { policy, startVlanId: Number(start), endVlanId: Number(end) }
    },
    text: (context) => {
      const { policy, start, end } = allocation(context)
      return `Internal VLAN Allocation Policy: ${policy}\nInternal VLAN Allocation Range: ${start}-${end}\n`
    },
  },
  // VLANs that nobody configured; the keys that ANTA reads. Those EOS makes for VRFs are left out, because their numbers follow no
  // configuration.
  {
    words: 'show vlan dynamic',
    json: () => ({ dynamicVlans: {} }),
  },
  // Root, bridge and ports by tree; text as EOS prints it (ATD, containerlab), keys as cnquery reads them. The root, the bridge and the ports of
  // each tree; none where no switched port is up.
  {
    words: 'show spanning-tree',
    json: (context) => ({
      spanningTreeInstances: spanningTreeByName(context, (tree) => ({
        protocol: protocolWord(tree.protocol),
        bridge: { ...idJson(tree.bridge), ...TIMES },
        rootBridge: { ...idJson(tree.root), ...TIMES },
        ...treeJson(tree),
      })),
    }),
    text: (context) => [...context.state.spanningTree().values()].map(treeText).join('\n'),
  },
  // Root, bridge and ports by MST instance; keys as cnquery reads them. The trees of MSTP without protocol and times.
  {
    words: 'show spanning-tree mst detail',
    json: (context) => ({
      spanningTreeMstInstances: spanningTreeByName(context, (tree) => ({
        bridge: idJson(tree.bridge),
        rootBridge: idJson(tree.root),
        ...treeJson(tree),
      })),
    }),
  },
  // The root bridge of each tree; ANTA recordings (revision 1).
  {
    words: 'show spanning-tree root [detail]',
    json: (context) => ({
      instances: spanningTreeByName(context, ({ root }) => ({ rootBridge: { ...idJson(root), ...TIMES } })),
    }),
  },
  // Ports that spanning tree blocks; ANTA recordings (revision 1).
  {
    words: 'show spanning-tree blockedports',
    json: (context) => ({
      spanningTreeInstances: objectOf(blocked(context), ([name, ports]) => [name, { spanningTreeBlockedPorts: ports }]),
    }),
    text: (context) => {
      const rows = blocked(context)
      const head = ['Name       Blocked Ports', '---------- -------------']
      const lines = rows.map(([name, ports]) => columns([name, ports.map(shortName).join(', ')], [10]))
      const count = rows.reduce((sum, [, ports]) => sum + ports.length, 0)
      const foot = `Number of blocked ports (segments) in the system : ${count}`
      return printedLines([...head, ...lines, '', foot])
    },
  },
  // The protocol of each VLAN; the keys that ANTA reads.
  {
    words: 'show spanning-tree vlan [<vlan>] [detail]',
    json: (context, args) => ({
      spanningTreeVlanInstances: Object.fromEntries(
        vlansJson(context).filter(([id]) => args.vlan === undefined || id === args.vlan),
      ),
    }),
  },
  // Which ports forward, by topology; ANTA recordings (revision 1).
  {
    words: 'show spanning-tree topology [vlan <vlan>] status',
    json: (context, args) => topologiesJson(context, args, () => ({}), []),
  },
  // Which ports forward, and since when, by topology; ANTA recordings (revision 1). Every port came up once.
  {
    words: 'show spanning-tree topology [vlan <vlan>] status detail',
    json: (context, args) => {
      const changes = (name: string) => {
        const { linkChanges = 1, since = context.bootedAt } = context.state.interfaces.get(name) ?? {}
        return { numChanges: linkChanges, lastChange: since / 1000 }
      }
      return topologiesJson(context, args, changes, ['Cpu'])
    },
  },
  // BPDUs by port; ANTA recordings (revision 1). A designated port says hello every two seconds, and the other end hears it.
  {
    words: 'show spanning-tree counters',
    json: (context) => {
      const hellos = Math.floor((context.now - context.bootedAt) / HELLO)
      const ports = new Map(
        [...context.state.spanningTree().values()].flatMap(({ ports: all }) => all.map(spanningTreeTopologyByName)),
      )
      return {
        interfaces: Object.fromEntries(
          portsOf([...served(context).keys()], context).map((name) => {
            const sends = (ports.get(name)?.role ?? 'designated') === 'designated'
            return [name, { ...ERRORS, bpduSent: sends ? hellos : 0, bpduReceived: sends ? 0 : hellos }]
          }),
        ),
      }
    },
  },
  // Whether IGMP is listened to, by VLAN; ANTA recordings (revision 1). On, globally and on every VLAN, unless configured otherwise; nobody
  // joins a group here.
  {
    words: 'show ip igmp snooping',
    json: ({ running, state }) => {
      const lines = new Set(childLines(running))
      const word = (line: string) => (lines.has(`no ${line}`) ? 'disabled' : 'enabled')
      return {
        reportFlooding: 'disabled',
        igmpSnoopingState: word('ip igmp snooping'),
        vlans: objectOf(state.vlans.keys(), (id) => [
          String(id),
          { igmpSnoopingState: word(`ip igmp snooping vlan ${id}`), ...CONSTANTS },
        ]),
        robustness: 2,
        immediateLeave: 'enabled',
        reportFloodingSwitchPorts: [],
      }
    },
  },
  // The VLANs with the ports that are up in them; napalm, suzieq (4.23).
  {
    words: 'show vlan [<vlans>] [brief]',
    refuse: (context, args) =>
      vlanSelected(context, args).length === 0 ? `VLAN ${args.vlans} not found in current VLAN database` : undefined,
    json: (context, args) => {
      const vlans: Record<string, JsonObject> = {}
      for (const vlan of vlanSelected(context, args)) vlans[String(vlan.id)] = vlanVlanJson(vlan, vlan.ports)
      return { vlans, sourceDetail: '' }
    },
    text: (context, args) => {
      const ofPeer = context.state.peerPorts()
      const short = ({ id, ports }: VlanState) => [
        ...ports.map(shortName),
        ...(ofPeer.get(id) ?? []).map((port) => `P${shortName(port)}`),
      ]
      return vlanVlanTable(vlanSelected(context, args), short)
    },
  },
  // The VLANs with all ports that are configured for them; the shape of show vlan.
  {
    words: 'show vlan configured-ports',
    json: ({ state }) => ({
      vlans: objectOf(state.vlans.values(), (vlan) => [String(vlan.id), vlanVlanJson(vlan, vlan.configuredPorts)]),
      sourceDetail: '',
    }),
    text: ({ state }) => vlanVlanTable([...state.vlans.values()], (vlan) => vlan.configuredPorts.map(shortName)),
  },
]

function allocation({ running }: ShowContext) {
  const order = restOf(running.children, 'vlan internal order ') ?? ''
  const [, policy = 'ascending', start = '1006', end = '4094'] = /^(\S+) range (\d+) (\d+)/.exec(order) ?? []
  return { policy, start, end }
}

// Seconds: what every bridge says without a line (IEEE 802.1D).
const TIMES = { helloTime: 2, maxAge: 20, forwardDelay: 15 } as const
const TIMES_TEXT = 'Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec'

function spanningTreeByName({ state }: ShowContext, json: (tree: SpanningTreeInstance) => JsonObject): JsonObject {
  return objectOf(state.spanningTree(), ([name, tree]) => [name, json(tree)])
}

function idJson({ priority, systemIdExtension, macAddress }: BridgeId): JsonObject {
  return { priority, systemIdExtension, macAddress }
}

function treeJson({ protocol, regionalRoot, ports }: SpanningTreeInstance): JsonObject {
  return {
    ...(protocol === 'mstp' ? { regionalRootBridge: idJson(regionalRoot) } : {}),
    interfaces: objectOf(ports, (port) => [port.name, portJson(port)]),
  }
}

function portJson({ role, state, cost, priority, number, edge }: SpanningTreePortState): JsonObject {
  return { role, state, cost, priority, portNumber: number, linkType: 'p2p', isEdgePort: edge }
}

function protocolWord(mode: string) {
  return mode === 'rapid-pvst' ? 'rapidPvst' : mode
}

function treeText({ name, protocol, bridge, root, rootPort, externalCost, internalCost, ports }: SpanningTreeInstance) {
  const mine = root.macAddress === bridge.macAddress
  const to = rootPort === undefined ? [] : [['Port', `${rootPort.number} (${rootPort.name})`] as const]
  const rest = mine
    ? ['This bridge is the root']
    : [
        ...[['Cost', `${externalCost} (Ext) ${internalCost} (Int)`] as const, ...to].map(
          ([word, value]) => `${word.padEnd(11)} ${value}`,
        ),
        TIMES_TEXT,
      ]
  const own = bridge.priority + bridge.systemIdExtension
  return printedLines([
    name,
    `  Spanning tree enabled protocol ${protocol}`,
    `  Root ID    Priority    ${root.priority + root.systemIdExtension}`,
    ...[`Address     ${dottedMac(root.macAddress)}`, ...rest].map((line) => `             ${line}`),
    '',
    `  Bridge ID  Priority ${String(own).padStart(8)}  (priority ${bridge.priority} sys-id-ext ${bridge.systemIdExtension})`,
    `             Address     ${dottedMac(bridge.macAddress)}`,
    `             ${TIMES_TEXT}`,
    '',
    'Interface        Role       State      Cost      Prio.Nbr Type',
    '---------------- ---------- ---------- --------- -------- --------------------',
    ...ports.map(portText),
  ])
}

function portText({ name, role, state, cost, priority, number, edge }: SpanningTreePortState) {
  const cells = [shortName(name), role, state, String(cost), `${priority}.${number}`, edge ? 'P2p Edge' : 'P2p']
  return columns(cells, [16, 10, 10, 9, 8])
}

function blocked({ state }: ShowContext) {
  return [...state.spanningTree()].flatMap(([name, { ports }]) => {
    const names = ports.filter((port) => port.state === 'discarding').map((port) => port.name)
    return names.length === 0 ? [] : [[name, names] as const]
  })
}

function vlansJson({ state, running, facts }: ShowContext): readonly (readonly [string, JsonObject])[] {
  const config = readSpanningTree(running)
  if (config.mode === 'none') return []
  const served = servedVlans(config, state.vlans.keys())
  const all = [...served.keys(), ...[...state.vlans.keys()].filter((id) => !served.has(id))]
  const priority = config.priorities.get('MST0') ?? BRIDGE_PRIORITY
  const bridge = { priority, macAddress: facts.systemMac }
  return all.map((id) => [
    String(id),
    served.has(id) ? { spanningTreeVlanInstance: { protocol: protocolWord(config.mode), bridge } } : {},
  ])
}

const ERRORS = { bpduTaggedError: 0, bpduOtherError: 0, bpduRateLimitCount: 0 } as const
// Milliseconds between two BPDUs (IEEE 802.1D: hello time of two seconds).
const HELLO = 2000

const spanningTreeTopologyByName = (port: SpanningTreePortState) => [port.name, port] as const

function served({ running, state }: ShowContext) {
  return servedVlans(readSpanningTree(running), state.vlans.keys())
}

function topologiesJson(
  context: ShowContext,
  { vlan }: ShowArguments,
  portJson: (name: string) => JsonObject,
  internal: readonly string[],
): JsonObject {
  const trees = context.state.spanningTree()
  const topologies = [...topologiesOf(context)]
    .filter(([, { vlans }]) => vlan === undefined || vlans.includes(Number(vlan)))
    .map(([name, { vlans, instance }]) => {
      const states = new Map(trees.get(instance)?.ports.map((port) => [port.name, port.state]))
      const ports = [...internal, ...portsOf(vlans, context)].map(
        (port) => [port, { state: states.get(port) ?? 'forwarding', ...portJson(port) }] as const,
      )
      return [name, { vlans, interfaces: Object.fromEntries(ports) }] as const
    })
  return { unmappedVlans: [], topologies: Object.fromEntries(topologies) }
}

interface Topology {
  readonly instance: string
  readonly vlans: readonly number[]
}

function topologiesOf(context: ShowContext): ReadonlyMap<string, Topology> {
  const trees = served(context)
  const none = readSpanningTree(context.running).mode === 'none'
  const without = none ? [] : [...context.state.vlans.keys()].filter((vlan) => !trees.has(vlan))
  const topologies = new Map<string, Topology>()
  for (const [vlan, instance] of [...trees, ...without.map((id) => [id, ''] as const)]) {
    const name = topologyName(instance)
    topologies.set(name, { instance, vlans: [...(topologies.get(name)?.vlans ?? []), vlan] })
  }
  return topologies
}

function topologyName(instance: string) {
  if (instance === '') return 'NoStp'
  if (instance === 'MST0') return 'Cist'
  return instance.startsWith('MST') ? `Mst${instance.slice('MST'.length)}` : `Vl${instance.slice('VL'.length)}`
}

function portsOf(vlans: readonly number[], { state }: ShowContext) {
  return [...state.interfaces.values()]
    .filter((port) => port.lineProtocol === 'up' && port.vlans.some((vlan) => vlans.includes(vlan)))
    .map(({ name }) => name)
}

const CONSTANTS = {
  reportFlooding: 'disabled',
  proxyActive: false,
  groupsOverrun: false,
  multicastRouterLearningMode: 'pim-dvmrp',
  pruningActive: false,
  maxGroups: 65_534,
  immediateLeave: 'default',
  floodingTraffic: true,
} as const

const VLAN_PORTS_WIDTH = 31

function vlanSelected({ state }: ShowContext, args: ShowArguments) {
  const { vlans } = args
  if (vlans === undefined) return [...state.vlans.values()]
  const wanted = new Set(parseRange(vlans))
  return [...state.vlans.values()].filter(({ id }) => wanted.has(id))
}

function vlanVlanJson(vlan: VlanState, ports: readonly string[]): JsonObject {
  return {
    name: vlan.name,
    dynamic: false,
    status: vlan.status,
    interfaces: objectOf(ports, (port) => [port, { privatePromoted: false }]),
  }
}

const vlanWithoutComma = (cells: readonly string[]) => cells.map((cell) => cell.replace(/,$/, ''))

function vlanVlanTable(vlans: readonly VlanState[], portsOf: (vlan: VlanState) => readonly string[]) {
  const head = [
    ['VLAN', 'Name', 'Status', 'Ports'],
    ['-----', '-'.repeat(32), '-'.repeat(9), '-'.repeat(VLAN_PORTS_WIDTH)],
  ]
  const rows = vlans.flatMap((vlan) => {
    const ports = portsOf(vlan).toSorted(natural)
    const [first = '', ...rest] = wrapped(ports, VLAN_PORTS_WIDTH)
    const name = vlan.name.slice(0, 32)
    return [[String(vlan.id), name, vlan.status, first], ...rest.map((more) => ['', '', '', more])].map(
      vlanWithoutComma,
    )
  })
  return printedTable([...head, ...rows], [5, 32, 9])
}
