import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { listsOfTypes, methodLists, requireLists } from './method-lists.ts'
import { isSame, methods, serviceTypes } from './methods.ts'

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
    const typed = listsOfTypes(answer, 'AuthzMethods', types)
    const differing = typed.flatMap(({ type, lists }) =>
      Object.values(lists).flatMap((list) => (isSame(needed(list, 'methods'), methods) ? [] : [type])),
    )
    if (differing.length === 0) requireLists(answer, 'AuthzMethods', types)
    return passUnless(
      differing.length === 0
        ? []
        : [`AAA authorization methods ${methods.join(', ')} are not matching for ${differing.join(', ')}`],
    )
  },
})
