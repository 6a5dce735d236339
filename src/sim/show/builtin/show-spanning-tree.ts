import type { ConfigTree } from '../../../config/tree.ts'
import type { JsonObject } from '../../../model/json.ts'
import { defineShow, type ShowContext } from '../define.ts'

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
      vlansOf(context)
        .filter((id) => args.vlan === undefined || id === Number(args.vlan))
        .map((id) => [String(id), { spanningTreeVlanInstance: bridgeJson(context) }] as const),
    ),
  }),
})

function mode(running: ConfigTree): string {
  const line = running.children.find((node) => node.line.startsWith('spanning-tree mode '))?.line
  return line?.split(' ')[2] ?? 'mstp'
}

function vlansOf({ state, running }: ShowContext): readonly number[] {
  if (mode(running) === 'none') return []
  const off = running.children.flatMap(({ line }) => /^no spanning-tree vlan(?:-id)? ([\d,-]+)$/.exec(line)?.[1] ?? [])
  const without = new Set(off.flatMap(numbers))
  return [...state.vlans.keys()].filter((id) => !without.has(id))
}

function numbers(range: string): readonly number[] {
  return range.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-')
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => Number(first) + at)
  })
}

/** MSTP has one instance, rapid PVST one for each VLAN. */
function instances(context: ShowContext): readonly (readonly [string, number])[] {
  const kind = mode(context.running)
  if (kind === 'none') return []
  return kind === 'rapid-pvst' ? vlansOf(context).map((id) => [`VL${id}`, id] as const) : [['MST0', 0]]
}

function priority(running: ConfigTree, instance: string): number {
  const words = instance.startsWith('VL') ? `vlan-id ${instance.slice(2)}` : `mst ${instance.slice(3)}`
  const line = running.children.find((node) => node.line.startsWith(`spanning-tree ${words} priority `))?.line
  return Number(line?.split(' ').at(-1) ?? 32_768)
}

function bridgeJson({ facts, running }: ShowContext): JsonObject {
  return {
    protocol: mode(running) === 'rapid-pvst' ? 'rapidPvst' : mode(running),
    bridge: { priority: priority(running, 'MST0'), macAddress: facts.systemMac },
  }
}
