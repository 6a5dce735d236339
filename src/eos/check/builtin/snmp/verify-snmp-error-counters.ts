import { z } from 'zod'
import { SHOW_SNMP, snmpAnswer } from '../../answer/show-snmp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeCounters } from './judge-counters.ts'

const ERRORS = [
  'inVersionErrs',
  'inBadCommunityNames',
  'inBadCommunityUses',
  'inParseErrs',
  'outTooBigErrs',
  'outNoSuchNameErrs',
  'outBadValueErrs',
  'outGeneralErrs',
] as const

/** The SNMP agent counted no errors. */
export const verifySnmpErrorCounters = defineVerify({
  name: 'VerifySnmpErrorCounters',
  summary: 'Verifies that the SNMP agent counted no errors.',
  docs: 'Passes when each given counter of errors is zero; all counters where none is given.',
  example: { error_counters: ['inVersionErrs', 'inBadCommunityNames'] },
  input: () =>
    z.strictObject({ error_counters: z.array(z.enum(ERRORS)).nullish().describe('The counters; absent: all.') }),
  commands: () => [SHOW_SNMP],
  answers: () => [snmpAnswer()],
  judge: ({ error_counters: errors }, [{ counters }]) =>
    judgeCounters(
      counters,
      errors?.length ? errors : ERRORS,
      // A counter that this version does not have counts nothing.
      (value) => !value,
      'The following SNMP error counters are not found or have non-zero error counters',
    ),
})
