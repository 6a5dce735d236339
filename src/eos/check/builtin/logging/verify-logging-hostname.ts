import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { lastLogged, loggingOf, severityInput } from './test-message.ts'

const NAME = 'VerifyLoggingHostname'

/** Log messages say the whole name of the switch. */
export const verifyLoggingHostname = defineVerify({
  name: NAME,
  summary: 'Verifies that log messages carry the FQDN of the switch.',
  docs: 'Logs one message at the severity and passes when the log of the last 30 seconds has it with the FQDN of the switch.',
  example: { severity_level: 'informational' },
  input: severityInput,
  commands: ({ severity_level }) => [{ cmd: 'show hostname', revision: 1 }, ...loggingOf(NAME, severity_level)],
  answers: () => [z.object({ fqdn: z.string().min(1) }), z.string(), z.string()],
  judge: (_input, [{ fqdn }, _sent, log]) => {
    const words = lastLogged(NAME, log)?.split(/\s+/) ?? []
    return passUnless(words.includes(fqdn) ? [] : ['Logs are not generated with the device FQDN'])
  },
})
