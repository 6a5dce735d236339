export type LineEvent =
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl-C. */
  | { readonly kind: 'interrupt' }
  /** Ctrl-D: on an empty line only, unless text is read. */
  | { readonly kind: 'end'; readonly text: string }
  /** Ctrl-Z. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'complete'; readonly text: string }

export interface Keystroke {
  readonly echo: string
  readonly event?: LineEvent
}

export interface LineMode {
  readonly echo: boolean
  /** Whether `?`, Tab and the arrow keys mean something; in a text they are characters or nothing. */
  readonly editing: boolean
}

export interface LineGeometry {
  readonly width: number
  readonly prompt: number
}

const HISTORY = 20
const ESCAPE = '\u001b'
const ERASE = '\b \b'
// More than any command EOS takes; what is typed beyond it is dropped without echo.
const LONGEST = 8192
const LONGEST_ESCAPE = 16

/** The line a person types, key by key: what is echoed and when a line is done. Keys: Backspace and Delete, Ctrl-U, Ctrl-W, Ctrl-C, Ctrl-D, Ctrl-Z, `?`, Tab, up and down. */
export class LineEditor {
  #text = ''
  #escape: string | undefined
  readonly #history: string[] = []
  #back = 0
  #geometry: LineGeometry = { width: 80, prompt: 0 }

  get text(): string {
    return this.#text
  }

  begin(geometry: LineGeometry): void {
    this.#text = ''
    this.#back = 0
    this.#geometry = geometry
  }

  remember(line: string): void {
    if (line.trim() === '' || this.#history.at(-1) === line) return
    this.#history.push(line)
    if (this.#history.length > HISTORY) this.#history.shift()
  }

  insert(characters: string): string {
    return [...characters].map((character) => this.#character(character)).join('')
  }

  key(character: string, mode: LineMode): Keystroke {
    if (character === ESCAPE) {
      this.#escape = ''
      return { echo: '' }
    }
    if (this.#escape !== undefined) return { echo: this.#escaped(this.#escape + character, mode) }
    const control = this.#control(character, mode)
    if (control !== undefined) return control
    if (mode.editing && character === '?') return { echo: '', event: { kind: 'help', text: this.#text } }
    const echo = this.#character(character)
    return { echo: mode.echo ? echo : '' }
  }

  #control(character: string, mode: LineMode): Keystroke | undefined {
    if (character === '\r' || character === '\n') return this.#enter(mode)
    if (character === '\u007f' || character === '\b') return { echo: this.#erase(1, mode) }
    if (character === '\u0015') return { echo: this.#erase(this.#text.length, mode) }
    if (character === '\u0017') return { echo: this.#erase(/\S*\s*$/.exec(this.#text)?.[0].length ?? 0, mode) }
    if (character === '\u0003') return { echo: '^C\r\n', event: { kind: 'interrupt' } }
    if (character === '\u0004') return this.#end(mode)
    if (character === '\u001a' && mode.editing) return { echo: '^Z\r\n', event: { kind: 'leave' } }
    if (character === '\t' && mode.editing) return { echo: '', event: { kind: 'complete', text: this.#text } }
    return character < ' ' && character !== '\t' ? { echo: '' } : undefined
  }

  #enter(mode: LineMode): Keystroke {
    const text = this.#text
    if (mode.editing) this.remember(text)
    return { echo: '\r\n', event: { kind: 'line', text } }
  }

  #end(mode: LineMode): Keystroke {
    if (mode.editing && this.#text !== '') return { echo: '' }
    return { echo: '\r\n', event: { kind: 'end', text: this.#text } }
  }

  #character(character: string): string {
    if (this.#text.length >= LONGEST) return ''
    this.#text += character
    return this.#atMargin() ? `${character} \r` : character
  }

  // At the right margin the line editor of EOS goes on in the next row by a blank and a CR, as GNU readline does [I].
  #atMargin(): boolean {
    const { width, prompt } = this.#geometry
    return width > 0 && (prompt + this.#text.length) % width === 0
  }

  #erase(count: number, mode: LineMode): string {
    const erased = Math.min(count, this.#text.length)
    this.#text = this.#text.slice(0, this.#text.length - erased)
    return mode.echo ? ERASE.repeat(erased) : ''
  }

  #escaped(sequence: string, mode: LineMode): string {
    const isWhole = /^(?:\[[0-9;?]*[@-~]|O.|[^[O])$/.test(sequence) || sequence.length > LONGEST_ESCAPE
    this.#escape = isWhole ? undefined : sequence
    const arrow = /^[[O]([AB])$/.exec(sequence)?.[1]
    if (arrow === undefined || !mode.editing) return ''
    this.#back = Math.min(Math.max(0, this.#back + (arrow === 'A' ? 1 : -1)), this.#history.length)
    const recalled = this.#back === 0 ? '' : (this.#history.at(-this.#back) ?? '')
    return this.#erase(this.#text.length, mode) + this.insert(recalled)
  }
}
