import type { Command } from '../../../model/command.ts'
import { type ConfigTree, childLines, foundIn } from '../../config/text/tree.ts'
import { expandAlias } from '../cli/alias.ts'
import type { Cli } from '../cli/cli.ts'
import type { TerminalSize } from './pager.ts'
import { lineQuestion, pasteQuestion, type Question, reloadQuestion, secretQuestion, textQuestion } from './question.ts'

// The widest terminal and the longest screen that EOS takes.
const MOST = 32_767
// The narrowest terminal that EOS takes [I].
const NARROWEST = 10

function terminalStep(cli: Cli, line: string): NextStep | undefined {
  const words = line.toLowerCase().split(/\s+/)
  const [first = '', second = '', third = '', ...more] = words
  if (words.length === 1) return wordStep(cli, first, line)
  if (!isBeginning(first, 'terminal', 2) || more.length > 0 || !/^\d{1,5}$/.test(third)) return undefined
  const value = Number(third)
  if (isBeginning(second, 'length', 1) && value <= MOST) {
    return { kind: 'prompt', says: lengthWords(value), size: { length: value } }
  }
  if (isBeginning(second, 'width', 1) && value >= NARROWEST && value <= MOST) {
    return { kind: 'prompt', says: `Width set to ${value} columns.\n`, size: { width: value } }
  }
  return undefined
}

function wordStep(cli: Cli, word: string, line: string): NextStep | undefined {
  if (isBeginning(word, 'exit', 2) || isBeginning(word, 'quit', 1) || isBeginning(word, 'logout', 4)) {
    return { kind: 'logout' }
  }
  if (word === 'end') return { kind: 'prompt', says: '% Invalid input\n' }
  if (isBeginning(word, 'enable', 2)) {
    return cli.privileged || cli.user.enable === undefined
      ? { kind: 'run', command: { cmd: 'enable' } }
      : { kind: 'ask', question: secretQuestion(asksTacacs(cli.device.running)) }
  }
  if (!isBeginning(word, 'reload', 3)) return undefined
  return cli.privileged ? { kind: 'ask', question: reloadQuestion() } : { kind: 'run', command: { cmd: line } }
}

function isBeginning(word: string, whole: string, least: number) {
  return word.length >= least && whole.startsWith(word)
}

export type NextStep =
  | { readonly kind: 'prompt'; readonly says: string; readonly size?: Partial<TerminalSize> }
  | { readonly kind: 'run'; readonly command: Command }
  /** An alias: these lines are done in its place. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'ask'; readonly question: Question }
  | { readonly kind: 'logout' }

const PASTE = /^copy\s+terminal:\/*\s+session-config$/

/** Lines of an alias are `plain`: an alias names no other. */
export function nextStep(cli: Cli, text: string, plain = false): NextStep {
  const line = text.trim()
  if (line === '' || /^!(?!!)/.test(line)) return { kind: 'prompt', says: '' }
  const lines = plain ? undefined : expandAlias(cli.device.running, line)
  if (lines !== undefined) return { kind: 'lines', lines }
  const terminal = cli.mode === undefined ? terminalStep(cli, line) : undefined
  if (terminal !== undefined) return terminal
  if (cli.session !== undefined && PASTE.test(line)) return { kind: 'ask', question: pasteQuestion(line) }
  const texts = cli.textsOf(line)
  const asked = cli.asks(line)
  if (asked !== undefined) return { kind: 'ask', question: lineQuestion(text, asked) }
  if (texts > 0) return { kind: 'ask', question: textQuestion(line, texts) }
  return { kind: 'run', command: { cmd: text } }
}

function asksTacacs(config: ConfigTree) {
  const lines = childLines(config)
  const group = foundIn(lines, /^aaa authentication enable default group (\S+)/)[0]
  return group !== undefined && (group === 'tacacs+' || lines.includes(`aaa group server tacacs+ ${group}`))
}

function lengthWords(length: number) {
  return length === 0 ? 'Pagination disabled.\n' : `Pagination set to ${length} lines.\n`
}
