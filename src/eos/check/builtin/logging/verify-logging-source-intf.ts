import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { vrf, word } from '../../input/words.ts'
import { SHOW_LOGGING, settingsIn } from './show-logging.ts'

const SOURCE = /^\s*Logging source-interface '([^']+)'.* in VRF (\S+)\s*$/gm

/** Log messages leave from a known interface. */
export const verifyLoggingSourceIntf = defineVerify({
  name: 'VerifyLoggingSourceIntf',
  summary: 'Verifies the source interface of log messages in a VRF.',
  docs: 'Passes when the interface is the logging source-interface of the VRF.',
  example: { interface: 'Management0', vrf: 'default' },
  input: () =>
    z.strictObject({
      interface: word().describe('The interface whose address log messages come from.'),
      vrf: vrf().describe('The VRF that log messages take.'),
    }),
  commands: () => [SHOW_LOGGING],
  answers: () => [z.string()],
  judge: (input, [printed]) => {
    const sources = [...settingsIn(printed).matchAll(SOURCE)]
    const isConfigured = sources.some(([, name, vrf]) => name === input.interface && vrf === input.vrf)
    return passUnless(isConfigured ? [] : [`Source-interface: ${input.interface} VRF: ${input.vrf} - Not configured`])
  },
})
