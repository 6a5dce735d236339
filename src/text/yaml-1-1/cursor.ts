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

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === 0 || code === TAB || isBreak(code)
}

export function isBreakOrEnd(code: number): boolean {
  return code === LINE_FEED || code === 0 || isBreak(code)
}

export class TextCursor {
  readonly text: string
  at = 0
  line = 0
  lineStart = 0

  constructor(text: string) {
    this.text = `${text}\0`
  }

  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead)
  }

  get column(): number {
    return this.at - this.lineStart
  }

  get mark(): Mark {
    return { line: this.line + 1, column: this.column + 1 }
  }

  skipBreak(): string {
    const code = this.code()
    this.at += code === CARRIAGE_RETURN && this.code(1) === LINE_FEED ? 2 : 1
    this.line += 1
    this.lineStart = this.at
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n'
  }

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
