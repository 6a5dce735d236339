import { type Command, commandName } from './option/command.ts'
import { GLOBAL_FLAGS } from './option/global-flags.ts'

/** The flag and its value that a word too many stands after. */
interface FlagBefore {
  readonly flag: string
  readonly value: string
}

/** A word that is no flag and no value of one, its place in the line, and the flag whose value stands right before it. */
interface LooseWord {
  readonly word: string
  readonly at: number
  readonly before?: FlagBefore
}

function looseWords(command: Command, argv: readonly string[]): readonly LooseWord[] {
  const valued = new Set(
    [...(command.options ?? []), ...GLOBAL_FLAGS].flatMap(({ flags }) =>
      flags.includes('<') ? (flags.match(/(?<![\w-])--?[\w-]+/g) ?? []) : [],
    ),
  )
  const loose: LooseWord[] = []
  let value = -1
  for (const [at, word] of argv.entries()) {
    if (at === value) continue
    if (word.startsWith('-') && word.length > 1) {
      if (valued.has(word)) value = at + 1
      continue
    }
    const flag = at - 1 === value ? argv[at - 2] : undefined
    loose.push({ word, at, ...(flag === undefined ? {} : { before: { flag, value: argv[value] ?? '' } }) })
  }
  return loose.slice(commandName(command).split(' ').length)
}

/** The first words beyond the arguments of a command, up to the next flag; sooner a word that is cut off from a parameter. */
export function wordsTooMany(
  command: Command,
  argv: readonly string[],
  most: number,
): { readonly before: FlagBefore | undefined; readonly words: readonly string[] } | undefined {
  const loose = looseWords(command, argv)
  const cut = loose.find(({ before }) => before !== undefined && isParam(before.flag) && !before.value.includes('='))
  const first = cut ?? loose[most]
  if (first === undefined) return undefined
  const end = argv.findIndex((one, index) => index > first.at && one.startsWith('-'))
  return { before: first.before, words: argv.slice(first.at, end < 0 ? undefined : end) }
}

/** Whether a flag gives a parameter of the workflow. */
export const isParam = (flag: string): boolean => flag === '-p' || flag === '--param'
