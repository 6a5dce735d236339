import { CST } from 'yaml'

export const DEPTH_LIMIT = 64

/** The offset at which the tokens of a YAML text get deeper than {@link DEPTH_LIMIT}, or undefined. Judged on tokens, before any parsing: a second too-deep `YAML.parse` in one process aborts the process and cannot be caught (docs/transport.md#what-people-write). */
export function tooDeepAt(tokens: readonly string[]): number | undefined {
  const nesting = new Nesting()
  let offset = 0
  let lineStart = 0
  for (const token of tokens) {
    const type = CST.tokenType(token)
    if (type === 'doc-mode' || type === 'scalar') continue
    if (nesting.enter(type, offset - lineStart) > DEPTH_LIMIT) return offset
    const newline = token.lastIndexOf('\n')
    if (newline >= 0) lineStart = offset + newline + 1
    offset += token.length
  }
  return undefined
}

class Nesting {
  readonly #columns: number[] = []
  #brackets = 0
  #lineBegins = true

  enter(type: CST.TokenType | null, column: number) {
    if (type === 'newline') this.#lineBegins = true
    if (type === 'newline' || type === 'space') return 0
    const opens = type === 'flow-seq-start' || type === 'flow-map-start'
    const begins = type === 'seq-item-ind' || type === 'explicit-key-ind' || (this.#lineBegins && !opens)
    this.#lineBegins = false
    if (this.#brackets === 0 && begins) this.#indent(column)
    if (opens) this.#brackets += 1
    if (type === 'flow-seq-end' || type === 'flow-map-end') this.#brackets = Math.max(0, this.#brackets - 1)
    return this.#brackets + this.#columns.length
  }

  #indent(column: number) {
    while ((this.#columns.at(-1) ?? -1) > column) this.#columns.pop()
    if ((this.#columns.at(-1) ?? -1) < column) this.#columns.push(column)
  }
}
