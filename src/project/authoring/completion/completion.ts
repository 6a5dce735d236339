export interface ShellLine {
  readonly words: readonly string[]
  /** Where the shell takes up a word only behind such a character, as bash does: these characters. */
  readonly breaks?: string
}

const MOST = 1_000

const SPECIAL = /[^\w.,:@=/+%-]/

export interface Completion {
  readonly wanted: readonly string[] | ValueQuestion
  offered(known: readonly string[]): readonly string[]
}

export function completionOf(
  commands: readonly KnownCommand[],
  globalFlags: readonly { readonly flags: string }[],
  { words, breaks = '' }: ShellLine,
): Completion {
  const typed = words.at(-1) ?? ''
  const quote = /^['"]/.exec(typed)?.[0] ?? ''
  const current = typed.slice(quote.length)
  const target = wantedWord(commands, globalFlags, words.slice(0, -1), current)
  const question = target.kind === 'word' ? undefined : questionOf(target)
  const head = target.kind === 'word' ? '' : `${target.head}${target.typed.slice(0, termAt(target))}`
  const kept = quote === '' ? lastBreak(current, breaks) : 0
  return {
    wanted: target.kind === 'word' ? target.words : (question ?? []),
    offered: (known) =>
      known
        .map((word) => `${head}${word}`)
        .filter((word) => word.startsWith(current) && word !== current && !SPECIAL.test(word.slice(typedPart(current))))
        .slice(0, MOST)
        .map((word) => word.slice(kept)),
  }
}

function typedPart(current: string) {
  return /^.*[\s,(]/s.exec(current)?.[0].length ?? 0
}

function lastBreak(current: string, breaks: string) {
  const at = [...current].findLastIndex((character) => breaks.includes(character))
  return current.charAt(at) === '@' ? at : at + 1
}

const WORD = /(?:\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|[^\s'"\\])+/gs
const PIECE = /\\(.)|'([^']*)'?|"((?:\\.|[^"\\])*)"?/gs
const OPEN = /^(?:'[^']*|"(?:\\.|[^"\\])*)$/s

export function wordsOfLine(line: string): readonly string[] {
  const written = line.match(WORD) ?? []
  const words = written.map((word) =>
    word.replace(
      PIECE,
      (_, escaped?: string, single?: string, double?: string) =>
        escaped ?? single ?? (double ?? '').replace(/\\(["\\$`])/g, '$1'),
    ),
  )
  const last = written.at(-1)
  if (last === undefined || (/(?<!\\)\s$/.test(line) && !OPEN.test(last))) return [...words, '']
  return OPEN.test(last) ? [...words.slice(0, -1), `${last.charAt(0)}${words.at(-1)}`] : words
}

export interface KnownCommand {
  readonly usage: string
  readonly options?: readonly { readonly flags: string }[]
  readonly names?: readonly string[]
}

type CompletionTarget =
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | {
      readonly kind: 'value'
      readonly of: string
      readonly head: string
      readonly typed: string
      readonly line: TypedLine
    }

export interface TypedLine {
  readonly command: readonly string[]
  readonly args: readonly string[]
  readonly flags: Readonly<Record<string, string>>
}

interface Flag {
  readonly names: readonly string[]
  readonly long: string
  readonly takesValue: boolean
}

// `words` are those before the cursor without the name of the program, `current` is the one under it, as far as it is typed.
function wantedWord(
  commands: readonly KnownCommand[],
  globalFlags: readonly { readonly flags: string }[],
  words: readonly string[],
  current: string,
): CompletionTarget {
  const general = globalFlags.map(flagOf)
  const every = [...general, ...commands.flatMap(({ options = [] }) => options.map(flagOf))]
  const { plain, values, open } = readWords(every, words)
  const command = commandOf(commands, plain)
  const line: TypedLine = { command: wordsOf(command), args: plain.slice(wordsOf(command).length), flags: values }
  if (open !== undefined) return { kind: 'value', of: open.long, head: '', typed: current, line }
  const flags = [...general, ...(command?.options ?? []).map(flagOf)]
  const [, name, typed] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? []
  const given = flags.find(({ names }) => name !== undefined && names.includes(name))
  if (given !== undefined) return { kind: 'value', of: given.long, head: `${name}=`, typed: typed ?? '', line }
  if (current.startsWith('-')) return { kind: 'word', words: flags.flatMap(({ names }) => names.at(-1) ?? []) }
  if (command === undefined) return { kind: 'word', words: nextWords(commands, plain) }
  if (command.names !== undefined && line.args.length === 0) return { kind: 'word', words: command.names }
  return { kind: 'value', of: argumentOf(command, line.args.length), head: '', typed: current, line }
}

function readWords(flags: readonly Flag[], words: readonly string[]) {
  const plain: string[] = []
  const values: Record<string, string> = {}
  let open: Flag | undefined
  for (const word of words) {
    if (open !== undefined) {
      values[open.long] = word
      open = undefined
    } else if (/^-./.test(word)) {
      open = flags.find(({ names, takesValue }) => takesValue && names.includes(word))
    } else plain.push(word)
  }
  return { plain, values, open }
}

function flagOf({ flags }: { readonly flags: string }): Flag {
  const names = flags.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? []
  return { names, long: (names.at(-1) ?? '').replace(/^-+/, ''), takesValue: /[<[]/.test(flags) }
}

function wordsOf(command: KnownCommand | undefined) {
  return command?.usage.split(' ').filter((word) => /^[a-z]/.test(word)) ?? []
}

function commandOf(commands: readonly KnownCommand[], plain: readonly string[]) {
  const fitting = commands.filter((command) => wordsOf(command).every((word, index) => plain[index] === word))
  // `plan queue` is a command of its own beside `plan <workflow>`.
  return fitting.toSorted((a, b) => wordsOf(b).length - wordsOf(a).length)[0]
}

function nextWords(commands: readonly KnownCommand[], plain: readonly string[]) {
  const fitting = commands.map(wordsOf).filter((words) => plain.every((word, index) => words[index] === word))
  return [...new Set(fitting.flatMap((words) => words[plain.length] ?? []))]
}

function argumentOf({ usage }: KnownCommand, index: number) {
  const names = usage.match(/[<[][^>\]]+[>\]]/g) ?? []
  const last = names.at(-1)
  return (names[index] ?? (last?.includes('...') === true ? last : '')).replace(/[<>[\].]/g, '')
}

/** What has to be known so that a value is completed: the same for each letter that is typed of it. */
export interface ValueQuestion {
  readonly of: string
  /** What of it decides what it may become: `failed:` of a target, `NAME=` of a parameter. */
  readonly about: string
  readonly line: TypedLine
}

type WantedValue = Extract<CompletionTarget, { kind: 'value' }>

// The question for a value; undefined where files are meant.
function questionOf(value: WantedValue): ValueQuestion | undefined {
  const { of, typed, line } = value
  const term = typed.slice(termAt(value))
  if (isSelector(of)) {
    return term.startsWith('@') ? undefined : { of: 'target', about: term.startsWith('failed:') ? 'failed:' : '', line }
  }
  return { of, about: of === 'param' ? (/^[^=]*=/.exec(typed)?.[0] ?? '') : '', line }
}

function termAt({ of, typed }: WantedValue) {
  return isSelector(of) ? (/^.*[\s,(]/s.exec(typed)?.[0].length ?? 0) : 0
}

function isSelector(of: string) {
  return of === 'target' || of === 'limit'
}
