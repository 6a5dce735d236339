import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { listsOfTypes, type MethodList, methodLists, requireLists } from './method-lists.ts'
import { isSame, methods, serviceTypes } from './methods.ts'

/** Authentication uses the expected methods. */
export const verifyAuthenMethods = defineVerify({
  name: 'VerifyAuthenMethods',
  summary: 'Verifies the methods of AAA authentication.',
  docs: 'Passes when every method list of each given type has the expected methods in the expected order; login must have a separate list for the console.',
  example: { methods: ['tacacs+', 'local'], types: ['login', 'enable'] },
  input: () => z.strictObject({ methods: methods(), types: serviceTypes(['login', 'enable', 'dot1x']) }),
  commands: () => [{ cmd: 'show aaa methods authentication', revision: 1 }],
  answers: () => [methodLists()],
  judge: ({ methods, types }, [answer]) => {
    const isOther = (list: MethodList): boolean => !isSame(needed(list, 'methods'), methods)
    const notMatching = `AAA authentication methods ${methods.join(', ')} are not matching for`
    const judged = listsOfTypes(answer, 'AuthenMethods', types).map(({ type, lists }) => {
      const ofConsole = type === 'login' ? consoleFaults(lists, isOther, notMatching) : []
      // What is wrong with the list of the console is all that is said of login.
      const differs = ofConsole.length === 0 && Object.values(lists).some(isOther)
      return { ofConsole, differing: differs ? [type] : [] }
    })
    const differing = judged.flatMap((one) => one.differing)
    const faults = [
      ...judged.flatMap(({ ofConsole }) => ofConsole),
      ...(differing.length === 0 ? [] : [`${notMatching} ${differing.join(', ')}`]),
    ]
    if (faults.length === 0) requireLists(answer, 'AuthenMethods', types)
    return passUnless(faults)
  },
})

/** EOS calls the list of the console `console` from 4.36 on, and `login` before. */
function consoleFaults(
  { console: newer, login: older }: Readonly<Record<string, MethodList>>,
  isOther: (list: MethodList) => boolean,
  notMatching: string,
): readonly string[] {
  const list = newer ?? older
  if (list === undefined) return ['AAA authentication methods are not configured for login console']
  return isOther(list) ? [`${notMatching} login console`] : []
}
