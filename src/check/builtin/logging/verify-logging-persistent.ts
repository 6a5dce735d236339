import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { SHOW_LOGGING } from './show-logging.ts'

/** The log outlives a reload. */
export const verifyLoggingPersistent = defineVerify({
  name: 'VerifyLoggingPersistent',
  summary: 'Verifies that persistent logging is enabled and that logs are saved in flash.',
  docs: 'Passes when persistent logging has a level and its folder in flash holds a log that is not empty.',
  commands: () => [SHOW_LOGGING, { cmd: 'dir flash:/persist/messages', format: 'text' }],
  answers: () => [z.string(), z.string()],
  judge: (_input, [logging, folder]) => {
    const [, state] = /^\s*Persistent logging: (\w+)/m.exec(logging) ?? []
    if (state === undefined) return { status: 'error', reason: '`show logging` does not tell of persistent logging' }
    if (state === 'disabled') return passUnless(['Persistent logging is disabled'])
    const sizes = [...folder.matchAll(/^\s*-rw\S*\s+(\d+)\s/gm)].map(([, size]) => Number(size))
    return passUnless(sizes.some((size) => size > 0) ? [] : ['No persistent logs are saved in flash'])
  },
})
