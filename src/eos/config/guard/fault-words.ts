import { redactTyped } from '../secrets/secrets.ts'
import type { LineJudgement } from '../syntax/line-judgement.ts'

export interface FaultWords {
  readonly why: string
  readonly hint?: string
}

/** Says what is wrong with a line, without any word of it that is a secret. */
export function faultWords(
  line: string,
  fault: Exclude<LineJudgement, { readonly kind: 'known' | 'unknown-mode' }>,
): FaultWords {
  if (fault.kind === 'incomplete') return { why: 'it ends where EOS expects more' }
  const { kind, near } = fault
  const shown = new Set(redactTyped(line).split(/\s+/))
  const isShown = shown.has(fault.word)
  const word = isShown ? `\`${fault.word}\`` : 'a word'
  const before = fault.behind.split(' ').filter((one) => one !== '' && shown.has(one))
  // The last words are enough to find the place.
  const behind = before.length === 0 ? '' : ` behind \`${before.slice(-2).join(' ')}\``
  const hint = near === undefined || !isShown ? {} : { hint: `Did you mean \`${near}\`?` }
  switch (kind) {
    case 'misspelt':
      return {
        why: behind === '' ? `no line of EOS begins with ${word}` : `no line of EOS has ${word}${behind}`,
        ...hint,
      }
    case 'ambiguous':
      return { why: behind === '' ? `several lines begin with ${word}` : `${word} is short for several words${behind}` }
    case 'unexpected-word':
      return {
        why: behind === '' ? `no known line of its mode begins with ${word}` : `${word} is not expected${behind}`,
      }
    case 'other-mode':
      return { why: `${word} begins lines of another mode` }
    case 'too-many':
      return { why: `nothing is expected${behind}` }
    case 'wrong-type':
      return { why: `the value${behind} is of another type` }
    case 'out-of-range':
      return { why: `the value${behind} is out of its range` }
  }
}
