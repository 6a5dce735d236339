import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import {
  differingMethods,
  type EffectiveMethodList,
  inForce,
  listsOfTypes,
  type MethodList,
  methodLists,
  type TypedLists,
} from './method-lists.ts'
import { methods, serviceTypes } from './methods.ts'

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
    const places = listsOfTypes(answer, 'AuthenMethods', types).flatMap(placesOf)
    return passUnless(differingMethods('authentication', methods, places))
  },
})

/** How EOS calls the list of the console: `login` in older answers, `console` in newer ones (ANTA cases). */
const CONSOLE: readonly string[] = ['console', 'login']

/** Login has lists for the console and for all else, every other type only the latter. */
function placesOf({ type, lists }: TypedLists<MethodList>): readonly EffectiveMethodList[] {
  if (type !== 'login') return inForce(type, Object.values(lists))
  const ofConsole = (wanted: boolean) =>
    Object.entries(lists).flatMap(([name, list]) => (CONSOLE.includes(name) === wanted ? [list] : []))
  return [...inForce('login console', ofConsole(true)), ...inForce(type, ofConsole(false))]
}
