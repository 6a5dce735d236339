import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The line above each crash report: the log file of the agent, and when it crashed. */
const REPORT = /^===> (.*?) <===$/gm

/** No agent has crashed. */
export const verifyAgentLogs = defineVerify({
  name: 'VerifyAgentLogs',
  summary: 'Verifies that no agent has reported a crash.',
  docs: 'Passes when there is no crash report, which is an empty answer.',
  commands: () => [{ cmd: 'show agent logs crash', format: 'text' }],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    if (printed === '') return passUnless([])
    const reports = [...printed.matchAll(REPORT)].map(([, report]) => report)
    return passUnless([`Device has reported agent crashes:\n * ${reports.join('\n * ')}`])
  },
})
