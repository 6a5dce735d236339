import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'
import { once } from '../../../../model/once.ts'
import type { Verdict } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'

/** `show ip ospf neighbor`, revision 1: the neighbors of all instances. */
export const SHOW_IP_OSPF_NEIGHBOR: Command = { cmd: 'show ip ospf neighbor', revision: 1 }

const neighbor = once(() =>
  told({
    routerId: z.string(),
    interfaceName: z.string(),
    interfaceAddress: z.string(),
    adjacencyState: z.string(),
    details: told({ areaId: z.string() }),
  }),
)

/** What `show ip ospf neighbor` tells, by VRF and instance. */
export const ospfNeighborsAnswer = once(() =>
  z.object({
    vrfs: byName(told({ instList: byName(told({ ospfNeighborEntries: z.array(neighbor()) })) })).prefault({}),
  }),
)

/** {@link ospfNeighborsAnswer} as it is read. */
export type OspfNeighborsAnswer = z.output<ReturnType<typeof ospfNeighborsAnswer>>

/** One neighbor as it is read. */
export type OspfNeighbor = z.output<ReturnType<typeof neighbor>>

/** One neighbor, and where it was found. */
export interface FoundNeighbor {
  readonly vrf: string
  readonly instance: string
  readonly neighbor: OspfNeighbor
}

/** All neighbors, in the order of the answer. */
export function ospfNeighborsIn({ vrfs }: OspfNeighborsAnswer): readonly FoundNeighbor[] {
  return [...vrfs].flatMap(([vrf, { instList }]) =>
    [...instList].flatMap(([instance, { ospfNeighborEntries }]) =>
      ospfNeighborEntries.map((neighbor) => ({ vrf, instance, neighbor })),
    ),
  )
}

/** What a switch without OSPF is told. */
export const OSPF_NOT_CONFIGURED = 'OSPF not configured'

/** The verdict on a switch that has nobody to speak OSPF with; undefined where there are neighbors to judge. */
export function skippedWithoutNeighbors(answer: OspfNeighborsAnswer): Verdict | undefined {
  if (answer.vrfs.size === 0) return { status: 'skip', reason: OSPF_NOT_CONFIGURED }
  if (ospfNeighborsIn(answer).length === 0) return { status: 'skip', reason: 'No OSPF neighbor detected' }
  return undefined
}
