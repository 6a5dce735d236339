import type { JsonObject } from '../../../../model/json.ts'
import type { IsisNeighbor, IsisState } from '../../converge/routing-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseUnknownVrf } from '../format/selection.ts'
import { seconds } from '../format/text-format.ts'

/** `show isis neighbors`: an empty map where no IS-IS runs. */
export const showIsisNeighbors = defineShow({
  words: 'show isis neighbors [vrf <vrf>]',
  docs: 'IS-IS neighbours by VRF, instance and system; ANTA recordings, lab-validation (none, also as text), vEOS 4.24.0F (text).',
  refuse: refuseUnknownVrf,
  unconverted: ({ facts }) => !eosAtLeast(facts.eos, '4.21'),
  json: (context, args) => ({
    vrfs: isisByVrf(context, args, ({ neighbors }) => ({ neighbors: bySystem(neighbors, context) })),
  }),
  text: (context, args) => neighborsText(context, args),
})

const HEAD =
  'Instance  VRF      System Id        Type Interface          SNPA              State Hold time   Circuit Id          '

/** One row for each neighbour of a port; nothing where no IS-IS runs. An instance has room for nine characters. */
function neighborsText({ state }: ShowContext, { vrf = 'default' }: ShowArguments): string {
  const rows = state.isis
    .filter((one) => vrf === 'all' || one.vrf === vrf)
    .flatMap(({ instance, vrf: of, neighbors, interfaces }) =>
      neighbors.map((one, at) => {
        const mine = interfaces.find(({ name }) => name === one.interface)
        const cells: readonly (readonly [string, number])[] = [
          [instance.slice(0, 9), 9],
          [of, 8],
          [one.hostname, 16],
          [one.level === 'level-1' ? 'L1' : 'L2', 4],
          [one.interface, 18],
          [mine?.pointToPoint === true ? 'P2P' : one.systemId, 17],
          ['UP', 5],
          ['27', 11],
          [circuitId(at), 20],
        ]
        return cells.map(([text, width]) => text.padEnd(width)).join(' ')
      }),
    )
  return rows.length === 0 ? '' : [HEAD, ...rows].map((line) => `${line}\n`).join('')
}

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
