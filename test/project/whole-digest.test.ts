import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/project/system/process/input-error.ts'
import { wholeDigest } from '../../src/project/system/process/whole-digest.ts'

const LETTERS = '04f9544ad1b051fc686930a685a5a760a8b4ea966857a2b941a2f22805892680'

describe('a digest that somebody gives', () => {
  test('[U24] is whole, blanks dropped', () => {
    for (const given of [
      LETTERS,
      `sha256:${LETTERS}`,
      ` sha256:${LETTERS} `,
      `${LETTERS.slice(0, 20)} ${LETTERS.slice(20)}`,
    ]) {
      expect(wholeDigest('--approve', given)).toBe(`sha256:${LETTERS}`)
    }
    expect(wholeDigest('--approve', undefined)).toBeUndefined()
  })

  test.each(['04f9544a', `sha256:${LETTERS.slice(1)}`, '', 'sha256:', `${LETTERS}0`])(
    '[U24] or is refused by name: %j',
    (given) => {
      expect(() => wholeDigest('--digest', given)).toThrow(InputError)
      expect(() => wholeDigest('--digest', given)).toThrow('no whole digest')
    },
  )
})
