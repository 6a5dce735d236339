/** A command that only a terminal understands; eAPI has neither a screen nor a login to leave. */
export type TerminalCommand =
  | { readonly kind: 'logout' }
  | { readonly kind: 'enable' }
  | { readonly kind: 'end' }
  | { readonly kind: 'reload' }
  | { readonly kind: 'length'; readonly value: number }
  | { readonly kind: 'width'; readonly value: number }

/** The widest terminal and the longest screen that EOS takes. */
const MOST = 32_767
/** The narrowest terminal that EOS takes [I]. */
const NARROWEST = 10

/** Reads a line of exec mode as a command of the terminal, its words in full or as beginnings; undefined for any other. */
export function terminalCommand(line: string): TerminalCommand | undefined {
  const words = line.trim().toLowerCase().split(/\s+/)
  const [first = '', second = '', third = '', ...more] = words
  if (words.length === 1) return single(first)
  if (!isBeginning(first, 'terminal', 2) || more.length > 0 || !/^\d{1,5}$/.test(third)) return undefined
  const value = Number(third)
  if (isBeginning(second, 'length', 1) && value <= MOST) return { kind: 'length', value }
  if (isBeginning(second, 'width', 1) && value >= NARROWEST && value <= MOST) return { kind: 'width', value }
  return undefined
}

function single(word: string): TerminalCommand | undefined {
  if (isBeginning(word, 'exit', 2) || isBeginning(word, 'quit', 1) || isBeginning(word, 'logout', 4)) {
    return { kind: 'logout' }
  }
  if (word === 'end') return { kind: 'end' }
  if (isBeginning(word, 'enable', 2)) return { kind: 'enable' }
  return isBeginning(word, 'reload', 3) ? { kind: 'reload' } : undefined
}

function isBeginning(word: string, whole: string, least: number): boolean {
  return word.length >= least && whole.startsWith(word)
}
