import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_INTERFACES } from '../../answer/show-interfaces.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { vxlanSourceInterface } from '../../input/interfaces.ts'
import { integer } from '../../input/numbers.ts'
import { VXLAN1, VXLAN1_NOT_CONFIGURED, vxlan1Answer, vxlan1In } from './vxlan1-interface.ts'

/** The VXLAN interface has the given source and port. */
export const verifyVxlan1ConnSettings = defineVerify({
  name: 'VerifyVxlan1ConnSettings',
  summary: 'Verifies the source interface and the UDP port of Vxlan1.',
  docs: 'Passes when both are as given. Fails for each that is not. Skipped where Vxlan1 is not configured.',
  example: { source_interface: 'Loopback1', udp_port: 4789 },
  input: () =>
    z.strictObject({
      source_interface: vxlanSourceInterface().describe('Interface whose address is that of the VTEP.'),
      udp_port: integer(1024, 65_335).describe('UDP port, 1024 to 65335.'),
    }),
  commands: () => [SHOW_INTERFACES],
  answers: () => [vxlan1Answer()],
  judge: ({ source_interface, udp_port }, [answer]) => {
    const vxlan1 = vxlan1In(answer)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    return passUnless([
      ...mismatch(`Interface: ${VXLAN1} - Incorrect Source interface`, source_interface, vxlan1.srcIpIntf, 'None'),
      ...mismatch(`Interface: ${VXLAN1} - Incorrect UDP port`, udp_port, vxlan1.udpPort, 'None'),
    ])
  },
})
