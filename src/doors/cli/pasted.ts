import { shellWord } from '../../report/shell-word.ts'
import { asTyped } from './terminal/called-as.ts'
import type { GlobalOptions, Io } from './terminal/io.ts'

/** The lines at the end of what is written that say what a person types next: `Next: …`, and those that hang below it. */
const NEXT = /(?:^|\n)Next: [^\n]*(?:\n {6}[^\n]*)*\n?$/
/** A line by which eosflow itself warns, with what mends it. */
const WARNING = /^(?:! |warning: |note: )[^\n]*\n$/
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
 * A terminal on which the commands of a last line `Next:`, and of a warning, do what they say when they are pasted. They have the name by which this command was called, and the
 * flags of a last line are those that were given for every command: `-C`, `--store`, and where switches are logged in to `--ask-password` and `--insecure-tls`. A line that has
 * such flags already keeps its own.
 */
export function pasteable<T extends Io>(io: T, global: GlobalOptions): T {
  const place = [
    ...(global.project === undefined ? [] : ['-C', global.project]),
    ...(global.store === undefined ? [] : ['--store', global.store]),
  ]
  const logins = [...(global.askPassword ? ['--ask-password'] : []), ...(global.insecureTls ? ['--insecure-tls'] : [])]
  if (place.length + logins.length === 0 && io.called === undefined) return io
  const flagsOf = (word: string | undefined): string => {
    if (word === undefined || WITHOUT_PROJECT.has(word)) return ''
    const flags = [...place, ...(WITH_LOGINS.has(word) ? logins : [])]
    return flags.map((flag) => `${shellWord(flag)} `).join('')
  }
  const typed = (text: string): string =>
    WARNING.test(text)
      ? asTyped(text, io)
      : text.replace(NEXT, (lines) =>
          hasFlags(lines, [...place, ...logins]) ? asTyped(lines, io) : asTyped(lines, io, flagsOf),
        )
  return {
    ...io,
    out: (text: string) => io.out(typed(text)),
    err: (text: string) => io.err(typed(text)),
    tell: (text: string) => io.tell(typed(text)),
  }
}

/** Whether a line was made of the command that was typed, with its flags, or goes into the folder. */
function hasFlags(lines: string, flags: readonly string[]): boolean {
  return / (?:-C|--store) /.test(lines) || /\bcd /.test(lines) || flags.every((flag) => lines.includes(` ${flag} `))
}
