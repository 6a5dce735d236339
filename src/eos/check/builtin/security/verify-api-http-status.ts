import { passUnless } from '../../../../model/verdict.ts'
import { managementApiAnswer, SHOW_MANAGEMENT_API } from '../../answer/show-management-api.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** eAPI is not served over plain HTTP. */
export const verifyApiHttpStatus = defineVerify({
  name: 'VerifyAPIHttpStatus',
  summary: 'Verifies that the HTTP server of eAPI is disabled.',
  docs: 'Passes when the HTTP server of eAPI does not run.',
  commands: () => [SHOW_MANAGEMENT_API],
  answers: () => [managementApiAnswer()],
  judge: (_input, [api]) =>
    // Of an eAPI that is disabled as a whole ANTA says the same.
    passUnless(api.enabled && !api.httpServer.running ? [] : ['eAPI HTTP server is enabled globally']),
})
