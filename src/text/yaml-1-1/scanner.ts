import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, TextCursor } from './cursor.ts'
import { type Mark, YamlFault } from './fault.ts'
import { anchorName, tagName } from './scan-property.ts'
import { blockScalar, plainScalar, quotedScalar } from './scan-scalar.ts'
import type { Token, TokenKind } from './token.ts'

interface PossibleKey extends Mark {
  readonly number: number
  readonly isRequired: boolean
  readonly offset: number
}

// How far a key may be from its `:` in YAML 1.1.
const KEY_LENGTH = 1024

class PossibleKeys {
  private readonly cursor: TextCursor
  private readonly keys: (PossibleKey | undefined)[] = [undefined]
  private level = 0
  private count = 0

  constructor(cursor: TextCursor) {
    this.cursor = cursor
  }

  get flow() {
    return this.level
  }

  get innermost() {
    return this.keys[this.level]
  }

  open() {
    this.level += 1
    this.keys[this.level] = undefined
  }

  close() {
    if (this.level > 0) this.level -= 1
  }

  has(number: number) {
    if (this.count === 0) return false
    this.dropStale()
    for (let level = 0; level <= this.level; level += 1) if (this.keys[level]?.number === number) return true
    return false
  }

  dropStale() {
    if (this.count === 0) return
    const { line, at } = this.cursor
    for (let level = 0; level <= this.level; level += 1) {
      const key = this.keys[level]
      if (key === undefined || (key.line === line + 1 && at - key.offset <= KEY_LENGTH)) continue
      if (key.isRequired) throw missing(key)
      this.keys[level] = undefined
      this.count -= 1
    }
  }

  save(number: number, isRequired: boolean) {
    this.drop()
    const { line, at, column } = this.cursor
    this.keys[this.level] = { number, isRequired, offset: at, line: line + 1, column: column + 1 }
    this.count += 1
  }

  drop() {
    const key = this.keys[this.level]
    if (key?.isRequired === true) throw missing(key)
    this.forget()
  }

  forget() {
    if (this.keys[this.level] === undefined) return
    this.keys[this.level] = undefined
    this.count -= 1
  }
}

function missing(key: PossibleKey) {
  return new YamlFault('a ":" is missing here', key, 'write "key: value", or give the line its indentation')
}

const TAB = 0x09

function beginsPlain(cursor: TextCursor, inFlow: boolean) {
  const code = cursor.code()
  if (code === 0x2d) return !isBlank(cursor.code(1))
  if (code === 0x3f || code === 0x3a) return !inFlow && !isBlankOrEnd(cursor.code(1))
  if (isLetterOrDigit(code) || code > 0x7f) return true
  return !isBlankOrEnd(code) && !',[]{}#&*!|>\'"%@`'.includes(String.fromCharCode(code))
}

function strange(cursor: TextCursor) {
  if (cursor.code() === TAB) return cursor.fault('a tab is where the indentation must be of spaces', 'use spaces')
  return cursor.fault(`"${String.fromCharCode(cursor.code())}" cannot begin a value`, 'put the text in quotes')
}

// How long the words are that are taken for keys at once.
const SHORT = 256

function endOfKeyWord(text: string, at: number) {
  let end = at
  while (isLetterOrDigit(text.charCodeAt(end)) || text.charCodeAt(end) === 0x5f) end += 1
  const isKey = end > at && end - at <= SHORT && text.charCodeAt(end) === 0x3a && isBlankOrEnd(text.charCodeAt(end + 1))
  return isKey ? end : -1
}

// The offset of the line feed behind a plain scalar that begins here, for one of letters, digits and signs that mean nothing in it, and where
// the next line is not indented by more than `indent`, so that it cannot go on there; -1 for every other text.
function endOfPlainLine(text: string, at: number, indent: number) {
  if (!isLetterOrDigit(text.charCodeAt(at))) return -1
  let end = at + 1
  for (let code = text.charCodeAt(end); code !== 0x0a; code = text.charCodeAt(end)) {
    if (code < 0x20 || code > 0x7e || code === 0x3a || code === 0x23) return -1
    end += 1
  }
  if (text.charCodeAt(end - 1) === 0x20) return -1
  let next = end + 1
  while (text.charCodeAt(next) === 0x20) next += 1
  const code = text.charCodeAt(next)
  return code > 0x20 && code < 0x7f && next - end - 1 <= indent ? end : -1
}

function isLetterOrDigit(code: number) {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
}

const TAG_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
])

// Throws YamlFault.
function directiveName(cursor: TextCursor, handles: Map<string, string>) {
  const end = cursor.text.slice(cursor.at).search(/[\r\n\0]/)
  const line = cursor.text.slice(cursor.at, cursor.at + end)
  const [name = '', ...words] = line
    .replace(/\s#.*$/, '')
    .trim()
    .split(/[ \t]+/)
  if (name === '%YAML' && !/^1\.[12]$/.test(words.join(' '))) throw cursor.fault('this is not YAML 1.1')
  if (name === '%TAG') handles.set(words[0] ?? '', words[1] ?? '')
  cursor.at += end
  return name
}

/**
 * Cuts a text into tokens as libyaml does: PyYAML, which Ansible reads with, is that library. The block structure is tokens too, made of
 * the indentation; the token of a key is put before what was read already, when its `:` comes.
 */
export class Scanner {
  private readonly cursor: TextCursor
  private readonly queue: Token[] = []
  private head = 0
  private taken = 0
  private readonly indents: number[] = []
  private indent = -1
  private keyAllowed = true
  private readonly keys: PossibleKeys
  private readonly handles = new Map(TAG_HANDLES)
  private isAtEnd = false
  private isReady = false

  constructor(text: string) {
    this.cursor = new TextCursor(text)
    this.keys = new PossibleKeys(this.cursor)
  }

  peek(): Token {
    if (!this.isReady) {
      while (this.needsMore()) this.fetch()
      this.isReady = true
    }
    return this.queue[this.head] as Token
  }

  take(): Token {
    const token = this.peek()
    this.isReady = false
    this.head += 1
    this.taken += 1
    if (this.head === this.queue.length) {
      this.queue.length = 0
      this.head = 0
    }
    return token
  }

  private needsMore(): boolean {
    if (this.isAtEnd) return false
    if (this.head === this.queue.length) return true
    return this.keys.has(this.taken)
  }

  private push(kind: TokenKind, text = ''): void {
    const { line, at, lineStart } = this.cursor
    this.queue.push({ kind, text, line: line + 1, column: at - lineStart + 1 })
  }

  private fetch(): void {
    const { cursor } = this
    this.skipToToken()
    this.keys.dropStale()
    this.unroll(cursor.column)
    const code = cursor.code()
    if (code === 0) this.fetchEnd()
    else if (this.keyAllowed && this.fetchedKeyWord()) return
    else if (!(cursor.column === 0 && this.fetchedDocumentMark(code)) && !this.fetchedSign(code)) this.fetchPlain()
  }

  private fetchedKeyWord(): boolean {
    const { cursor } = this
    const { text, at, column } = cursor
    const end = endOfKeyWord(text, at)
    if (end < 0) return false
    this.keys.drop()
    if (this.keys.flow === 0 && this.indent < column) {
      this.roll(column)
      this.push('block-mapping')
    }
    this.push('entry', text.slice(at, end))
    cursor.at = end + 1
    this.keyAllowed = false
    if (this.keys.flow > 0 || cursor.code() !== 0x20) return true
    cursor.at += 1
    // Most values are a text in the line of their key: such a one is not looked for among all that may follow.
    const code = cursor.code()
    return code === 0x22 || code === 0x27 ? this.fetchedText(code) : this.fetchedPlainLine() || true
  }

  private fetchedPlainLine(): boolean {
    const { cursor } = this
    const end = endOfPlainLine(cursor.text, cursor.at, this.indent)
    if (end < 0) return false
    this.push('plain', cursor.text.slice(cursor.at, end))
    cursor.at = end
    cursor.skipBreak()
    this.keyAllowed = true
    return true
  }

  private fetchedSign(code: number): boolean {
    return this.fetchedIndicator(code) || this.fetchedProperty(code) || this.fetchedText(code)
  }

  private skipToToken(): void {
    const { cursor } = this
    for (;;) {
      let code = cursor.code()
      while (code === 0x20 || (code === 0x09 && (this.keys.flow > 0 || !this.keyAllowed))) {
        cursor.at += 1
        code = cursor.code()
      }
      if (code === 0x23) while (!isBreakOrEnd(cursor.code())) cursor.at += 1
      if (!isBreak(cursor.code())) return
      cursor.skipBreak()
      if (this.keys.flow === 0) this.keyAllowed = true
    }
  }

  private fetchEnd(): void {
    this.unroll(-1)
    this.keys.drop()
    this.push('end')
    this.isAtEnd = true
  }

  private fetchedDocumentMark(code: number): boolean {
    const { cursor } = this
    const isDirective = code === 0x25
    if (!isDirective && !cursor.atDocumentMark()) return false
    this.unroll(-1)
    this.keys.drop()
    this.keyAllowed = false
    const { mark } = cursor
    if (isDirective) this.queue.push({ kind: 'directive', text: directiveName(cursor, this.handles), ...mark })
    else {
      this.push(code === 0x2d ? 'document-start' : 'document-end')
      cursor.at += 3
    }
    return true
  }

  private fetchedIndicator(code: number): boolean {
    switch (code) {
      case 0x5b:
        return this.openFlow('flow-sequence')
      case 0x7b:
        return this.openFlow('flow-mapping')
      case 0x5d:
        return this.closeFlow('flow-sequence-end')
      case 0x7d:
        return this.closeFlow('flow-mapping-end')
      case 0x2c:
        return this.flowEntry()
      case 0x2d:
        return isBlankOrEnd(this.cursor.code(1)) && this.blockEntry()
      case 0x3f:
        return (this.keys.flow > 0 || isBlankOrEnd(this.cursor.code(1))) && this.explicitKey()
      case 0x3a:
        return (this.keys.flow > 0 || isBlankOrEnd(this.cursor.code(1))) && this.value()
      default:
        return false
    }
  }

  private openFlow(kind: TokenKind): true {
    this.saveKey()
    this.keys.open()
    this.keyAllowed = true
    return this.sign(kind)
  }

  private closeFlow(kind: TokenKind): true {
    this.keys.drop()
    this.keys.close()
    this.keyAllowed = false
    return this.sign(kind)
  }

  private flowEntry(): true {
    this.keys.drop()
    this.keyAllowed = true
    return this.sign('flow-entry')
  }

  private blockEntry(): true {
    if (this.keys.flow === 0) this.openBlock('block-sequence', 'a "-" is not allowed here', this.cursor.column)
    this.keys.drop()
    this.keyAllowed = true
    return this.sign('block-entry')
  }

  private explicitKey(): true {
    if (this.keys.flow === 0) this.openBlock('block-mapping', 'a "?" is not allowed here', this.cursor.column)
    this.keys.drop()
    this.keyAllowed = this.keys.flow === 0
    return this.sign('key')
  }

  private value(): true {
    const key = this.keys.innermost
    if (key === undefined) {
      if (this.keys.flow === 0) this.openBlock('block-mapping', 'a ": " is not allowed here', this.cursor.column)
      this.keyAllowed = this.keys.flow === 0
      return this.sign('value')
    }
    this.keys.forget()
    const { line, column } = key
    const at = this.head + key.number - this.taken
    this.queue.splice(at, 0, { kind: 'key', text: '', line, column })
    if (this.keys.flow === 0 && this.indent < column - 1) {
      this.roll(column - 1)
      this.queue.splice(at, 0, { kind: 'block-mapping', text: '', line, column })
    }
    this.keyAllowed = false
    return this.sign('value')
  }

  private openBlock(kind: TokenKind, message: string, column: number): void {
    if (!this.keyAllowed) throw this.cursor.fault(message, 'put the text before it in quotes, or begin a line')
    if (this.indent >= column) return
    this.roll(column)
    this.push(kind)
  }

  private sign(kind: TokenKind): true {
    this.push(kind)
    this.cursor.at += 1
    return true
  }

  private fetchedProperty(code: number): boolean {
    const kind = code === 0x2a ? 'alias' : code === 0x26 ? 'anchor' : code === 0x21 ? 'tag' : undefined
    if (kind === undefined) return false
    this.saveKey()
    this.keyAllowed = false
    const mark = this.cursor.mark
    const text = kind === 'tag' ? tagName(this.cursor, this.handles, this.keys.flow > 0) : anchorName(this.cursor)
    this.queue.push({ kind, text, ...mark })
    return true
  }

  private fetchedText(code: number): boolean {
    const isQuoted = code === 0x22 || code === 0x27
    if (!isQuoted && (this.keys.flow > 0 || (code !== 0x7c && code !== 0x3e))) return false
    const { line, column } = this.cursor.mark
    if (isQuoted) this.saveKey()
    else this.keys.drop()
    this.keyAllowed = !isQuoted
    const text = isQuoted
      ? quotedScalar(this.cursor, code === 0x27)
      : blockScalar(this.cursor, code === 0x7c, this.indent)
    this.queue.push({ kind: 'quoted', text, line, column })
    return true
  }

  private fetchPlain(): void {
    const isKey = this.keyAllowed && this.indent === this.cursor.column
    if (this.keys.flow === 0 && !isKey && this.fetchedPlainLine()) return
    if (!beginsPlain(this.cursor, this.keys.flow > 0)) throw strange(this.cursor)
    this.saveKey()
    const { line, column } = this.cursor.mark
    const { text, endsLine } = plainScalar(this.cursor, this.indent + 1, this.keys.flow > 0)
    this.keyAllowed = endsLine
    this.queue.push({ kind: 'plain', text, line, column })
  }

  private saveKey(): void {
    if (!this.keyAllowed) return
    const isRequired = this.keys.flow === 0 && this.indent === this.cursor.column
    this.keys.save(this.taken + this.queue.length - this.head, isRequired)
  }

  private roll(column: number): void {
    this.indents.push(this.indent)
    this.indent = column
  }

  private unroll(column: number): void {
    if (this.keys.flow > 0) return
    while (this.indent > column) {
      this.push('block-end')
      this.indent = this.indents.pop() ?? -1
    }
  }
}
