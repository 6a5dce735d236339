import { defineVerify } from '../../area/define-verify.ts'
import {
  ACCOUNTING_EXAMPLE,
  accountingInput,
  accountingLists,
  judgeAccounting,
  SHOW_ACCOUNTING,
} from './accounting-methods.ts'

/** Accounting of every session uses the expected methods. */
export const verifyAcctDefaultMethods = defineVerify({
  name: 'VerifyAcctDefaultMethods',
  summary: 'Verifies the default methods of AAA accounting.',
  docs: 'Passes when the default methods of each given type are the expected ones in the expected order.',
  example: ACCOUNTING_EXAMPLE,
  input: accountingInput,
  commands: () => [SHOW_ACCOUNTING],
  answers: () => [accountingLists()],
  judge: (input, [answer]) => judgeAccounting('default', input, answer),
})
