const MORE = ' --More-- '
const ERASE_MORE = `\r${' '.repeat(MORE.length)}\r`

/** A length of 0 never pauses. */
export interface TerminalSize {
  readonly width: number
  readonly length: number
}

/**
 * Text that is longer than a screen: it stops before the screen is full and shows `--More--`. A blank shows the next screen,
 * Enter one line more, `q` and Ctrl-C leave the rest out; other keys do nothing.
 */
export class Pager {
  #rows: string[] = []

  get waits(): boolean {
    return this.#rows.length > 0
  }

  show(text: string, size: TerminalSize): string {
    const rows = text.split('\n')
    if (rows.at(-1) === '') rows.pop()
    this.#rows = rows
    if (size.length <= 0) return this.#take(Number.POSITIVE_INFINITY, size)
    return this.#take(size.length - 1, size)
  }

  key(character: string, size: TerminalSize): string {
    if (character === ' ') return ERASE_MORE + this.#take(size.length - 1, size)
    if (character === '\r' || character === '\n') return ERASE_MORE + this.#take(1, size)
    if (character !== 'q' && character !== 'Q' && character !== '\u0003') return ''
    this.#rows = []
    return ERASE_MORE
  }

  #take(screen: number, { width }: TerminalSize) {
    let left = Math.max(1, screen)
    let taken = 0
    for (const row of this.#rows) {
      left -= width > 0 ? Math.max(1, Math.ceil(row.length / width)) : 1
      if (left < 0 && taken > 0) break
      taken += 1
    }
    const shown = this.#rows.splice(0, taken)
    return shown.map((row) => `${row}\r\n`).join('') + (this.#rows.length > 0 ? MORE : '')
  }
}
