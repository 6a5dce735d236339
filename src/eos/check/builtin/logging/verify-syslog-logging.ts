import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { SHOW_LOGGING, settingsIn } from './show-logging.ts'

/** The switch logs at all. */
export const verifySyslogLogging = defineVerify({
  name: 'VerifySyslogLogging',
  summary: 'Verifies that syslog logging is enabled.',
  docs: 'Passes when `show logging` says that syslog logging is enabled.',
  commands: () => [SHOW_LOGGING],
  answers: () => [z.string()],
  judge: (_input, [printed]) =>
    passUnless(settingsIn(printed).includes('Syslog logging: enabled') ? [] : ['Syslog logging is disabled']),
})
