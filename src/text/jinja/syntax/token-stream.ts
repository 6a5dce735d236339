import { TemplateFault } from '../value/value.ts'
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

export class TokenStream {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get current(): Token {
    return this.#tokens[this.#at] ?? this.#tokens.at(-1) ?? END
  }

  get following(): Token {
    return this.#tokens[this.#at + 1] ?? END
  }

  take(): Token {
    const { current } = this
    if (this.#at < this.#tokens.length - 1) this.#at += 1
    return current
  }

  isSign(...signs: readonly string[]): boolean {
    return this.current.kind === 'operator' && signs.includes(this.current.text)
  }

  isWord(...words: readonly string[]): boolean {
    return this.current.kind === 'name' && words.includes(this.current.text)
  }

  skipSign(sign: string): boolean {
    if (!this.isSign(sign)) return false
    this.take()
    return true
  }

  skipWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.take()
    return true
  }

  skipWords(first: string, second: string): boolean {
    if (!this.isWord(first) || this.following.text !== second) return false
    this.take()
    this.take()
    return true
  }

  sign(sign: string): Token {
    if (this.isSign(sign)) return this.take()
    throw this.fault(`\`${sign}\` is expected, not ${described(this.current)}`)
  }

  word(word: string): Token {
    if (this.isWord(word)) return this.take()
    throw this.fault(`\`${word}\` is expected, not ${described(this.current)}`)
  }

  list(end: string, readPart: () => unknown, mayEndInComma = true): void {
    for (let isFirst = true; !this.isSign(end); isFirst = false) {
      if (!isFirst) this.sign(',')
      if (!isFirst && mayEndInComma && this.isSign(end)) break
      readPart()
    }
    this.take()
  }

  expect(kind: TokenKind): Token {
    if (this.current.kind === kind) return this.take()
    throw this.fault(`${NAMES[kind]} is expected, not ${described(this.current)}`)
  }

  fault(message: string, hint = 'see that every {{ }}, {% %} and block is closed', at = this.current): TemplateFault {
    return new TemplateFault('template-syntax', message, hint, at.offset)
  }
}

export function described({ kind, text }: Token): string {
  return ['name', 'integer', 'float', 'operator'].includes(kind) ? `\`${text}\`` : NAMES[kind]
}
