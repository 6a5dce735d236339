import { expect, test } from 'vitest'
import { readNote } from '../../../../src/change/record/audit/signed-note.ts'

test.each([null, undefined, 7, Buffer.from('— a b\n')])(
  '[3G9] what a damaged store gives in the place of a note is none: %s',
  (given) => {
    expect(readNote(given)).toBeUndefined()
  },
)
