import type { ConfigTree } from '../../../config/tree.ts'
import type { JsonObject } from '../../../model/json.ts'
import { defineShow, type ShowContext } from '../define.ts'
import { spanningTreeMode, spanningTreeVlans } from '../spanning-tree-instances.ts'

/** `show spanning-tree root detail`: no BPDU is simulated, so each switch is its own root. */
export const showSpanningTreeRoot = defineShow({
  words: 'show spanning-tree root [detail]',
  docs: 'The root bridge of each instance, which is the switch itself; the keys that ANTA reads.',
  json: (context) => ({
    instances: Object.fromEntries(
      instances(context).map(([name, number]) => [
        name,
        {
          rootBridge: {
            priority: priority(context.running, name),
            systemIdExtension: number,
            macAddress: context.facts.systemMac,
            helloTime: 2,
            maxAge: 20,
            forwardDelay: 15,
          },
        },
      ]),
    ),
  }),
})

/** `show spanning-tree blockedports`: nothing is blocked. */
export const showSpanningTreeBlocked = defineShow({
  words: 'show spanning-tree blockedports',
  docs: 'Ports that spanning tree blocks, of which there are none; the keys that ANTA reads.',
  json: () => ({ spanningTreeInstances: {} }),
  text: () =>
    'Name       Blocked Ports\n---------- -------------\n\nNumber of blocked ports (segments) in the system : 0\n',
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

/** MSTP has one root for each of its instances, rapid PVST one for each VLAN. */
function instances(context: ShowContext): readonly (readonly [string, number])[] {
  const kind = spanningTreeMode(context.running)
  if (kind === 'none') return []
  if (kind === 'rapid-pvst') return spanningTreeVlans(context).served.map((id) => [`VL${id}`, id] as const)
  return [['MST0', 0]]
}

function priority(running: ConfigTree, instance: string): number {
  const words = instance.startsWith('VL') ? `vlan-id ${instance.slice(2)}` : `mst ${instance.slice(3)}`
  const line = running.children.find((node) => node.line.startsWith(`spanning-tree ${words} priority `))?.line
  return Number(line?.split(' ').at(-1) ?? 32_768)
}

/** A VLAN without spanning tree is listed with nothing (ANTA recordings). */
function vlansJson(context: ShowContext): readonly (readonly [string, JsonObject])[] {
  const { served, without } = spanningTreeVlans(context)
  return [
    ...served.map((id) => [String(id), { spanningTreeVlanInstance: bridgeJson(context) }] as const),
    ...without.map((id) => [String(id), {}] as const),
  ]
}

function bridgeJson({ facts, running }: ShowContext): JsonObject {
  return {
    protocol: spanningTreeMode(running) === 'rapid-pvst' ? 'rapidPvst' : spanningTreeMode(running),
    bridge: { priority: priority(running, 'MST0'), macAddress: facts.systemMac },
  }
}
