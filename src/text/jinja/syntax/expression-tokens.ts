import { TemplateFault } from '../value/fault.ts'
import { unescaped } from './string-literal.ts'
import type { Token } from './token.ts'

/** White space as Python's `\s` sees it in text. */
export const SPACE = '[\\t\\n\\v\\f\\r \\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'

const BLANK = new RegExp(`${SPACE}+`, 'y')
// The expressions of Jinja2 3.1.2 (lexer.py), with the flags they have there.
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const NAME = /[\p{L}\p{N}_\p{M}]+/uy
const STRING = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[+\-/*%~[\](){}><=.:|,;]/y
const IDENTIFIER = /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{N}\p{M}_]*$/u

export type ReadString = (written: string, offset: number) => string

export const unquoted: ReadString = (written, offset) => unescaped(written.slice(1, -1), offset)

export const quoted: ReadString = (written) => written

const CLOSES: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' }

/** Reads the tokens of one tag, from behind its beginning to its end, minding brackets. */
export class TagReader {
  readonly #source: string
  readonly #string: ReadString
  readonly #open: string[] = []
  #last: number
  #kind: 'variable_end' | 'block_end' = 'variable_end'
  position: number

  constructor(source: string, position: number, string: ReadString) {
    this.#source = source
    this.#string = string
    this.#last = position
    this.position = position
  }

  read(end: RegExp, kind: 'variable_end' | 'block_end'): Token[] {
    const tokens: Token[] = []
    this.#kind = kind
    for (;;) {
      const closing = this.#open.length === 0 ? this.#match(end) : undefined
      const offset = this.position
      if (closing !== undefined) {
        this.position += closing.length
        return [...tokens, { kind, text: closing, offset }]
      }
      const token = this.#next()
      if (token === undefined) continue
      this.#last = token.offset
      tokens.push(token)
    }
  }

  #next(): Token | undefined {
    const offset = this.position
    const blank = this.#take(BLANK)
    if (blank !== undefined) return undefined
    const float = this.#take(FLOAT)
    if (float !== undefined) return { kind: 'float', text: float.replaceAll('_', ''), offset }
    const integer = this.#take(INTEGER)
    if (integer !== undefined) return { kind: 'integer', text: integer.replaceAll('_', ''), offset }
    const name = this.#take(NAME)
    if (name !== undefined) return this.#name(name, offset)
    const string = this.#take(STRING)
    if (string !== undefined) return { kind: 'string', text: this.#string(string, offset), offset }
    const operator = this.#take(OPERATOR)
    if (operator !== undefined) return this.#operator(operator, offset)
    throw this.#unexpected()
  }

  #name(text: string, offset: number): Token {
    if (IDENTIFIER.test(text)) return { kind: 'name', text, offset }
    throw new TemplateFault('template-syntax', `\`${text}\` is not a name`, 'a name begins with a letter', offset)
  }

  #operator(text: string, offset: number): Token {
    const closes = CLOSES[text]
    if (closes !== undefined) this.#open.push(closes)
    if (!['}', ')', ']'].includes(text)) return { kind: 'operator', text, offset }
    const expected = this.#open.pop()
    if (expected === text) return { kind: 'operator', text, offset }
    const message = expected === undefined ? `unexpected \`${text}\`` : `\`${expected}\` is expected, not \`${text}\``
    throw new TemplateFault('template-syntax', message, 'see that every bracket is closed', offset)
  }

  #match(expression: RegExp): string | undefined {
    expression.lastIndex = this.position
    return expression.exec(this.#source)?.[0]
  }

  #take(expression: RegExp): string | undefined {
    const found = this.#match(expression)
    if (found !== undefined) this.position += found.length
    return found
  }

  #unexpected(): TemplateFault {
    const at = this.position
    const hint = 'see that every {{ }}, {% %} and block is closed'
    if (at >= this.#source.length) {
      const [begin, end] = this.#kind === 'variable_end' ? ['{{', '}}'] : ['{%', '%}']
      return new TemplateFault(
        'template-syntax',
        `\`${begin}\` is not closed`,
        `write \`${end}\` at its end`,
        this.#last,
      )
    }
    const character = String.fromCodePoint(this.#source.codePointAt(at) ?? 0)
    return new TemplateFault('template-syntax', `\`${character}\` is unexpected here`, hint, at)
  }
}
