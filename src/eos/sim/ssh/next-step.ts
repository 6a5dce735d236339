import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { type ConfigTree, childLines, foundIn } from '../../config/text/tree.ts'
import { expandAlias } from '../cli/alias.ts'
import type { Cli } from '../cli/cli.ts'
import type { Reply } from '../platform/facts.ts'
import type { TerminalSize } from './pager.ts'

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

export type QuestionOutcome = Command | 'more' | 'nothing'

export interface Question {
  readonly heading: string
  readonly prompt: string
  readonly echo: boolean
  answer(line: string): QuestionOutcome
  end(line: string): QuestionOutcome
}

const PLAIN = { heading: '', prompt: '', echo: true, end: (): QuestionOutcome => 'nothing' }

// What `enable` asks where there is a secret; under TACACS+ no blank follows the colon (docs/eos.md 5.1).
function secretQuestion(isTacacs: boolean): Question {
  const prompt = isTacacs ? 'Password:' : 'Password: '
  return { ...PLAIN, prompt, echo: false, answer: (input) => ({ cmd: 'enable', input }) }
}

// What `reload` asks on a terminal; Enter and `y` confirm [I].
function reloadQuestion(): Question {
  const prompt = 'Proceed with reload? [confirm]'
  return { ...PLAIN, prompt, answer: (line) => (/^(y.*)?$/i.test(line.trim()) ? { cmd: 'reload now' } : 'nothing') }
}

// The texts behind a command, each closed by `EOF`: a banner, a mode comment, a certificate and its key.
function textQuestion(cmd: string, texts: number): Question {
  const rows: string[] = []
  let left = texts
  return {
    ...PLAIN,
    heading: "Enter TEXT message. Type 'EOF' on its own line to end.",
    answer: (line) => {
      if (line.trim() === 'EOF') left -= 1
      if (left === 0) return { cmd, input: rows.join('\n') }
      rows.push(line)
      return 'more'
    },
    end: () => ({ cmd, input: rows.join('\n') }),
  }
}

// The rows of `copy terminal: session-config`, up to Ctrl-D (docs/eos.md 2.1).
function pasteQuestion(cmd: string): Question {
  const rows: string[] = []
  return {
    ...PLAIN,
    answer: (line) => {
      rows.push(line)
      return 'more'
    },
    end: (line) => ({ cmd, input: [...rows, line].join('\n') }),
  }
}

// What the switch asks before it takes a configuration line; only `y` takes it (arista.eos#368).
function lineQuestion(cmd: string, prompt: string): Question {
  return { ...PLAIN, prompt: `${prompt} `, answer: (line) => (/^\s*y/i.test(line) ? { cmd } : 'nothing') }
}

const EXEC_READS = /^(?:sh|dir|en|dis|exit|end|term|ping|diff|logout|quit|bash)/
// Those of config modes, where `shutdown` and `enable` are settings.
const CONFIG_READS = /^(?:do |sho?w? |exi?t?$|end?$|dir\b|diff )/

export type Channel = 'shell' | 'exec'

/** `lost` where the connection died of it. */
export async function runLine(cli: Cli, command: Command, channel: Channel, clock: Clock): Promise<Reply | 'lost'> {
  const { device } = cli
  device.settle()
  const commands = [command.cmd.trim()]
  const reads = cli.mode === undefined ? EXEC_READS : CONFIG_READS
  const kind = reads.test(commands[0] ?? '') ? 'read' : 'write'
  const at = device.now
  device.counters.requests += 1
  const disturbance = device.faults.disturb({ commands, writes: kind === 'write' })
  if (disturbance.delayBefore > 0) await clock.sleep(disturbance.delayBefore)
  const alive = device.sshReachable && disturbance.dies !== 'before'
  const reply = alive ? run(cli, command, commands) : 'lost'
  if (disturbance.delayAfter > 0) await clock.sleep(disturbance.delayAfter)
  const outcome = disturbance.dies === undefined && device.sshReachable ? reply : 'lost'
  const answer = outcome === 'lost' ? 'lost' : outcome.ok ? 0 : outcome.code
  device.record({ at, method: 'SSH', path: channel, commands, kind, answer })
  return outcome
}

function run(cli: Cli, command: Command, commands: readonly string[]) {
  const { device } = cli
  const { commits, bootedAt } = device
  const reply = cli.run(command, { autoComplete: true, format: 'text' })
  return device.diesOf(commands, commits) || device.bootedAt !== bootedAt ? 'lost' : reply
}
