export class WordsFault extends Error {}

/**
 * The words of a line as Python's `shlex.split(line, comments=True)` cuts them: quotes and backslashes are taken away, and `#` begins a
 * comment even within a word. Throws {@link WordsFault}.
 */
export function shellWords(line: string): readonly string[] {
  const words: string[] = []
  const reader = { line, at: 0 }
  for (;;) {
    while (isBlank(reader.line.charAt(reader.at))) reader.at += 1
    if (reader.at >= line.length || line.charAt(reader.at) === '#') return words
    words.push(word(reader))
    if (line.charAt(reader.at) === '#') return words
  }
}

interface Reader {
  readonly line: string
  at: number
}

function isBlank(sign: string) {
  return sign === ' ' || sign === '\t' || sign === '\r' || sign === '\n'
}

function word(reader: Reader) {
  let text = ''
  for (;;) {
    const sign = reader.line.charAt(reader.at)
    if (sign === '' || isBlank(sign) || sign === '#') return text
    if (sign === '"' || sign === "'") text += quoted(reader, sign)
    else if (sign === '\\') {
      text += escaped(reader)
    } else {
      text += sign
      reader.at += 1
    }
  }
}

function escaped(reader: Reader) {
  const next = reader.line.charAt(reader.at + 1)
  if (next === '') throw new WordsFault('nothing follows the backslash at the end')
  reader.at += 2
  return next
}

function quoted(reader: Reader, quote: string) {
  reader.at += 1
  let text = ''
  for (;;) {
    const sign = reader.line.charAt(reader.at)
    if (sign === '') throw new WordsFault(`a text that begins with ${quote} has no end`)
    if (sign === quote) {
      reader.at += 1
      return text
    }
    if (sign === '\\' && quote === '"') {
      const next = escaped(reader)
      text += next === '"' || next === '\\' ? next : `\\${next}`
    } else {
      text += sign
      reader.at += 1
    }
  }
}
