import { TemplateFault } from '../value/fault.ts'
import type { Token, TokenKind } from './token.ts'

const NAMES: Readonly<Record<TokenKind, string>> = {
  data: 'text',
  variable_begin: '`{{`',
  variable_end: 'the end of the expression',
  block_begin: '`{%`',
  block_end: 'the end of the tag',
  name: 'a name',
  string: 'a text',
  integer: 'a number',
  float: 'a number',
  operator: 'a sign',
  eof: 'the end of the template',
}

const END: Token = { kind: 'eof', text: '', offset: 0 }

/** The tokens of a template, read from front to back. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** The token that is read next. */
  get current(): Token {
    return this.#tokens[this.#at] ?? this.#tokens.at(-1) ?? END
  }

  /** The token behind the next one. */
  get following(): Token {
    return this.#tokens[this.#at + 1] ?? END
  }

  /** Takes the next token. */
  take(): Token {
    const { current } = this
    if (this.#at < this.#tokens.length - 1) this.#at += 1
    return current
  }

  /** Whether the next token is this sign. */
  isSign(...signs: readonly string[]): boolean {
    return this.current.kind === 'operator' && signs.includes(this.current.text)
  }

  /** Whether the next token is one of these words. */
  isWord(...words: readonly string[]): boolean {
    return this.current.kind === 'name' && words.includes(this.current.text)
  }

  /** Takes the next token if it is this sign. */
  skipSign(sign: string): boolean {
    if (!this.isSign(sign)) return false
    this.take()
    return true
  }

  /** Takes the next token if it is this word. */
  skipWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.take()
    return true
  }

  /** Takes a sign that must be there. */
  sign(sign: string): Token {
    if (this.isSign(sign)) return this.take()
    throw this.fault(`\`${sign}\` is expected, not ${described(this.current)}`)
  }

  /** Takes a word that must be there. */
  word(word: string): Token {
    if (this.isWord(word)) return this.take()
    throw this.fault(`\`${word}\` is expected, not ${described(this.current)}`)
  }

  /** Takes a token that must be of this kind. */
  expect(kind: TokenKind): Token {
    if (this.current.kind === kind) return this.take()
    throw this.fault(`${NAMES[kind]} is expected, not ${described(this.current)}`)
  }

  /** A fault in the syntax at the next token. */
  fault(message: string, hint = 'see that every {{ }}, {% %} and block is closed', at = this.current): TemplateFault {
    return new TemplateFault('template-syntax', message, hint, at.offset)
  }
}

/** A token in words. */
export function described({ kind, text }: Token): string {
  return ['name', 'integer', 'float', 'operator'].includes(kind) ? `\`${text}\`` : NAMES[kind]
}
