import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { stpVlans } from './stp-vlans.ts'

/** The VLANs are there, and spanning tree is disabled in them. */
export const verifyStpDisabledVlans = defineVerify({
  name: 'VerifySTPDisabledVlans',
  summary: 'Verifies that spanning tree is disabled for VLANs.',
  docs: 'Passes when spanning tree runs on the switch, the VLANs exist, and it is disabled for each of them.',
  example: { vlans: [6, 4094] },
  input: () => z.strictObject({ vlans: stpVlans() }),
  commands: () => [{ cmd: 'show spanning-tree vlan detail', revision: 1 }],
  answers: () => [
    z.object({
      spanningTreeVlanInstances: byName(z.looseObject({})).prefault({}),
    }),
  ],
  judge: ({ vlans }, [{ spanningTreeVlanInstances: instances }]) => {
    if (instances.size === 0) return passUnless(['STP is not configured'])
    return passUnless(
      vlans.flatMap((vlan) => {
        const instance = instances.get(String(vlan))
        if (instance === undefined) return [`VLAN: ${vlan} - Not configured`]
        return Object.keys(instance).length === 0 ? [] : [`VLAN: ${vlan} - STP is enabled`]
      }),
    )
  },
})
