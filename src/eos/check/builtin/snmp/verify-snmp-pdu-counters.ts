import { z } from 'zod'
import { SHOW_SNMP, snmpAnswer } from '../../answer/show-snmp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { judgeCounters } from './judge-counters.ts'

const PDUS = ['inGetPdus', 'inGetNextPdus', 'inSetPdus', 'outGetResponsePdus', 'outTrapPdus'] as const

/** SNMP requests come in and answers go out. */
export const verifySnmpPduCounters = defineVerify({
  name: 'VerifySnmpPDUCounters',
  summary: 'Verifies that SNMP messages of each kind were received or sent.',
  docs: 'Passes when each given counter of SNMP messages is above zero; all counters where none is given.',
  example: { pdus: ['outTrapPdus', 'inGetNextPdus'] },
  input: () => z.strictObject({ pdus: z.array(z.enum(PDUS)).nullish().describe('The counters; absent: all.') }),
  commands: () => [SHOW_SNMP],
  answers: () => [snmpAnswer()],
  judge: ({ pdus }, [{ counters }]) =>
    judgeCounters(
      counters,
      pdus?.length ? pdus : PDUS,
      (value) => typeof value === 'number' && value !== 0,
      'The following SNMP PDU counters are not found or have zero PDU counters',
    ),
})
