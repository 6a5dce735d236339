import type { ErrorOptions, Hint } from '../../../model/error.ts'
import type { WordedHost } from './host.ts'

export function hinted(host: WordedHost, next: Hint): Required<Pick<ErrorOptions, 'hint' | 'next'>> {
  return { next, hint: host.words(next) }
}
