import { type Mark, YamlFault } from './fault.ts'

const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20

/** Whether a character ends a line in YAML 1.1: also NEL and the two separators of Unicode. */
export function isBreak(code: number): boolean {
  return (
    code === LINE_FEED ||
    code === CARRIAGE_RETURN ||
    (code > 0x7f && (code === 0x85 || code === 0x2028 || code === 0x2029))
  )
}

/** Whether a character is a space or a tab. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

/** Whether a character ends a word: a blank, a line break, or the end of the text. */
export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === 0 || code === TAB || isBreak(code)
}

/** Whether a character ends a line or the text. */
export function isBreakOrEnd(code: number): boolean {
  return code === LINE_FEED || code === 0 || isBreak(code)
}

/** A text and how far it is read. Behind its end is a NUL, so a character can be read without asking for the end. */
export class TextCursor {
  readonly text: string
  at = 0
  /** Of the line that is being read, from 0. */
  line = 0
  lineStart = 0

  constructor(text: string) {
    this.text = `${text}\0`
  }

  /** The code of the character that is `ahead` of the one to be read. */
  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead)
  }

  /** From 0. */
  get column(): number {
    return this.at - this.lineStart
  }

  get mark(): Mark {
    return { line: this.line + 1, column: this.column + 1 }
  }

  /** Goes over a line break and gives what it means in a scalar: the separators of Unicode mean themselves. */
  skipBreak(): string {
    const code = this.code()
    this.at += code === CARRIAGE_RETURN && this.code(1) === LINE_FEED ? 2 : 1
    this.line += 1
    this.lineStart = this.at
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n'
  }

  /** Whether `---` or `...` is here, at the start of a line. */
  atDocumentMark(): boolean {
    const code = this.code()
    return (
      this.at === this.lineStart &&
      (code === 0x2d || code === 0x2e) &&
      this.code(1) === code &&
      this.code(2) === code &&
      isBlankOrEnd(this.code(3))
    )
  }

  fault(message: string, hint?: string): YamlFault {
    return new YamlFault(message, this.mark, hint)
  }
}
