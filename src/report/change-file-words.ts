import type { ChangeTerms } from '../model/change-terms.ts'
import { count, short } from './count.ts'

/** When a change may begin and must be over, where its change file says so. */
export function windowWords({ notBefore, notAfter }: Pick<ChangeTerms, 'notBefore' | 'notAfter'>): readonly string[] {
  if (notBefore !== undefined && notAfter !== undefined) return [`from ${notBefore} to ${notAfter}`]
  if (notBefore !== undefined) return [`not before ${notBefore}`]
  return notAfter === undefined ? [] : [`over by ${notAfter}`]
}

/** What a change file says of its change, a sentence each without a full stop; nothing where no change file asked for it. */
export function changeFileWords(change: ChangeTerms | undefined): readonly string[] {
  if (change === undefined) return []
  const { file, digest, ticket, after = [] } = change
  const window = windowWords(change)
  return [
    `Change file ${file} (${short(digest)})${ticket === undefined ? '' : `, ticket ${ticket}`}`,
    ...(window.length === 0 ? [] : [`It changes switches ${window.join('')} alone`]),
    ...(after.length === 0
      ? []
      : [
          `It begins when ${after.length === 1 ? 'this has' : `these ${count(after.length, 'change')} have`} succeeded: ${after.map((one) => `${one.file} (${short(one.digest)})`).join(', ')}`,
        ]),
  ]
}
