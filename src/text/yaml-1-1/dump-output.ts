/** What libyaml's emitter knows of the text that it has written: where it is in its line, and what may follow there. */
export class DumpOutput {
  private readonly parts: string[] = []
  readonly width: number
  /** How many characters the last line has. */
  column = 0
  /** Whether a blank is before what comes. */
  isBlankBefore = true
  /** Whether only indentation and the signs of blocks are before it in its line. */
  isIndentation = true
  /** How many blanks begin a line; -1 outside of everything. */
  indent = -1

  constructor(width: number) {
    this.width = width
  }

  /** All that was written. */
  get text(): string {
    return this.parts.join('')
  }

  /** Whether the line is longer than it should be. */
  get isWide(): boolean {
    return this.column > this.width
  }

  /** Writes characters of a line. */
  put(text: string, length = text.length): void {
    this.parts.push(text)
    this.column += length
  }

  /** Ends a line; with a break of the text itself, or a line feed. */
  break(sign = '\n'): void {
    this.parts.push(sign)
    this.column = 0
  }

  /** Writes a sign of YAML, with a blank before it where it needs one. */
  sign(sign: string, needsBlank: boolean, isBlank = false, isIndentation = false): void {
    if (needsBlank && !this.isBlankBefore) this.put(' ')
    this.put(sign)
    this.isBlankBefore = isBlank
    this.isIndentation &&= isIndentation
  }

  /** Goes to where a line begins, in a new line unless this one has nothing else. */
  toIndent(): void {
    const indent = Math.max(0, this.indent)
    if (!this.isIndentation || this.column > indent || (this.column === indent && !this.isBlankBefore)) this.break()
    if (this.column < indent) this.put(' '.repeat(indent - this.column))
    this.isBlankBefore = true
    this.isIndentation = true
  }

  /** Says that a text was written last. */
  afterText(): void {
    this.isBlankBefore = false
    this.isIndentation = false
  }
}
