import type { ChangeTerms } from '../../model/change-terms.ts'
import { count, present, short } from '../text/text.ts'

export function windowWords({ notBefore, notAfter }: Pick<ChangeTerms, 'notBefore' | 'notAfter'>): readonly string[] {
  if (notBefore !== undefined && notAfter !== undefined) return [`from ${notBefore} to ${notAfter}`]
  if (notBefore !== undefined) return [`not before ${notBefore}`]
  return notAfter === undefined ? [] : [`over by ${notAfter}`]
}

/** `it`: what is spoken of. */
export function windowSentence(
  it: string,
  { notBefore, notAfter }: Pick<ChangeTerms, 'notBefore' | 'notAfter'>,
): readonly string[] {
  if (notBefore !== undefined && notAfter !== undefined)
    return [`${it} changes switches from ${notBefore} to ${notAfter} only`]
  if (notBefore !== undefined) return [`${it} changes no switch before ${notBefore}`]
  return notAfter === undefined ? [] : [`${it} changes no switch after ${notAfter}`]
}

export function changeFileWords(change: ChangeTerms | undefined): readonly string[] {
  if (change === undefined) return []
  const { file, digest, ticket, after = [] } = change
  return present(
    `Change file ${file} (${short(digest)})${ticket === undefined ? '' : `, ticket ${ticket}`}`,
    windowSentence('It', change),
    after.length > 0 &&
      `It begins when ${after.length === 1 ? 'this has' : `these ${count(after.length, 'change')} have`} succeeded: ${after.map((one) => `${one.file} (${short(one.digest)})`).join(', ')}`,
  )
}
