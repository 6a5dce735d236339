import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { managementApiAnswer, SHOW_MANAGEMENT_API } from '../../answer/show-management-api.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { word } from '../../input/words.ts'

/** The HTTPS server of eAPI has a valid SSL profile of the given name. */
export const verifyApiHttpsSsl = defineVerify({
  name: 'VerifyAPIHttpsSSL',
  summary: 'Verifies the SSL profile of the HTTPS server of eAPI.',
  docs: 'Passes when the SSL profile of the HTTPS server of eAPI is the expected one and valid.',
  example: { profile: 'default' },
  input: () => z.strictObject({ profile: word().describe('The SSL profile.') }),
  commands: () => [SHOW_MANAGEMENT_API],
  answers: () => [managementApiAnswer()],
  judge: ({ profile }, [{ sslProfile }]) => {
    const subject = `eAPI HTTPS server SSL profile ${profile}`
    const { name, state } = sslProfile ?? {}
    if (name === undefined || (name === profile && state === undefined)) {
      return passUnless([`${subject} is not configured`])
    }
    const valid = name === profile && state === 'valid'
    return passUnless(valid ? [] : [`${subject} is misconfigured or invalid`])
  },
})
