import type { JsonObject } from '../../../../model/json.ts'
import { readSpanningTree, servedVlans } from '../../converge/read-spanning-tree.ts'
import type { SpanningTreePortState } from '../../converge/spanning-tree-state.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'

/** `show spanning-tree topology status`: which ports forward. */
export const showSpanningTreeTopology = defineShow({
  words: 'show spanning-tree topology [vlan <vlan>] status',
  docs: 'Which ports forward, by topology; ANTA recordings (revision 1).',
  json: (context, args) => topologiesJson(context, args, () => ({}), []),
})

/** `show spanning-tree topology status detail`: every port came up once. */
export const showSpanningTreeTopologyDetail = defineShow({
  words: 'show spanning-tree topology [vlan <vlan>] status detail',
  docs: 'Which ports forward, and since when, by topology; ANTA recordings (revision 1).',
  json: (context, args) => {
    const changes = (name: string) => {
      const { linkChanges = 1, since = context.bootedAt } = context.state.interfaces.get(name) ?? {}
      return { numChanges: linkChanges, lastChange: since / 1000 }
    }
    return topologiesJson(context, args, changes, ['Cpu'])
  },
})

/** `show spanning-tree counters`: a designated port says hello every two seconds, and the other end hears it. */
export const showSpanningTreeCounters = defineShow({
  words: 'show spanning-tree counters',
  docs: 'BPDUs by port; ANTA recordings (revision 1).',
  json: (context) => {
    const hellos = Math.floor((context.now - context.bootedAt) / HELLO)
    const ports = new Map([...context.state.spanningTree().values()].flatMap(({ ports: all }) => all.map(byName)))
    return {
      interfaces: Object.fromEntries(
        portsOf([...served(context).keys()], context).map((name) => {
          const sends = (ports.get(name)?.role ?? 'designated') === 'designated'
          return [name, { ...ERRORS, bpduSent: sends ? hellos : 0, bpduReceived: sends ? 0 : hellos }]
        }),
      ),
    }
  },
})

const ERRORS = { bpduTaggedError: 0, bpduOtherError: 0, bpduRateLimitCount: 0 } as const
/** Milliseconds between two BPDUs (IEEE 802.1D: hello time of two seconds). */
const HELLO = 2000

const byName = (port: SpanningTreePortState) => [port.name, port] as const

function served({ running, state }: ShowContext): ReadonlyMap<number, string> {
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

/** VLANs by topology: instance 0 is called Cist, and VLANs without spanning tree are in NoStp. */
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

function topologyName(instance: string): string {
  if (instance === '') return 'NoStp'
  if (instance === 'MST0') return 'Cist'
  return instance.startsWith('MST') ? `Mst${instance.slice('MST'.length)}` : `Vl${instance.slice('VL'.length)}`
}

/** The switched ports that are up and carry one of the VLANs. */
function portsOf(vlans: readonly number[], { state }: ShowContext): readonly string[] {
  return [...state.interfaces.values()]
    .filter((port) => port.lineProtocol === 'up' && port.vlans.some((vlan) => vlans.includes(vlan)))
    .map(({ name }) => name)
}
