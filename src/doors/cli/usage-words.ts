import { foreignCommandHint } from '../../report/foreign-words/commands.ts'
import { foreignFlagHint } from '../../report/foreign-words/flags.ts'
import { shellWord } from '../../report/shell-word.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { type Command, commandName } from './option/command.ts'
import { GLOBAL_FLAGS } from './option/global-flags.ts'

interface FlagBefore {
  readonly flag: string
  readonly value: string
}

interface LooseWord {
  readonly word: string
  readonly at: number
  readonly before?: FlagBefore
}

function looseWords(command: Command, argv: readonly string[]): readonly LooseWord[] {
  const valued = new Set(
    [...command.options, ...GLOBAL_FLAGS].flatMap(({ flags }) =>
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

function wordsTooMany(
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

const isParam = (flag: string) => flag === '-p' || flag === '--param'

interface UsageFault {
  readonly place: string
  readonly message: string
  readonly hint: string
}

export function usageFault(commands: readonly Command[], message: string, argv: readonly string[]): UsageFault {
  const command = typedCommand(commands, argv)
  const place = command === undefined ? 'eosflow' : commandName(command)
  const help = command === undefined ? 'eosflow help all lists the commands' : `eosflow help ${place}`
  return (
    unknownCommand(commands, message, argv) ??
    unknownOption(commands, command, message, argv) ??
    (command === undefined ? undefined : (excessWord(command, message, argv) ?? missingValue(command, message))) ?? {
      place,
      message: message.split('\n')[0] ?? message,
      hint: help,
    }
  )
}

function typedCommand(commands: readonly Command[], argv: readonly string[]) {
  const fits = ({ usage, aliases = [] }: Command) => {
    const words = commandName({ usage }).split(' ')
    const from = argv.findIndex((word) => word === words[0] || (words.length === 1 && aliases.includes(word)))
    return from >= 0 && words.every((word, index) => index === 0 || argv[from + index] === word)
  }
  return commands.filter(fits).toSorted((a, b) => commandName(b).length - commandName(a).length)[0]
}

function unknownCommand(
  commands: readonly Command[],
  message: string,
  argv: readonly string[],
): UsageFault | undefined {
  const typed = /unknown command '([^']*)'/.exec(message)?.[1]
  if (typed === undefined) return undefined
  const near = foreignCommandHint(commands, message, argv)
  return {
    place: typed,
    message: 'there is no such command',
    hint: near ?? 'eosflow help all lists the commands',
  }
}

const MOST_HAVING = 4

function unknownOption(
  commands: readonly Command[],
  command: Command | undefined,
  message: string,
  argv: readonly string[],
): UsageFault | undefined {
  const typed = /unknown option '([^']*)'/.exec(message)?.[1]
  if (typed === undefined) return undefined
  const name = command === undefined ? '' : commandName(command)
  const known = [...(command?.options ?? []), ...GLOBAL_FLAGS].flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? [])
  const near = typed.startsWith('--') ? didYouMean(typed.replace(/=.*$/, ''), known) : undefined
  const all = name === '' ? 'eosflow help all lists the commands' : `all options: eosflow help ${name}`
  const having = commands.filter(({ options }) => options.some(({ flags }) => flags.split(/[ ,]+/).includes(typed)))
  const isFew = having.length > 0 && having.length <= MOST_HAVING
  const others = isFew
    ? `${having.length === 1 ? 'this has' : 'these have'} it: ${having.map(commandName).join(', ')}; `
    : ''
  return {
    place: typed,
    message: name === '' ? 'there is no such option' : `${name} has no such option`,
    hint:
      foreignFlagHint(commands, message, argv) ??
      (near?.startsWith('did') === true ? `${near} ${all}` : `${others}${all}`),
  }
}

function excessWord(command: Command, message: string, argv: readonly string[]): UsageFault | undefined {
  if (!message.includes('too many arguments')) return undefined
  const name = commandName(command)
  const most = command.usage.match(/[<[]/g)?.length ?? 0
  const found = wordsTooMany(command, argv, most)
  if (found === undefined) return undefined
  const { before, words } = found
  const rest = words.join(' ')
  if (before === undefined) {
    const takes = command.usage.slice(name.length + 1)
    return {
      place: name,
      message: `\`${rest}\` is more than it takes (${takes === '' ? 'no argument' : takes})`,
      hint: `for example: ${command.example}`,
    }
  }
  const { flag, value } = before
  return { place: `${flag} ${value}`, ...cutOff(flag, value, words) }
}

function cutOff(flag: string, value: string, words: readonly string[]): Pick<UsageFault, 'message' | 'hint'> {
  const rest = words.join(' ')
  if (isParam(flag)) {
    const given = words[0] === '=' ? words.slice(1).join(' ') : rest.replace(/^=/, '')
    if (/^[^=]+=?$/.test(value))
      return {
        message: `\`${flag} ${value}\` has no value`,
        hint: `Write name and value as one word: ${flag} ${shellWord(`${value.replace(/=$/, '')}=${given}`)}`,
      }
  }
  const isList = !words.some((word) => /^(?:and|or|not)$/.test(word))
  const whole = isList && /^(?:-t|--target)$/.test(flag) ? [value, ...words].join(',') : `${value} ${rest}`
  return {
    message: `it takes one word, and \`${rest}\` follows it`,
    hint: `Write it as one word: ${flag} ${shellWord(whole)}`,
  }
}

function missingValue(command: Command, message: string): UsageFault | undefined {
  const name = commandName(command)
  const flags = /option '([^']+)' argument missing/.exec(message)?.[1]
  if (flags !== undefined) {
    const option = [...command.options, ...GLOBAL_FLAGS].find((one) => one.flags === flags)
    const [, flag = flags, value = ''] = /(--?[\w-]+)(?:, --[\w-]+)? (<.*>)/.exec(flags) ?? []
    return {
      place: flag,
      message: 'a value is missing after it',
      hint: `${flag} ${value}: ${option?.description ?? `eosflow help ${name}`}`,
    }
  }
  const argument = /missing required argument '([^']+)'/.exec(message)?.[1]
  if (argument === undefined) return undefined
  return { place: name, message: `<${argument}> is missing`, hint: `for example: ${command.example}` }
}
