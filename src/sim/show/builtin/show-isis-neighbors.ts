import type { JsonObject } from '../../../model/json.ts'
import type { IsisNeighbor, IsisState } from '../../converge/routing-state.ts'
import { eosAtLeast } from '../../eos-version.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../define.ts'
import { refuseUnknownVrf } from '../selection.ts'
import { seconds } from '../text-format.ts'

/** `show isis neighbors`: an empty map where no IS-IS runs. */
export const showIsisNeighbors = defineShow({
  words: 'show isis neighbors [vrf <vrf>]',
  docs: 'IS-IS neighbours by VRF, instance and system; ANTA recordings, lab-validation (none, also as text).',
  refuse: refuseUnknownVrf,
  unconverted: ({ facts }) => !eosAtLeast(facts.eos, '4.21'),
  json: (context, args) => ({
    vrfs: isisByVrf(context, args, ({ neighbors }) => ({ neighbors: bySystem(neighbors, context) })),
  }),
  text: () => '',
})

/** What is shown of each IS-IS process of the VRFs that the arguments name, by VRF and instance. */
export function isisByVrf(
  { state }: ShowContext,
  { vrf = 'default' }: ShowArguments,
  shown: (instance: IsisState) => JsonObject,
): JsonObject {
  const processes = state.isis.filter((one) => vrf === 'all' || one.vrf === vrf)
  return Object.fromEntries(
    processes.map((one) => [one.vrf, { isisInstances: { [one.instance]: shown(one) } }] as const),
  )
}

function bySystem(neighbors: readonly IsisNeighbor[], { now }: ShowContext): JsonObject {
  const systems = [...new Set(neighbors.map(({ systemId }) => systemId))]
  const adjacency = (one: IsisNeighbor, at: number): JsonObject => ({
    hostname: one.hostname,
    circuitId: circuitId(at),
    interfaceName: one.interface,
    state: 'up',
    lastHelloTime: Math.floor(seconds(now)),
    routerIdV4: one.routerId,
  })
  return Object.fromEntries(
    systems.map((systemId) => [
      systemId,
      { adjacencies: neighbors.flatMap((one, at) => (one.systemId === systemId ? [adjacency(one, at)] : [])) },
    ]),
  )
}

/** The number of a circuit in hexadecimal: nobody knows which; recorded are some above 80. */
export const circuitId = (at: number): string => (0x80 + at).toString(16).toUpperCase()
