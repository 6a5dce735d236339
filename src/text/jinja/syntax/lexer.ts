import { TemplateFault } from '../value/value.ts'
import { stripped } from './cut.ts'
import { quoted, type ReadString, SPACE, tagTokens, unquoted } from './expression-tokens.ts'
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
  return lexer(source, trimming, unquoted).tokens()
}

/**
 * Whether a text is a template: its first tag is closed and made of tokens of Jinja (`is_template` of Ansible). `%D{%H:%M}` is none, and
 * `{{ a b }}` is one, which cannot be rendered.
 */
export function isTemplate(text: string): boolean {
  if (!/\{[{%#]/.test(text)) return false
  try {
    return lexer(withPlainLineEnds(text), AS_WRITTEN, quoted).next()
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
  for (const { kind, text: token, offset } of lexer(source, AS_WRITTEN, quoted).tokens()) {
    if (kind === 'variable_begin' || kind === 'variable_end') isInside = kind === 'variable_begin'
    if (kind !== 'string' || !isInside) continue
    parts.push(source.slice(from, offset), token.replaceAll('\\', '\\\\'))
    from = offset + token.length
  }
  return parts.join('') + source.slice(from)
}

const AS_WRITTEN: TrimOptions = { trimBlocks: false, lstripBlocks: false }

function lexer(source: string, { trimBlocks, lstripBlocks }: TrimOptions, readString: ReadString) {
  const line = trimBlocks ? '\\n?' : ''
  const ends = {
    block: new RegExp(`\\+%\\}|-%\\}${SPACE}*|%\\}${line}`, 'y'),
    comment: new RegExp(`\\+#\\}|-#\\}${SPACE}*|#\\}${line}`, 'g'),
    raw: new RegExp(`\\{%([-+]?)${SPACE}*endraw${SPACE}*(?:\\+%\\}|-%\\}${SPACE}*|%\\}${line})`, 'g'),
  }
  const read: Token[] = []
  let position = 0
  let startsLine = true

  function tokens(): readonly Token[] {
    while (position < source.length) if (!next()) break
    return [...read, { kind: 'eof', text: '', offset: source.length }]
  }

  function next() {
    TAG.lastIndex = position
    const found = TAG.exec(source)
    if (found === null) {
      addData(source.slice(position), position)
      return false
    }
    const text = source.slice(position, found.index)
    const opening = found[3] ?? ''
    const sign = found[2] ?? found[4] ?? ''
    addData(withoutBlanks(text, sign, opening !== '{{'), position)
    advance(found.index + found[0].length)
    if (found[1] !== undefined) raw(found.index)
    else if (opening === '{#') comment(found.index)
    else tag(opening, found.index)
    return true
  }

  function withoutBlanks(text: string, sign: string, mayStrip: boolean) {
    if (sign === '-') return stripped(text, undefined, 'right')
    if (sign === '+' || !lstripBlocks || !mayStrip) return text
    const begin = text.lastIndexOf('\n') + 1
    return (begin > 0 || startsLine) && ALL_BLANK.test(text.slice(begin)) ? text.slice(0, begin) : text
  }

  function addData(text: string, offset: number) {
    if (text !== '') read.push({ kind: 'data', text, offset })
  }

  function advance(to: number) {
    position = to
    startsLine = source[to - 1] === '\n'
  }

  function tag(opening: string, offset: number) {
    const isBlock = opening === '{%'
    read.push({ kind: isBlock ? 'block_begin' : 'variable_begin', text: opening, offset })
    const end = isBlock ? ends.block : new RegExp(`-\\}\\}${SPACE}*|\\}\\}`, 'y')
    read.push(...tagTokens(source, position, end, isBlock ? 'block_end' : 'variable_end', readString))
    const closing = read.at(-1)
    if (closing !== undefined) advance(closing.offset + closing.text.length)
  }

  function comment(offset: number) {
    const found = find(ends.comment, 'the comment is not closed: `#}` is missing', offset)
    advance(found.index + found[0].length)
  }

  function raw(offset: number) {
    const found = find(ends.raw, 'the raw block is not closed: `{% endraw %}` is missing', offset)
    addData(withoutBlanks(source.slice(position, found.index), found[1] ?? '', true), position)
    advance(found.index + found[0].length)
  }

  function find(expression: RegExp, missing: string, offset: number) {
    expression.lastIndex = position
    const found = expression.exec(source)
    if (found === null) throw new TemplateFault('template-syntax', missing, 'close it where it ends', offset)
    return found
  }

  return { next, tokens }
}
