import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { differingBanner } from './differing-banner.ts'

/** The message of the day is the expected one. */
export const verifyBannerMotd = defineVerify({
  name: 'VerifyBannerMotd',
  summary: 'Verifies the message of the day.',
  docs: 'Passes when the banner is the expected one, its spaces and the end of its last line included.',
  example: { motd_banner: 'Authorized access only\n' },
  input: () => z.strictObject({ motd_banner: z.string().describe('The banner, as `|2+` of YAML keeps it.') }),
  commands: () => [{ cmd: 'show banner motd', revision: 1 }],
  answers: () => [z.object({ motd: z.string() })],
  judge: ({ motd_banner: expected }, [{ motd: actual }]) => passUnless(differingBanner('MOTD', expected, actual)),
})
