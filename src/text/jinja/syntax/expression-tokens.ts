import { TemplateFault } from '../value/value.ts'
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

/** The tokens of one tag, from behind its beginning to its end, minding brackets. */
export function tagTokens(
  source: string,
  begin: number,
  end: RegExp,
  kind: 'variable_end' | 'block_end',
  readString: ReadString,
): Token[] {
  const open: string[] = []
  const tokens: Token[] = []
  let at = begin

  function nextToken(): Token | undefined {
    const offset = at
    const blank = take(BLANK)
    if (blank !== undefined) return undefined
    const float = take(FLOAT)
    if (float !== undefined) return { kind: 'float', text: float.replaceAll('_', ''), offset }
    const integer = take(INTEGER)
    if (integer !== undefined) return { kind: 'integer', text: integer.replaceAll('_', ''), offset }
    const name = take(NAME)
    if (name !== undefined) return nameToken(name, offset)
    const written = take(STRING)
    if (written !== undefined) return { kind: 'string', text: readString(written, offset), offset }
    const operator = take(OPERATOR)
    if (operator !== undefined) return operatorToken(operator, offset)
    throw unexpected()
  }

  function nameToken(text: string, offset: number): Token {
    if (IDENTIFIER.test(text)) return { kind: 'name', text, offset }
    throw new TemplateFault('template-syntax', `\`${text}\` is not a name`, 'a name begins with a letter', offset)
  }

  function operatorToken(text: string, offset: number): Token {
    const closes = CLOSES[text]
    if (closes !== undefined) open.push(closes)
    if (!['}', ')', ']'].includes(text)) return { kind: 'operator', text, offset }
    const expected = open.pop()
    if (expected === text) return { kind: 'operator', text, offset }
    const message = expected === undefined ? `unexpected \`${text}\`` : `\`${expected}\` is expected, not \`${text}\``
    throw new TemplateFault('template-syntax', message, 'see that every bracket is closed', offset)
  }

  function matched(expression: RegExp) {
    expression.lastIndex = at
    return expression.exec(source)?.[0]
  }

  function take(expression: RegExp) {
    const found = matched(expression)
    if (found !== undefined) at += found.length
    return found
  }

  function unexpected() {
    const hint = 'see that every {{ }}, {% %} and block is closed'
    if (at >= source.length) {
      const [opening, closing] = kind === 'variable_end' ? ['{{', '}}'] : ['{%', '%}']
      const last = tokens.at(-1)?.offset ?? begin
      return new TemplateFault(
        'template-syntax',
        `\`${opening}\` is not closed`,
        `write \`${closing}\` at its end`,
        last,
      )
    }
    const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
    return new TemplateFault('template-syntax', `\`${character}\` is unexpected here`, hint, at)
  }

  for (;;) {
    const closing = open.length === 0 ? matched(end) : undefined
    if (closing !== undefined) return [...tokens, { kind, text: closing, offset: at }]
    const token = nextToken()
    if (token !== undefined) tokens.push(token)
  }
}
