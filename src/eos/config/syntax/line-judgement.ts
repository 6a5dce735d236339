export type LineJudgement =
  | { readonly kind: 'known' }
  /** Nothing is known of the mode that it is in. */
  | { readonly kind: 'unknown-mode' }
  /** It ends where more is expected. */
  | { readonly kind: 'incomplete' }
  | LineFault

/** `misspelt`: no configuration of EOS has it anywhere, and it is a letter or two off one that may be there. */
export interface LineFault {
  readonly kind:
    | 'misspelt'
    | 'ambiguous'
    | 'unexpected-word'
    | 'wrong-type'
    | 'out-of-range'
    | 'other-mode'
    | 'too-many'
  /** The place of the word in the line, from 0, with `no` and `default`. */
  readonly token: number
  readonly word: string
  readonly behind: string
  readonly near?: string
}

export type InTree = Silent | { readonly kind: 'incomplete' } | LineFault

interface Silent {
  readonly kind: 'known' | 'seldom' | 'unsaid'
}

export const isSilent = (one: InTree): one is Silent => ['known', 'seldom', 'unsaid'].includes(one.kind)
