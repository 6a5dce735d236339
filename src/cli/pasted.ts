import { shellWord } from '../report/shell-word.ts'
import type { GlobalOptions, Io } from './io.ts'

/** The lines at the end of what is written that say what a person types next: `Next: …`, and those that hang below it. */
const NEXT = /(?:^|\n)Next: [^\n]*(?:\n {6}[^\n]*)*\n?$/
/** A command of eosflow in such a line, by its first word. */
const COMMAND = /\beosflow (?=(?<name>[a-z][a-z-]*)\b)/g
/** What has no project, or makes one. */
const WITHOUT_PROJECT: ReadonlySet<string> = new Set(['init', 'demo', 'help', 'schema', 'completion'])
/** What logs in to switches, and so needs what was said of logins. */
const WITH_LOGINS: ReadonlySet<string> = new Set([
  'plan',
  'change',
  'run',
  'resume',
  'redrive',
  'rollback',
  'stop',
  'drift',
  'comply',
  'ask',
  'check',
  'snapshot',
  'sessions',
  'recover',
])

/**
 * A terminal on which the commands of a last line `Next:` have the flags that this command line was given for every command (`-C`, `--store`, and where
 * switches are logged in to `--ask-password` and `--insecure-tls`), so that they do what they say when they are pasted. A line that has them
 * already stays as it is.
 */
export function pasteable<T extends Io>(io: T, global: GlobalOptions): T {
  const place = [
    ...(global.project === undefined ? [] : ['-C', global.project]),
    ...(global.store === undefined ? [] : ['--store', global.store]),
  ]
  const logins = [...(global.askPassword ? ['--ask-password'] : []), ...(global.insecureTls ? ['--insecure-tls'] : [])]
  if (place.length + logins.length === 0) return io
  const flagged = (text: string): string =>
    text.replace(NEXT, (lines) =>
      hasFlags(lines, [...place, ...logins])
        ? lines
        : lines.replace(COMMAND, (found, name: string) => {
            if (WITHOUT_PROJECT.has(name)) return found
            const flags = [...place, ...(WITH_LOGINS.has(name) ? logins : [])]
            return `eosflow ${flags.map((flag) => `${shellWord(flag)} `).join('')}`
          }),
    )
  return {
    ...io,
    out: (text: string) => io.out(flagged(text)),
    err: (text: string) => io.err(flagged(text)),
    tell: (text: string) => io.tell(flagged(text)),
  }
}

/** Whether a line was made of the command that was typed, with its flags, or goes into the folder. */
function hasFlags(lines: string, flags: readonly string[]): boolean {
  return / (?:-C|--store) /.test(lines) || /\bcd /.test(lines) || flags.every((flag) => lines.includes(` ${flag} `))
}
