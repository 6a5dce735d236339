import { defineVerify } from '../../area/define-verify.ts'
import {
  ACCOUNTING_EXAMPLE,
  accountingInput,
  accountingLists,
  judgeAccounting,
  SHOW_ACCOUNTING,
} from './accounting-methods.ts'

/** Accounting of sessions of the console uses the expected methods. */
export const verifyAcctConsoleMethods = defineVerify({
  name: 'VerifyAcctConsoleMethods',
  summary: 'Verifies the console methods of AAA accounting.',
  docs: 'Passes when the console methods of each given type are the expected ones in the expected order.',
  example: ACCOUNTING_EXAMPLE,
  input: accountingInput,
  commands: () => [SHOW_ACCOUNTING],
  answers: () => [accountingLists()],
  judge: (input, [answer]) => judgeAccounting('console', input, answer),
})
