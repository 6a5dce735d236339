import { TemplateFault } from '../value/fault.ts'
import { stripped } from './cut.ts'
import { quoted, type ReadString, SPACE, TagReader, unquoted } from './expression-tokens.ts'
import type { Token } from './token.ts'

export interface TrimOptions {
  /** The line break behind a block is not part of the text. */
  readonly trimBlocks: boolean
  /** Blanks before a block that begins its line are not part of the text. */
  readonly lstripBlocks: boolean
}

const ALL_BLANK = new RegExp(`^${SPACE}*$`)
const TAG = new RegExp(`(\\{%([-+]?)${SPACE}*raw${SPACE}*(?:-%\\}${SPACE}*|%\\}))|(\\{%|\\{\\{|\\{#)([-+]?)`, 'g')

/** The text of a template with line ends as Jinja2 reads them: CR LF and CR are LF. */
export function withPlainLineEnds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

/** The tokens of a template (Jinja2 3.1.2, lexer.py); throws TemplateFault. Line ends are those of {@link withPlainLineEnds}. */
export function tokensOf(source: string, trimming: TrimOptions): readonly Token[] {
  const lexer = new Lexer(source, trimming, unquoted)
  return lexer.tokens()
}

/**
 * Whether a text is a template: its first tag is closed and made of tokens of Jinja (`is_template` of Ansible). `%D{%H:%M}` is none, and
 * `{{ a b }}` is one, which cannot be rendered.
 */
export function isTemplate(text: string): boolean {
  if (!/\{[{%#]/.test(text)) return false
  try {
    return new Lexer(withPlainLineEnds(text), AS_WRITTEN, quoted).next()
  } catch (thrown) {
    if (thrown instanceof TemplateFault) return false
    throw thrown
  }
}

/**
 * A template of a variable with the backslashes of its quoted texts doubled, as Ansible reads them: `'\\1'` in the expression of a
 * variable are two characters.
 */
export function withPlainBackslashes(text: string): string {
  if (!text.includes('\\') || !text.includes('{{')) return text
  const source = withPlainLineEnds(text)
  const parts: string[] = []
  let [from, isInside] = [0, false]
  for (const { kind, text: token, offset } of new Lexer(source, AS_WRITTEN, quoted).tokens()) {
    if (kind === 'variable_begin' || kind === 'variable_end') isInside = kind === 'variable_begin'
    if (kind !== 'string' || !isInside) continue
    parts.push(source.slice(from, offset), token.replaceAll('\\', '\\\\'))
    from = offset + token.length
  }
  return parts.join('') + source.slice(from)
}

const AS_WRITTEN: TrimOptions = { trimBlocks: false, lstripBlocks: false }

class Lexer {
  readonly #source: string
  readonly #lstrip: boolean
  readonly #string: ReadString
  readonly #ends: Readonly<Record<'block' | 'comment' | 'raw', RegExp>>
  readonly #tokens: Token[] = []
  #position = 0
  #startsLine = true

  constructor(source: string, { trimBlocks, lstripBlocks }: TrimOptions, string: ReadString) {
    const line = trimBlocks ? '\\n?' : ''
    this.#source = source
    this.#lstrip = lstripBlocks
    this.#string = string
    this.#ends = {
      block: new RegExp(`\\+%\\}|-%\\}${SPACE}*|%\\}${line}`, 'y'),
      comment: new RegExp(`\\+#\\}|-#\\}${SPACE}*|#\\}${line}`, 'g'),
      raw: new RegExp(`\\{%([-+]?)${SPACE}*endraw${SPACE}*(?:\\+%\\}|-%\\}${SPACE}*|%\\}${line})`, 'g'),
    }
  }

  tokens(): readonly Token[] {
    while (this.#position < this.#source.length) if (!this.next()) break
    return [...this.#tokens, { kind: 'eof', text: '', offset: this.#source.length }]
  }

  next(): boolean {
    TAG.lastIndex = this.#position
    const found = TAG.exec(this.#source)
    if (found === null) {
      this.#data(this.#source.slice(this.#position), this.#position)
      return false
    }
    const text = this.#source.slice(this.#position, found.index)
    const opening = found[3] ?? ''
    const sign = found[2] ?? found[4] ?? ''
    this.#data(this.#stripped(text, sign, opening !== '{{'), this.#position)
    this.#advance(found.index + found[0].length)
    if (found[1] !== undefined) this.#raw(found.index)
    else if (opening === '{#') this.#comment(found.index)
    else this.#tag(opening, found.index)
    return true
  }

  #stripped(text: string, sign: string, mayStrip: boolean): string {
    if (sign === '-') return stripped(text, undefined, 'right')
    if (sign === '+' || !this.#lstrip || !mayStrip) return text
    const line = text.lastIndexOf('\n') + 1
    return (line > 0 || this.#startsLine) && ALL_BLANK.test(text.slice(line)) ? text.slice(0, line) : text
  }

  #data(text: string, offset: number): void {
    if (text !== '') this.#tokens.push({ kind: 'data', text, offset })
  }

  #advance(to: number): void {
    this.#position = to
    this.#startsLine = this.#source[to - 1] === '\n'
  }

  #tag(opening: string, offset: number): void {
    const isBlock = opening === '{%'
    this.#tokens.push({ kind: isBlock ? 'block_begin' : 'variable_begin', text: opening, offset })
    const reader = new TagReader(this.#source, this.#position, this.#string)
    const end = isBlock ? this.#ends.block : new RegExp(`-\\}\\}${SPACE}*|\\}\\}`, 'y')
    this.#tokens.push(...reader.read(end, isBlock ? 'block_end' : 'variable_end'))
    this.#advance(reader.position)
  }

  #comment(offset: number): void {
    const found = this.#find(this.#ends.comment, 'the comment is not closed: `#}` is missing', offset)
    this.#advance(found.index + found[0].length)
  }

  #raw(offset: number): void {
    const found = this.#find(this.#ends.raw, 'the raw block is not closed: `{% endraw %}` is missing', offset)
    const text = this.#source.slice(this.#position, found.index)
    this.#data(this.#stripped(text, found[1] ?? '', true), this.#position)
    this.#advance(found.index + found[0].length)
  }

  #find(expression: RegExp, missing: string, offset: number): RegExpExecArray {
    expression.lastIndex = this.#position
    const found = expression.exec(this.#source)
    if (found === null) throw new TemplateFault('template-syntax', missing, 'close it where it ends', offset)
    return found
  }
}
