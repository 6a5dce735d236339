import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { stpVlans } from './stp-vlans.ts'

/** Every interface forwards in the topologies of the VLANs. */
export const verifyStpForwardingPorts = defineVerifyEach({
  name: 'VerifySTPForwardingPorts',
  summary: 'Verifies that every interface is in forwarding state for VLANs.',
  docs: 'Passes when all interfaces of the topologies that a VLAN belongs to forward. A VLAN of a running spanning tree that is in none of its topologies has no interface, and passes.',
  example: { vlans: [10, 20] },
  input: () => z.strictObject({ vlans: stpVlans() }),
  commands: ({ vlans }) =>
    vlans.map((vlan) => ({ cmd: `show spanning-tree topology vlan ${vlan} status`, revision: 1 })),
  answer: () =>
    z.object({
      topologies: byName(
        told({ vlans: z.array(z.number()), interfaces: byName(told({ state: z.string() })) }),
      ).prefault({}),
    }),
  judge: ({ vlans }, answers) =>
    passUnless(
      vlans.flatMap((vlan, index) => {
        const topologies = [...(answers[index]?.topologies.values() ?? [])]
        if (topologies.length === 0) return [`VLAN ${vlan} - STP instance is not configured`]
        const topology = topologies.filter((one) => one.vlans.includes(vlan)).map(({ interfaces }) => interfaces)
        return [...(topology.at(-1) ?? [])].flatMap(([name, { state }]) =>
          mismatch(`VLAN ${vlan} Interface: ${name} - Invalid state`, 'forwarding', state),
        )
      }),
    ),
})
