import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { SHOW_LOGGING, settingsIn } from './show-logging.ts'

/** The log outlives a reload. */
export const verifyLoggingPersistent = defineVerify({
  name: 'VerifyLoggingPersistent',
  summary: 'Verifies that persistent logging is enabled and that logs are saved in flash.',
  docs: 'Passes when persistent logging has a level and its folder in flash holds a log that is not empty.',
  commands: () => [SHOW_LOGGING, { cmd: 'dir flash:/persist/messages', format: 'text' }],
  answers: () => [z.string(), z.string()],
  judge: (_input, [logging, folder]) => {
    if (settingsIn(logging).includes('Persistent logging: disabled')) {
      return passUnless(['Persistent logging is disabled'])
    }
    const [, size = '0'] = /-rw-\s+(\d+)/.exec(folder) ?? []
    return passUnless(Number(size) > 0 ? [] : ['No persistent logs are saved in flash'])
  },
})
