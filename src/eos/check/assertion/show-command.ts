// The filters of a show command that only choose lines (EOS manual, "Command-Line Interface", pipes).
const FILTERS: readonly RegExp[] = [
  /^(?:include|exclude|section|begin) \S.*$/,
  // The pattern is one word that no shell expands: a second one would be a file. What `-o` cuts out of a line could be a secret, which is known by its line.
  /^grep(?: -[cinvwx]+)* [\w.:/@+=,%^][\w.:/@+=,%^-]*$/,
]

export interface ShowAsker {
  readonly who: string
  readonly forText: string
}

const ASSERTION: ShowAsker = { who: 'an assertion', forText: 'say `format: text`, or choose in the expression' }

/** Why a command may not be asked by something that only reads; undefined where it may. It reads: it begins with `show`, and neither redirects what is printed nor hands it to a program. */
export function showCommandFault(
  command: string,
  printed: boolean,
  { who, forText }: ShowAsker = ASSERTION,
): string | undefined {
  if (!/^show \S/.test(command)) return `${who} reads: its command must begin with \`show \``
  const found = /[^\x20-\x7e]|[;<>&`$\\]/.exec(command)?.[0]
  if (found !== undefined) return `${who} reads one command: ${JSON.stringify(found)} may not be part of it`
  const [, ...filters] = command.split('|').map((part) => part.trim())
  if (filters.length === 0) return undefined
  if (!printed) return `only text can be filtered: ${forText}`
  return filters.every((filter) => FILTERS.some((one) => one.test(filter)))
    ? undefined
    : 'only the filters include, exclude, section, begin and grep with one pattern are taken'
}
