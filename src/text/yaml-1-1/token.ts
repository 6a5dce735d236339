import type { Mark } from './fault.ts'

/** The kinds of tokens, named as the scanner of libyaml names them; `entry` is a key of one word with its `:`, which libyaml makes three of. */
export type TokenKind =
  | 'end'
  | 'directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence'
  | 'block-mapping'
  | 'block-end'
  | 'flow-sequence'
  | 'flow-sequence-end'
  | 'flow-mapping'
  | 'flow-mapping-end'
  | 'flow-entry'
  | 'block-entry'
  | 'key'
  | 'entry'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'plain'
  | 'quoted'

/** One token and where it begins. `text` is that of a scalar, or the name of an anchor, an alias or a tag. */
export interface Token extends Mark {
  readonly kind: TokenKind
  readonly text: string
}
