import type { JsonObject } from '../../../model/json.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../define.ts'
import { instanceOf, spanningTreeVlans } from '../spanning-tree-instances.ts'

/** `show spanning-tree topology status`: a port that is up forwards, because no loop is simulated. */
export const showSpanningTreeTopology = defineShow({
  words: 'show spanning-tree topology [vlan <vlan>] status',
  docs: 'Which ports forward, by topology; ANTA recordings (revision 1).',
  json: (context, args) => topologiesJson(context, args, () => FORWARDING, []),
})

/** `show spanning-tree topology status detail`: every port came up once. */
export const showSpanningTreeTopologyDetail = defineShow({
  words: 'show spanning-tree topology [vlan <vlan>] status detail',
  docs: 'Which ports forward, and since when, by topology; ANTA recordings (revision 1).',
  json: (context, args) => {
    const changes = (name: string) => {
      const { linkChanges = 1, since = context.bootedAt } = context.state.interfaces.get(name) ?? {}
      return { ...FORWARDING, numChanges: linkChanges, lastChange: since / 1000 }
    }
    return topologiesJson(context, args, changes, ['Cpu'])
  },
})

/** `show spanning-tree counters`: a switch that takes itself for the root says hello every two seconds and hears nobody. */
export const showSpanningTreeCounters = defineShow({
  words: 'show spanning-tree counters',
  docs: 'BPDUs by port; ANTA recordings (revision 1).',
  json: (context) => {
    const sent = Math.floor((context.now - context.bootedAt) / HELLO)
    const { served } = spanningTreeVlans(context)
    const counters = { bpduSent: sent, bpduReceived: 0, bpduTaggedError: 0, bpduOtherError: 0, bpduRateLimitCount: 0 }
    return { interfaces: Object.fromEntries(portsOf(served, context).map((name) => [name, counters])) }
  },
})

const FORWARDING = { state: 'forwarding' } as const
/** Milliseconds between two BPDUs (IEEE 802.1D: hello time of two seconds). */
const HELLO = 2000

function topologiesJson(
  context: ShowContext,
  { vlan }: ShowArguments,
  portJson: (name: string) => JsonObject,
  internal: readonly string[],
): JsonObject {
  const topologies = [...topologiesOf(context)]
    .filter(([, vlans]) => vlan === undefined || vlans.includes(Number(vlan)))
    .map(([name, vlans]) => {
      const ports = [...internal, ...portsOf(vlans, context)].map((port) => [port, portJson(port)] as const)
      return [name, { vlans, interfaces: Object.fromEntries(ports) }] as const
    })
  return { unmappedVlans: [], topologies: Object.fromEntries(topologies) }
}

/** VLANs by topology: instance 0 is called Cist, and VLANs without spanning tree are in NoStp. */
function topologiesOf(context: ShowContext): ReadonlyMap<string, readonly number[]> {
  const { served, without } = spanningTreeVlans(context)
  const instance = instanceOf(context)
  const named = [
    ...served.map((vlan) => [topologyName(instance(vlan)), vlan] as const),
    ...without.map((vlan) => ['NoStp', vlan] as const),
  ]
  const topologies = new Map<string, number[]>()
  for (const [name, vlan] of named) topologies.set(name, [...(topologies.get(name) ?? []), vlan])
  return topologies
}

function topologyName(instance: string): string {
  if (instance === 'MST0') return 'Cist'
  return instance.startsWith('MST') ? `Mst${instance.slice('MST'.length)}` : `Vl${instance.slice('VL'.length)}`
}

/** The switched ports that are up and carry one of the VLANs. */
function portsOf(vlans: readonly number[], { state }: ShowContext): readonly string[] {
  return [...state.interfaces.values()]
    .filter((port) => port.lineProtocol === 'up' && port.vlans.some((vlan) => vlans.includes(vlan)))
    .map(({ name }) => name)
}
