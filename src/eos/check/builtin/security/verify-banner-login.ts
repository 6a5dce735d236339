import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { differingBanner } from './differing-banner.ts'

/** The banner that is shown before login is the expected one. */
export const verifyBannerLogin = defineVerify({
  name: 'VerifyBannerLogin',
  summary: 'Verifies the login banner.',
  docs: 'Passes when the banner is the expected one, its spaces and the end of its last line included.',
  example: { login_banner: 'Authorized access only\n' },
  input: () => z.strictObject({ login_banner: z.string().describe('The banner, as `|2+` of YAML keeps it.') }),
  commands: () => [{ cmd: 'show banner login', revision: 1 }],
  answers: () => [z.object({ loginBanner: z.string() })],
  judge: ({ login_banner: expected }, [{ loginBanner: actual }]) =>
    passUnless(differingBanner('login', expected, actual)),
})
