import type { ErrorOptions } from '../../../model/error.ts'
import type { Hint } from '../../../model/hint.ts'
import type { WordedHost } from './host.ts'

/** What a person does next, for an error: its code, and the words of the front end, which go on record where the error does. */
export function hinted(host: WordedHost, next: Hint): Required<Pick<ErrorOptions, 'hint' | 'next'>> {
  return { next, hint: host.words(next) }
}
