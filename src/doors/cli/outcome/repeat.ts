import { redact } from '../../../eos/config/secrets/secrets.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedItems } from '../../../model/json.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { hanging } from '../../../report/text/text.ts'
import { commandName } from '../option/command.ts'
import { asTyped, type Invocation } from '../terminal/io.ts'
import { exitCodeOfPart, gravest } from './exit-code.ts'

interface FailedPart {
  readonly failed: readonly string[]
  readonly of?: number
  // What the command has found, switch by switch: what a person can do about the failures among it is said once.
  readonly results?: readonly object[]
  // Default: with `--json`.
  readonly isDocument?: boolean
}

// What a line that repeats a command has otherwise than it was typed: its arguments, and options by their keys, undefined for left out.
interface Otherwise {
  readonly args?: readonly string[]
  readonly options?: Readonly<Record<string, unknown>>
}

export function sayRepeat(
  invocation: Invocation,
  { failed, results = [], of = results.length, isDocument = invocation.global.json }: FailedPart,
  otherwise: Otherwise = {},
): void {
  if (failed.length === 0) return
  const say = (line: string) => (isDocument ? invocation.io.err(line) : invocation.io.out(line))
  for (const mend of mendsOf(results)) say(`  ${hanging(asTyped(mend, invocation.io))}\n`)
  // Where all have failed they are those that were typed, by whatever they were named: two hundred names say no more.
  const part = failed.length === of ? {} : { target: failed.join(',') }
  say(`Next: ${repeated(invocation, { ...otherwise, options: { ...otherwise.options, ...part } })}\n`)
}

/** Says how the command is repeated for the switches with an exit code of their own, and gives the gravest of these. */
export function endOfEach<T extends object>(
  invocation: Invocation,
  results: readonly T[],
  { nameOf, codeOf = exitCodeOfPart, isDocument = invocation.global.json }: EndOfOne<T>,
): number {
  const failed = results.filter((one) => codeOf(one) !== 0).map(nameOf)
  sayRepeat(invocation, { failed, results, isDocument })
  return gravest(results.map(codeOf))
}

interface EndOfOne<T> {
  nameOf(one: T): string
  codeOf?(one: T): number
  readonly isDocument?: boolean
}

const MOST_MENDS = 3

function mendsOf(results: readonly object[]) {
  const hints = results.flatMap((one) => {
    const failure = 'failure' in one ? one.failure : undefined
    return failure instanceof EosflowError && failure.hint !== undefined ? [failure.hint] : []
  })
  return [...new Set(hints)].slice(0, MOST_MENDS)
}

/** A word of a command line as a shell takes it, without the secret of a line of configuration in it. */
export function repeatedWord(word: string): string {
  return shellWord(redact(word))
}

/** The command line that was typed, with what is otherwise in it, as a shell takes it, without secrets. */
export function repeated({ command, args, options, global }: Invocation, otherwise: Otherwise): string {
  const given = { ...options, target: options.typedTarget ?? options.target, ...otherwise.options }
  const own = (command.options ?? []).flatMap(({ flags: text }) => flagWords(text, given))
  const flags = [...own, ...globalWords(global)]
  const words = otherwise.args ?? args
  // What begins with a dash is an argument behind `--` alone.
  const isBehind = words.some((word) => word.startsWith('-') && word !== '-')
  const all = isBehind ? [...flags, '--', ...words] : [...words, ...flags]
  return ['eosflow', commandName(command), ...all.map(repeatedWord)].join(' ')
}

function flagWords(declaration: string, given: Readonly<Record<string, unknown>>) {
  const name = /--([a-z-]+)/.exec(declaration)?.[1] ?? ''
  const flag = /^-[a-zA-Z]\b/.exec(declaration)?.[0] ?? `--${name}`
  const isNegated = name.startsWith('no-')
  const value = given[name.replace(/^no-/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())]
  if (isNegated) return value === false ? [flag] : []
  if (value === true) return [flag]
  return [value].flat().flatMap((one) => (typeof one === 'string' ? [flag, one] : []))
}

function globalWords({ project, store, json, askPassword, insecureTls, verbose }: Invocation['global']) {
  return definedItems(
    ...(project === undefined ? [] : ['-C', project]),
    ...(store === undefined ? [] : ['--store', store]),
    json && '--json',
    askPassword && '--ask-password',
    insecureTls && '--insecure-tls',
    verbose !== 0 && `-${'v'.repeat(verbose)}`,
  )
}
