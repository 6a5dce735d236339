const ESC = '\u001b'
/** A complete escape sequence: CSI, OSC, a character set, or a single function. */
const SEQUENCE = new RegExp(
  [`\\[[0-?]*[ -/]*[@-~]`, `\\][^\u0007${ESC}]*(?:\u0007|${ESC}\\\\)`, `[()#][A-Za-z0-9]`, `[=>78A-Za-z]`]
    .map((form) => `${ESC}${form}`)
    .join('|'),
  'g',
)
/** What a terminal that needs time is sent. */
const PADDING = '\0'
/** The longest escape sequence that is waited for; what is longer is text. */
const LONGEST_SEQUENCE = 256
/** The pager's question and whatever takes it off the screen again. */
const PAGER = / ?--More-- ?(?:[\b]+ *[\b]*|\r *\r|\r)/g
/** What `readline` sends at the right margin to go on in the next row. */
const WRAP = / \r(?!$)/g
const ERASED = /[^\b][\b]/g

/**
 * What a terminal has shown since it was cleared, as lines: escape sequences, the pager, wraps at the right margin and
 * overwritten text are taken out. It costs the same whether the bytes come one by one or all at once.
 */
export class Screen {
  readonly #decoder = new TextDecoder()
  #lines: string[] = []
  #raw = ''
  #held = ''
  #length = 0

  /** Takes the next bytes, cut anywhere. */
  feed(bytes: Uint8Array): void {
    const text = this.#unescaped(this.#held + this.#decoder.decode(bytes, { stream: true })).replaceAll(PADDING, '')
    this.#length += text.length
    const [first = '', ...rest] = text.split('\n')
    this.#raw += first
    for (const next of rest) {
      this.#lines.push(cleaned(this.#raw))
      this.#raw = next
    }
  }

  /** The lines that are complete. */
  get lines(): readonly string[] {
    return this.#lines
  }

  /** What stands behind the last line break: a prompt, a question, or a line that is not complete. */
  get tail(): string {
    return cleaned(this.#raw)
  }

  /** How many characters came since it was cleared. */
  get length(): number {
    return this.#length
  }

  /** Whether the pager waits for a key. */
  get paging(): boolean {
    return /--More--[\b\r ]*$/.test(this.#raw)
  }

  /** Forgets everything, as when a prompt has been read. */
  clear(): void {
    this.#lines = []
    this.#raw = ''
    this.#length = 0
  }

  #unescaped(text: string): string {
    this.#held = ''
    if (!text.includes(ESC)) return text
    const plain = text.replace(SEQUENCE, '')
    const open = plain.lastIndexOf(ESC)
    if (open < 0 || plain.length - open > LONGEST_SEQUENCE) return plain
    this.#held = plain.slice(open)
    return plain.slice(0, open)
  }
}

function cleaned(raw: string): string {
  let line = raw.replace(/\r+$/, '')
  if (!/[\b\r-]/.test(line)) return line
  line = line.replace(PAGER, '').replace(WRAP, '')
  while (line.includes('\b')) {
    const erased = line.replace(ERASED, '')
    line = erased === line ? line.replaceAll('\b', '') : erased
  }
  return line.slice(line.lastIndexOf('\r') + 1)
}
