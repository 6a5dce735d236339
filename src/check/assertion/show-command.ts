/** The filters of a show command that only choose lines (EOS manual, "Command-Line Interface", pipes). */
const FILTERS: readonly RegExp[] = [
  /^(?:include|exclude|section|begin) \S.*$/,
  // The pattern is one word that no shell expands: a second one would be a file.
  /^grep(?: -[cinovwx]+)* [\w.:/@+=,%^][\w.:/@+=,%^-]*$/,
]

/**
 * Why a command may not be asked for an assertion; undefined where it may. It reads: it begins with `show`, and neither
 * redirects what is printed nor hands it to a program. `printed` is whether the answer is text, which may be filtered.
 */
export function showCommandFault(command: string, printed: boolean): string | undefined {
  if (!/^show \S/.test(command)) return 'an assertion reads: its command must begin with `show `'
  const found = /[^\x20-\x7e]|[;<>&`$\\]/.exec(command)?.[0]
  if (found !== undefined) return `an assertion reads one command: ${JSON.stringify(found)} may not be part of it`
  const [, ...filters] = command.split('|').map((part) => part.trim())
  if (filters.length === 0) return undefined
  if (!printed) return 'only text can be filtered: say `format: text`, or choose in the expression'
  return filters.every((filter) => FILTERS.some((one) => one.test(filter)))
    ? undefined
    : 'only the filters include, exclude, section, begin and grep with one pattern are taken'
}
