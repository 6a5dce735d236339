import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_SNMP, snmpAnswer } from '../../answer/show-snmp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { word } from '../../input/words.ts'
import { differingText } from './differing-text.ts'

/** The location that the SNMP agent tells is the expected one. */
export const verifySnmpLocation = defineVerify({
  name: 'VerifySnmpLocation',
  summary: 'Verifies the location that the SNMP agent tells.',
  docs: 'Passes when the SNMP location is the expected one.',
  example: { location: 'New York' },
  input: () => z.strictObject({ location: word().describe('The expected location.') }),
  commands: () => [SHOW_SNMP],
  answers: () => [snmpAnswer()],
  judge: ({ location: expected }, [{ location: shown }]) =>
    passUnless(differingText('location', expected, shown?.location)),
})
