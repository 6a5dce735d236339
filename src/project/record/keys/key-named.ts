import { didYouMean } from '../../../text/source/suggest.ts'
import { type KeyName, SIGNING_KEYS } from '../../system/machine/key-files.ts'
import { inputError } from '../../system/process/input-error.ts'

/** The signing key that a word names. Throws InputError. */
export function keyNamed(word: string): KeyName {
  const names = Object.keys(SIGNING_KEYS)
  if (names.includes(word)) return word as KeyName
  const message =
    word === 'install'
      ? 'the install key is never shown: whoever has it can write the record anew'
      : `there is no key \`${word}\``
  const hint = word === 'install' ? `keys that sign: ${names.join(', ')}` : didYouMean(word, names)
  throw inputError('key', 'unknown-key', message, hint)
}
