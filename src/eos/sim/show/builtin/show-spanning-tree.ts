import type { JsonObject } from '../../../../model/json.ts'
import { dottedMac } from '../../converge/address.ts'
import { shortName } from '../../converge/interface-name.ts'
import { BRIDGE_PRIORITY, readSpanningTree, servedVlans } from '../../converge/read-spanning-tree.ts'
import type { BridgeId, SpanningTreeInstance, SpanningTreePortState } from '../../converge/spanning-tree-state.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { columns } from '../format/text-format.ts'

/** `show spanning-tree`: the root, the bridge and the ports of each tree; none where no switched port is up. */
export const showSpanningTree = defineShow({
  words: 'show spanning-tree',
  docs: 'Root, bridge and ports by tree; text as EOS prints it (ATD, containerlab), keys as cnquery reads them.',
  json: (context) => ({
    spanningTreeInstances: byName(context, (tree) => ({
      protocol: protocolWord(tree.protocol),
      bridge: { ...idJson(tree.bridge), ...TIMES },
      rootBridge: { ...idJson(tree.root), ...TIMES },
      ...regionalJson(tree),
      interfaces: Object.fromEntries(tree.ports.map((port) => [port.name, portJson(port)])),
    })),
  }),
  text: (context) => [...context.state.spanningTree().values()].map(treeText).join('\n'),
})

/** `show spanning-tree mst detail`: the trees of MSTP without protocol and times. */
export const showSpanningTreeMst = defineShow({
  words: 'show spanning-tree mst detail',
  docs: 'Root, bridge and ports by MST instance; keys as cnquery reads them.',
  json: (context) => ({
    spanningTreeMstInstances: byName(context, (tree) => ({
      bridge: idJson(tree.bridge),
      rootBridge: idJson(tree.root),
      ...regionalJson(tree),
      interfaces: Object.fromEntries(tree.ports.map((port) => [port.name, portJson(port)])),
    })),
  }),
})

/** `show spanning-tree root detail`: the root of each tree. */
export const showSpanningTreeRoot = defineShow({
  words: 'show spanning-tree root [detail]',
  docs: 'The root bridge of each tree; ANTA recordings (revision 1).',
  json: (context) => ({
    instances: byName(context, ({ root }) => ({ rootBridge: { ...idJson(root), ...TIMES } })),
  }),
})

/** `show spanning-tree blockedports`: the ports that discard. */
export const showSpanningTreeBlocked = defineShow({
  words: 'show spanning-tree blockedports',
  docs: 'Ports that spanning tree blocks; ANTA recordings (revision 1).',
  json: (context) => ({
    spanningTreeInstances: Object.fromEntries(
      blocked(context).map(([name, ports]) => [name, { spanningTreeBlockedPorts: ports }] as const),
    ),
  }),
  text: (context) => {
    const rows = blocked(context)
    const head = ['Name       Blocked Ports', '---------- -------------']
    const lines = rows.map(([name, ports]) => columns([name, ports.map(shortName).join(', ')], [10]))
    const count = rows.reduce((sum, [, ports]) => sum + ports.length, 0)
    const foot = `Number of blocked ports (segments) in the system : ${count}`
    return [...head, ...lines, '', foot].map((line) => `${line}\n`).join('')
  },
})

/** `show spanning-tree vlan`: which protocol serves a VLAN. */
export const showSpanningTreeVlan = defineShow({
  words: 'show spanning-tree vlan [<vlan>] [detail]',
  docs: 'The protocol of each VLAN; the keys that ANTA reads.',
  json: (context, args) => ({
    spanningTreeVlanInstances: Object.fromEntries(
      vlansJson(context).filter(([id]) => args.vlan === undefined || id === args.vlan),
    ),
  }),
})

/** Seconds: what every bridge says without a line (IEEE 802.1D). */
const TIMES = { helloTime: 2, maxAge: 20, forwardDelay: 15 } as const
const TIMES_TEXT = 'Hello Time  2.000 sec  Max Age 20 sec  Forward Delay 15 sec'

function byName({ state }: ShowContext, json: (tree: SpanningTreeInstance) => JsonObject): JsonObject {
  return Object.fromEntries([...state.spanningTree()].map(([name, tree]) => [name, json(tree)]))
}

function idJson({ priority, systemIdExtension, macAddress }: BridgeId): JsonObject {
  return { priority, systemIdExtension, macAddress }
}

function regionalJson({ protocol, regionalRoot }: SpanningTreeInstance): JsonObject {
  return protocol === 'mstp' ? { regionalRootBridge: idJson(regionalRoot) } : {}
}

function portJson({ role, state, cost, priority, number, edge }: SpanningTreePortState): JsonObject {
  return { role, state, cost, priority, portNumber: number, linkType: 'p2p', isEdgePort: edge }
}

function protocolWord(mode: string): string {
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
  return [
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
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function portText({ name, role, state, cost, priority, number, edge }: SpanningTreePortState): string {
  const cells = [shortName(name), role, state, String(cost), `${priority}.${number}`, edge ? 'P2p Edge' : 'P2p']
  return columns(cells, [16, 10, 10, 9, 8])
}

function blocked({ state }: ShowContext): readonly (readonly [string, readonly string[]])[] {
  return [...state.spanningTree()].flatMap(([name, { ports }]) => {
    const names = ports.filter((port) => port.state === 'discarding').map((port) => port.name)
    return names.length === 0 ? [] : [[name, names] as const]
  })
}

/** A VLAN without spanning tree is listed with nothing (ANTA recordings). */
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
