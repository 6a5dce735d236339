import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { ipv4 } from '../../input/addresses.ts'
import { VXLAN1, VXLAN1_NOT_CONFIGURED } from './vxlan1-interface.ts'

/** The VTEPs of the switch are the given ones. */
export const verifyVxlanVtep = defineVerify({
  name: 'VerifyVxlanVtep',
  summary: 'Verifies that the VTEP peers of Vxlan1 are exactly the given ones.',
  docs:
    'Passes when every given peer is there and no other. Fails with all that are missing and all that are not expected. ' +
    'Skipped where Vxlan1 is not configured.',
  example: { vteps: ['192.0.2.5', '192.0.2.6'] },
  input: () => z.strictObject({ vteps: z.array(ipv4()).describe('Addresses of the peers.') }),
  commands: () => [{ cmd: 'show vxlan vtep', revision: 1 }],
  answers: () => [z.object({ interfaces: byName(told({ vteps: z.array(z.string()) })).optional() })],
  judge: ({ vteps }, [{ interfaces }]) => {
    const vxlan1 = interfaces?.get(VXLAN1)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    const actual = vxlan1.vteps
    const missing = vteps.filter((vtep) => !actual.includes(vtep))
    const unexpected = actual.filter((vtep) => !vteps.includes(vtep))
    return passUnless([
      ...(missing.length === 0
        ? []
        : [`The following VTEP peer(s) are missing from the ${VXLAN1} interface: ${listed(missing)}`]),
      ...(unexpected.length === 0 ? [] : [`Unexpected VTEP peer(s) on ${VXLAN1} interface: ${listed(unexpected)}`]),
    ])
  },
})

const listed = (vteps: readonly string[]): string => [...new Set(vteps)].sort().join(', ')
