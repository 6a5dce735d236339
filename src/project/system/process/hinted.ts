import type { ErrorOptions } from '../../../model/error.ts'
import type { Hint } from '../../../model/hint.ts'
import type { WordedHost } from './host.ts'

export function hinted(host: WordedHost, next: Hint): Required<Pick<ErrorOptions, 'hint' | 'next'>> {
  return { next, hint: host.words(next) }
}
