import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_SNMP, snmpAnswer } from '../../answer/show-snmp.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { word } from '../../input/words.ts'
import { differingText } from './differing-text.ts'

/** The contact that the SNMP agent tells is the expected one. */
export const verifySnmpContact = defineVerify({
  name: 'VerifySnmpContact',
  summary: 'Verifies the contact that the SNMP agent tells.',
  docs: 'Passes when the SNMP contact is the expected one.',
  example: { contact: 'Jon@example.com' },
  input: () => z.strictObject({ contact: word().describe('The expected contact.') }),
  commands: () => [SHOW_SNMP],
  answers: () => [snmpAnswer()],
  judge: ({ contact: expected }, [{ contact: shown }]) =>
    passUnless(differingText('contact', expected, shown?.contact)),
})
