import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_TACACS, tacacsAnswer } from '../../answer/show-tacacs.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { vrf, word } from '../../input/words.ts'

/** TACACS+ messages leave from the expected interface. */
export const verifyTacacsSourceIntf = defineVerify({
  name: 'VerifyTacacsSourceIntf',
  summary: 'Verifies the source interface of TACACS+ in a VRF.',
  docs: 'Passes when the source interface of TACACS+ in the VRF is the expected one.',
  example: { intf: 'Management0', vrf: 'MGMT' },
  input: () =>
    z.strictObject({
      intf: word().describe('The interface that TACACS+ messages leave from, as EOS names it.'),
      vrf: vrf().describe('The VRF of the TACACS+ servers.'),
    }),
  commands: () => [SHOW_TACACS],
  answers: () => [tacacsAnswer().pick({ srcIntf: true })],
  judge: ({ intf, vrf }, [{ srcIntf }]) => {
    const actual = srcIntf?.get(vrf)
    if (actual === undefined) return passUnless([`VRF: ${vrf} Source Interface: ${intf} - Not configured`])
    return passUnless(mismatch(`VRF: ${vrf} - Source interface mismatch`, intf, actual))
  },
})
