/** What a token of a template is: text between tags, a tag's begin or end, or a part of an expression. */
export type TokenKind =
  | 'data'
  | 'variable_begin'
  | 'variable_end'
  | 'block_begin'
  | 'block_end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'eof'

/** One token: its kind, its text (of a string what it means, not how it is written) and its offset in the template. */
export interface Token {
  readonly kind: TokenKind
  readonly text: string
  readonly offset: number
}
