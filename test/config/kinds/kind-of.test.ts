import { expect, test } from 'vitest'
import { kindOf } from '../../../src/config/kinds/kind-of.ts'
import { ROOT_WORDS } from '../../../src/config/root-forms.ts'
test('x', () => {
  console.log([...ROOT_WORDS].filter((w) => kindOf([], `${w} x`) === undefined && kindOf([], w) === undefined).join(' '))
})
