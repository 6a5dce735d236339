/** Colour is never the only signal: the plain style says the same. */
export interface Style {
  added(text: string): string
  removed(text: string): string
  addedWord(text: string): string
  removedWord(text: string): string
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
  warning(text: string): string
}

const same = (text: string) => text

export const plain: Style = {
  added: same,
  removed: same,
  addedWord: same,
  removedWord: same,
  bold: same,
  dim: same,
  good: same,
  bad: same,
  warning: same,
}

const paint = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`

export const colored: Style = {
  added: paint(32),
  removed: paint(31),
  addedWord: (text) => paint(1)(paint(32)(text)),
  removedWord: (text) => paint(1)(paint(31)(text)),
  bold: paint(1),
  dim: paint(2),
  good: paint(32),
  bad: paint(31),
  warning: paint(33),
}
