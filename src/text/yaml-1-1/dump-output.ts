export class DumpOutput {
  private readonly parts: string[] = []
  readonly width: number
  column = 0
  isBlankBefore = true
  /** Whether only indentation and the signs of blocks are before it in its line. */
  isIndentation = true
  indent = -1

  constructor(width: number) {
    this.width = width
  }

  get text(): string {
    return this.parts.join('')
  }

  get isWide(): boolean {
    return this.column > this.width
  }

  put(text: string, length = text.length): void {
    this.parts.push(text)
    this.column += length
  }

  break(sign = '\n'): void {
    this.parts.push(sign)
    this.column = 0
  }

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

  afterText(): void {
    this.isBlankBefore = false
    this.isIndentation = false
  }
}
