import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import type { Verdict } from '../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { once } from '../../once.ts'

/** `show ip ospf neighbor`, revision 1: the neighbors of all instances. */
export const SHOW_IP_OSPF_NEIGHBOR: Command = { cmd: 'show ip ospf neighbor', revision: 1 }

const neighbor = once(() =>
  z.object({
    interfaceName: z.string().optional(),
    interfaceAddress: z.string().optional(),
    adjacencyState: z.string().optional(),
    details: z.object({ areaId: z.string().optional() }).optional(),
  }),
)

/** What `show ip ospf neighbor` tells, by VRF and instance. */
export const ospfNeighborsAnswer = once(() =>
  z.object({
    vrfs: byName(
      z.object({ instList: byName(z.object({ ospfNeighborEntries: z.array(neighbor()).optional() })).optional() }),
    ),
  }),
)

/** {@link ospfNeighborsAnswer} as it is read. */
export type OspfNeighborsAnswer = z.output<ReturnType<typeof ospfNeighborsAnswer>>

/** One neighbor, and where it was found. */
export interface OspfNeighbor extends z.output<ReturnType<typeof neighbor>> {
  readonly vrf: string
  readonly instance: string
}

/** All neighbors, in the order of the answer. */
export function ospfNeighborsIn({ vrfs }: OspfNeighborsAnswer): readonly OspfNeighbor[] {
  return [...vrfs].flatMap(([vrf, { instList = [] }]) =>
    [...instList].flatMap(([instance, { ospfNeighborEntries = [] }]) =>
      ospfNeighborEntries.map((entry) => ({ vrf, instance, ...entry })),
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
