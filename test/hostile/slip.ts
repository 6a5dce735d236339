import fc from 'fast-check'

const TYPED = [
  ...'{}[]:,"\'|>&*!%@`#-?\t\n',
  '{{',
  '}}',
  '- ',
  ': ',
  '\n  ',
  '[[[[',
  '__proto__:',
  '<<: *a',
  '!!set ',
  '\u0000',
  '\u202e',
  '0x',
  '1e999',
  '~',
  '---\n',
]

/** One slip of a hand: some characters deleted and others typed in their place. */
export const slip = (text: string): fc.Arbitrary<string> =>
  fc
    .record({
      at: fc.integer({ min: 0, max: text.length }),
      deleted: fc.integer({ min: 0, max: 12 }),
      typed: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom(...TYPED)),
    })
    .map(({ at, deleted, typed }) => `${text.slice(0, at)}${typed}${text.slice(at + deleted)}`)
