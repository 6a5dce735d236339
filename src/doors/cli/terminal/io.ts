import { basename, delimiter, dirname, isAbsolute, relative, resolve } from 'node:path'
import type { Feature } from '../../../project/system/feature/feature.ts'
import type { Console } from '../../../project/system/process/console.ts'
import type { Host } from '../../../project/system/process/host.ts'
import type { Interrupts } from '../../../project/system/process/interrupts.ts'
import type { Seams } from '../../../project/system/process/seams.ts'
import { COMMAND_WORDS } from '../../../report/command-groups.ts'
import { shellWord } from '../../../report/shell-word.ts'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The name by which the caller types this command; absent for `eosflow`. */
  readonly called?: CalledAs
  out(text: string): void
  readonly drained?: () => Promise<void>
  /** Why results could not be written (`ENOSPC`); undefined where nothing was lost, or nobody reads any more. */
  readonly lost?: () => string | undefined
  err(text: string): void
  readonly interactive: boolean
  readonly color: boolean
  /** The columns of the screen that results go to; absent where they go to a file or a pipe. */
  readonly columns?: number
  /**
   * Asks one line; undefined when there is nobody to ask, and when the signal is aborted before the answer. `unseen`: nothing of what is typed
   * is shown.
   */
  ask(question: string, signal?: AbortSignal, unseen?: 'unseen'): Promise<string | undefined>
  /** Shows one line below everything else, in the place of the one before, until something else is written; undefined takes it away. */
  readonly live?: (line: string | undefined) => void
  readonly stop: AbortSignal
  /** Has a part of the command asked for its last word before a further interrupt ends the process; absent where none does. */
  readonly heed?: Interrupts['heed']
  readonly seams?: Seams
  /** Absent: all. */
  readonly features?: readonly Feature[]
}

/** What a command is given, before features are loaded. */
export interface BareIo extends Terminal, Console, Omit<Host, 'features'> {
  readonly ask: Terminal['ask']
  readonly called?: CalledAs
  readonly heed?: Interrupts['heed']
  readonly seams?: Seams
}

export interface Io extends BareIo {
  readonly features: Host['features']
}

export interface Invocation {
  readonly io: Io
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly global: GlobalOptions
  readonly command: TypedCommand
}

interface TypedCommand {
  readonly usage: string
  readonly options?: readonly { readonly flags: string }[]
}

export interface GlobalOptions {
  readonly project?: string
  readonly store?: string
  readonly netboxBranch?: string
  readonly json: boolean
  readonly askPassword: boolean
  /** The operator's second switch for a TLS mode or an address that shows the password. */
  readonly insecureTls: boolean
  readonly verbose: number
}

type CalledAs = (folder?: string) => string

interface CallOf {
  // The program that was typed: `process.argv[1]`, which `./eosflow` leaves as it was typed.
  readonly program: string | undefined
  readonly cwd: string
  readonly path: string | undefined
}

const NAME = 'eosflow'
const installed: CalledAs = () => NAME

/** A program that is on PATH is `eosflow`, one below `node_modules` is `npx eosflow`, and the launcher of a checkout is its path, relative if it was typed so. Any other program, such as `node dist/doors/cli/main.js`, is `eosflow`. */
export function calledAs({ program, cwd, path = '' }: CallOf): CalledAs {
  if (program === undefined || basename(program) !== NAME) return installed
  const folder = dirname(resolve(cwd, program))
  if (folder.endsWith('/node_modules/.bin')) return () => `npx ${NAME}`
  if (path.split(delimiter).some((one) => one !== '' && resolve(cwd, one) === folder)) return installed
  if (isAbsolute(program)) return () => shellWord(program)
  return (from = cwd) => {
    const typed = relative(from, resolve(cwd, program))
    return shellWord(typed.startsWith('..') ? typed : `./${typed}`)
  }
}

// A flag may stand before that.
const TYPED = new RegExp(
  `(?<=[\\s=])'(?:[^']|'\\\\'')*'(?=[\\s]|$)|\\bcd (?<folder>'[^']*'|[^\\s,;]+)|(?<![\\w/.-]|npx )${NAME} (?=(?<word>${COMMAND_WORDS.join('|')})(?![\\w-])|-)`,
  'g',
)

/** `flagsOf` gives the flags that are put before the first word of each. The text is one that eosflow has made: lines of a switch are never given to it. */
export function asTyped(
  text: string,
  { called = installed, cwd }: { readonly called?: CalledAs; readonly cwd: string },
  flagsOf: (word: string | undefined) => string = () => '',
): string {
  let folder = cwd
  return text.replace(TYPED, (found, ...rest) => {
    const { folder: into, word } = rest.at(-1) as { readonly folder?: string; readonly word?: string }
    if (into !== undefined) folder = resolve(folder, into.replaceAll("'", ''))
    if (!found.startsWith(`${NAME} `)) return found
    return `${folder === cwd ? called() : called(folder)} ${flagsOf(word)}`
  })
}

const LEAST = 60

// Nobody looks at a file or a pipe of so many columns: there lines are kept whole, for `grep` and editors.
const WHOLE = 10_000

/** The columns that a result may take: those of the terminal, else what `COLUMNS` says; a file or a pipe has no end. */
export function screenWidth({ columns, env }: Pick<Terminal, 'columns' | 'env'>): number {
  const told = Number(env.COLUMNS)
  return Math.max(LEAST, columns ?? (Number.isInteger(told) && told > 0 ? told : WHOLE))
}

const AGAIN = 'Only the whole word counts, in small letters. Type yes, or anything else to leave it: '

/** Asks for a literal `yes`. Who gives the beginning of it, or capitals, is asked once more; anything else, the end of input included, is no. */
export async function saysYes(io: Pick<Io, 'ask'>, question: string, signal?: AbortSignal): Promise<boolean> {
  const typed = async (asked: string) => (await io.ask(asked, signal))?.trim()
  const answer = await typed(question)
  if (answer === undefined || !/^(?:y|ye|yes)$/i.test(answer)) return false
  return answer === 'yes' || (await typed(AGAIN)) === 'yes'
}
