import type { JsonObject } from '../../../../model/json.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import type { IsisInterfaceState, IsisState } from '../../converge/routing-state.ts'
import { defineShow, type ShowContext } from '../format/define.ts'
import { macOf } from '../format/interface-facts.ts'
import { refuseUnknownVrf } from '../format/selection.ts'
import { circuitId, isisByVrf } from './show-isis-neighbors.ts'

/** `show isis graceful-restart`. */
export const showIsisGracefulRestart = defineShow({
  words: 'show isis graceful-restart [vrf <vrf>]',
  docs: 'Graceful restart of IS-IS, where none runs; ANTA recordings of a switch without IS-IS.',
  refuse: refuseIsis,
  json: () => ({ vrfs: {} }),
})

/** `show isis interface brief`. */
export const showIsisInterface = defineShow({
  words: 'show isis interface brief [vrf <vrf>]',
  docs: 'Interfaces of IS-IS by VRF and instance, with their levels; ANTA recordings.',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: isisByVrf(context, args, (instance) => ({ interfaces: interfacesJson(instance, context) })),
  }),
})

function interfacesJson(instance: IsisState, context: ShowContext): JsonObject {
  const names = [...new Set(instance.interfaces.map(({ name }) => name))]
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const state = context.state.interfaces.get(name)
      return state === undefined ? [] : [[name, interfaceJson(state, at, instance, context)] as const]
    }),
  )
}

function interfaceJson(
  state: InterfaceState,
  at: number,
  { interfaces, neighbors }: IsisState,
  { facts }: ShowContext,
): JsonObject {
  const loopback = state.kind === 'loopback'
  const levels = interfaces.filter(({ name }) => name === state.name)
  const pointToPoint = levels.some((one) => one.pointToPoint)
  const snpa = loopback ? '0:0:0:0:0:0' : pointToPoint ? 'P2P' : macOf(state, facts)
  return {
    enabled: true,
    index: at + 1,
    snpa,
    mtu: state.mtu - LINK_HEADER,
    interfaceAddressFamily: 'ipv4',
    interfaceType: loopback ? 'loopback' : pointToPoint ? 'point-to-point' : 'broadcast',
    intfLevels: Object.fromEntries(
      levels.map((one) => {
        const near = neighbors.filter((other) => other.interface === state.name && other.level === one.level)
        return [one.level.slice(-1), levelJson(one, near.length, at)] as const
      }),
    ),
    ...(loopback ? {} : { interfaceSpeed: state.bandwidth / 1_000_000 }),
    areaProxyBoundary: false,
  }
}

/** What IS-IS takes of an MTU: 65,535 of a loopback is 65,532 in the recording. */
const LINK_HEADER = 3

/** A passive interface has no adjacencies that could be counted. */
function levelJson({ metric, passive }: IsisInterfaceState, near: number, at: number): JsonObject {
  return {
    ipv4Metric: metric,
    ...(passive ? {} : { numAdjacencies: near, linkId: circuitId(at) }),
    sharedSecretProfile: '',
    isisAdjacencies: [],
    passive,
    v4Protection: 'disabled',
    v6Protection: 'disabled',
  }
}

/** `show isis segment-routing`. */
export const showIsisSegmentRouting = defineShow({
  words: 'show isis segment-routing [adjacency-segments] [vrf <vrf>]',
  docs: 'Segment routing of IS-IS, where none runs; ANTA recordings of a switch without IS-IS.',
  refuse: refuseIsis,
  json: () => ({ vrfs: {} }),
})

/** `show isis segment-routing tunnel`. */
export const showIsisSegmentRoutingTunnel = defineShow({
  words: 'show isis segment-routing tunnel',
  docs: 'Tunnels of segment routing, where no IS-IS runs; ANTA recordings of a switch without IS-IS.',
  refuse: refuseIsis,
  json: () => ({ entries: {} }),
})

/** This part of IS-IS is not simulated: where IS-IS is configured, an empty answer would be another than that of EOS. */
function refuseIsis({ running }: ShowContext): string | undefined {
  const isConfigured = running.children.some(({ line }) => line.startsWith('router isis '))
  return isConfigured ? 'The simulator does not run this part of IS-IS' : undefined
}
