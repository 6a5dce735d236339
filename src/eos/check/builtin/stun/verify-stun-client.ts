import { defineVerifyEach } from '../../area/define-verify.ts'
import { stunClientTranslations } from './stun-client-translations.ts'

/** The former name of VerifyStunClientTranslation, which catalogs may still use. */
export const verifyStunClient = defineVerifyEach({
  ...stunClientTranslations,
  name: 'VerifyStunClient',
  summary:
    'Verifies the translations of source addresses on a STUN client (deprecated: use VerifyStunClientTranslation).',
})
