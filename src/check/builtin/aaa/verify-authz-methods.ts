import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { differingMethods, inForce, listsOfTypes, methodLists } from './method-lists.ts'
import { methods, serviceTypes } from './methods.ts'

/** Authorization uses the expected methods. */
export const verifyAuthzMethods = defineVerify({
  name: 'VerifyAuthzMethods',
  summary: 'Verifies the methods of AAA authorization.',
  docs: 'Passes when every method list of each given type has the expected methods in the expected order.',
  example: { methods: ['tacacs+', 'local'], types: ['commands', 'exec'] },
  input: () => z.strictObject({ methods: methods(), types: serviceTypes(['commands', 'exec']) }),
  commands: () => [{ cmd: 'show aaa methods authorization', revision: 1 }],
  answers: () => [methodLists()],
  judge: ({ methods, types }, [answer]) => {
    const places = listsOfTypes(answer, 'AuthzMethods', types).flatMap(({ type, lists }) =>
      inForce(type, Object.values(lists)),
    )
    return passUnless(differingMethods('authorization', methods, places))
  },
})
