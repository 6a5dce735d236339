/** What a line is by the table of the syntax. */
export type LineJudgement =
  | { readonly kind: 'known' }
  /** Nothing is known of the mode that it is in. */
  | { readonly kind: 'unknown-mode' }
  /** It ends where more is expected. */
  | { readonly kind: 'incomplete' }
  | LineFault

/**
 * A word of a line that no line of its mode has at this place. `misspelt`: no configuration of EOS has it anywhere, and it is a letter or two off
 * one that may be there. `ambiguous`: several words of its place begin so. `too-many`: the line is over before it. A name may be
 * `unexpected-word`.
 */
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
  /** The words before it, without `no` and `default`. */
  readonly behind: string
  /** Of a misspelt word, the one that is most likely meant. */
  readonly near?: string
}

/**
 * What a tree says of a line. `seldom`: it has the line by one source, or with its words in another order. `unsaid`: it lacks a word that may be there all the
 * same.
 */
export type InTree = Silent | { readonly kind: 'incomplete' } | LineFault

interface Silent {
  readonly kind: 'known' | 'seldom' | 'unsaid'
}

/** Whether there is nothing to say of it. */
export const isSilent = (one: InTree): one is Silent => ['known', 'seldom', 'unsaid'].includes(one.kind)
