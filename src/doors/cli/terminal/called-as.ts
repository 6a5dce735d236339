import { basename, delimiter, dirname, isAbsolute, relative, resolve } from 'node:path'
import { COMMAND_WORDS } from '../../../report/command-groups.ts'
import { shellWord } from '../../../report/shell-word.ts'

export type CalledAs = (folder?: string) => string

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
