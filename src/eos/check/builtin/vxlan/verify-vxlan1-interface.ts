import { passUnless } from '../../../../model/verdict.ts'
import { interfacesDescriptionAnswer, SHOW_INTERFACES_DESCRIPTION } from '../../answer/show-interfaces-description.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { VXLAN1, VXLAN1_NOT_CONFIGURED } from './vxlan1-interface.ts'

/** The VXLAN interface is up. */
export const verifyVxlan1Interface = defineVerify({
  name: 'VerifyVxlan1Interface',
  summary: 'Verifies that Vxlan1 and its line protocol are up.',
  docs: 'Passes when the interface and its line protocol are up, fails otherwise. Skipped where Vxlan1 is not configured.',
  commands: () => [SHOW_INTERFACES_DESCRIPTION],
  answers: () => [interfacesDescriptionAnswer()],
  judge: (_input, [{ interfaceDescriptions }]) => {
    const vxlan1 = interfaceDescriptions.get(VXLAN1)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    const lineProtocolStatus = needed(vxlan1, 'lineProtocolStatus')
    const interfaceStatus = needed(vxlan1, 'interfaceStatus')
    return passUnless(
      mismatch(
        `Interface: ${VXLAN1} - Incorrect Line protocol status/Status`,
        'up/up',
        `${lineProtocolStatus}/${interfaceStatus}`,
      ),
    )
  },
})
