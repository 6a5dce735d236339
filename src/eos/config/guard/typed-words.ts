/** The words of a line, without that by which a person could hide one from a reader: quotes, a backslash, and any blank that Unicode has. */
export const wordsIn = (line: string): string[] =>
  line
    .trim()
    .replace(/["'`\\]/g, '')
    .split(/\s+/)

/** The command without `no` and `default`, however often they are written: to negate a verb is no less. */
export function positiveWords(line: string): string[] {
  const words = wordsIn(line)
  return words.slice(words.findIndex((word) => !/^(?:no|default)$/i.test(word)))
}

/** Whether each word of a verb is abbreviated by the word at its place: EOS takes any unique beginning for the word. */
export function isShortFor(words: readonly string[], verb: string): boolean {
  return verb.split(' ').every((full, n) => {
    const word = words[n]
    return word !== undefined && word !== '' && full.startsWith(word.toLowerCase())
  })
}

/** Whether a shell of a forwarding chip is behind words of the configuration: `platform trident shell`, `platform fap diag`. */
export const isShell = ([word, ...rest]: readonly string[]): boolean =>
  word === 'platform' && rest.some((one) => /^(?:sh(?:e(?:ll?)?)?|di(?:ag?)?)$/i.test(one))

/** Whether a line has `show tech-support` run another command than one that shows, by whoever asks for it. `header`: of its submode. */
export const isCollected = (header: string | undefined, words: readonly string[]): boolean =>
  header === 'policy show tech-support' && isShortFor(words, 'include command') && words[2] !== 'show'
