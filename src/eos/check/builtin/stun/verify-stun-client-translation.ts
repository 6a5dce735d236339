import { defineVerifyEach } from '../../area/define-verify.ts'
import { stunClientTranslations } from './stun-client-translations.ts'

/** The STUN client has the expected translations. */
export const verifyStunClientTranslation = defineVerifyEach({
  ...stunClientTranslations,
  name: 'VerifyStunClientTranslation',
  summary: 'Verifies the translations of source addresses on a STUN client.',
})
