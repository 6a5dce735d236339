import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Telnet is disabled in the default VRF. */
export const verifyTelnetStatus = defineVerify({
  name: 'VerifyTelnetStatus',
  summary: 'Verifies that Telnet is disabled in the default VRF.',
  docs: 'Passes when the Telnet server of the default VRF is disabled.',
  commands: () => [{ cmd: 'show management telnet', revision: 1 }],
  answers: () => [z.object({ serverState: z.string() })],
  judge: (_input, [{ serverState }]) =>
    passUnless(serverState === 'disabled' ? [] : ['Telnet status for Default VRF is enabled']),
})
