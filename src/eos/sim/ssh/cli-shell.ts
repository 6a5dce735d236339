import { StringDecoder } from 'node:string_decoder'
import type { Command } from '../../../model/command.ts'
import { type ConfigTree, childAt, foundIn } from '../../config/text/tree.ts'
import { Cli } from '../cli/cli.ts'
import type { CliUser } from '../cli/command/session-verbs.ts'
import { bannerOf } from '../cli/exec/show-terminal.ts'
import { promptOf } from '../cli/prompt.ts'
import { type CliRefusal, dateText, type Reply, refused } from '../platform/facts.ts'
import type { Switch } from '../switch/switch.ts'
import type { TerminalLine } from '../switch/terminals.ts'
import { type NextStep, nextStep, type Question, runLine } from './next-step.ts'
import { Pager, type TerminalSize } from './pager.ts'
import type { TerminalService } from './service.ts'

const AT_TOKEN = / \(at token \d+: '[\s\S]*'\)$/

/** What a terminal prints for a reply: the text of the command, or its errors, each behind `% `. A terminal does not say at which token a line is invalid, and calls every unfinished one `Incomplete command` (docs/eos.md 1.4). */
export function printedReply(reply: Reply, asJson = false): string {
  if (reply.ok) {
    const text = reply.terminal ?? reply.text
    return text === undefined ? printedReply(refused('The simulator prints this command in JSON only')) : text()
  }
  if (asJson && reply.code !== 1002) return `${JSON.stringify({ errors: reply.errors }, null, 4)}\n`
  if (isWrongSecret(reply)) return '% Bad secret\n'
  return reply.errors.map((error) => `% ${terminalWords(error, reply.code)}\n`).join('')
}

// EAPI says of a wrong enable secret an empty line and one about a uid (docs/eos.md 1.4).
function isWrongSecret({ code, errors }: CliRefusal) {
  return code === 1005 && errors[0] === ''
}

function terminalWords(error: string, code: CliRefusal['code']) {
  if (code !== 1002) return error
  return error.replace(AT_TOKEN, '').replace(/^Incomplete token$/, 'Incomplete command')
}

type LineEvent =
  | { readonly kind: 'line'; readonly text: string }
  // Ctrl-C.
  | { readonly kind: 'interrupt' }
  // Ctrl-D: on an empty line only, unless text is read.
  | { readonly kind: 'end'; readonly text: string }
  // Ctrl-Z.
  | { readonly kind: 'leave' }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'complete'; readonly text: string }

interface Keystroke {
  readonly echo: string
  readonly event?: LineEvent
}

interface LineMode {
  readonly echo: boolean
  // Whether `?`, Tab and the arrow keys mean something; in a text they are characters or nothing.
  readonly editing: boolean
}

interface LineGeometry {
  readonly width: number
  readonly prompt: number
}

const HISTORY = 20
const ESCAPE = '\u001b'
const ERASE = '\b \b'
// More than any command EOS takes; what is typed beyond it is dropped without echo.
const LONGEST = 8192
const LONGEST_ESCAPE = 16

// The line a person types, key by key: what is echoed and when a line is done. Keys: Backspace and Delete, Ctrl-U, Ctrl-W, Ctrl-C, Ctrl-D, Ctrl-Z, `?`, Tab, up and down.
class LineEditor {
  #text = ''
  #escape: string | undefined
  readonly #history: string[] = []
  #back = 0
  #geometry: LineGeometry = { width: 80, prompt: 0 }

  begin(geometry: LineGeometry): void {
    this.#text = ''
    this.#back = 0
    this.#geometry = geometry
  }

  remember(line: string): void {
    if (line.trim() === '' || this.#history.at(-1) === line) return
    this.#history.push(line)
    if (this.#history.length > HISTORY) this.#history.shift()
  }

  insert(characters: string): string {
    return [...characters].map((character) => this.#character(character)).join('')
  }

  key(character: string, mode: LineMode): Keystroke {
    if (character === ESCAPE) {
      this.#escape = ''
      return { echo: '' }
    }
    if (this.#escape !== undefined) return { echo: this.#escaped(this.#escape + character, mode) }
    const control = this.#control(character, mode)
    if (control !== undefined) return control
    if (mode.editing && character === '?') return { echo: '', event: { kind: 'help', text: this.#text } }
    const echo = this.#character(character)
    return { echo: mode.echo ? echo : '' }
  }

  #control(character: string, mode: LineMode): Keystroke | undefined {
    if (character === '\r' || character === '\n') return this.#enter(mode)
    if (character === '\u007f' || character === '\b') return { echo: this.#erase(1, mode) }
    if (character === '\u0015') return { echo: this.#erase(this.#text.length, mode) }
    if (character === '\u0017') return { echo: this.#erase(/\S*\s*$/.exec(this.#text)?.[0].length ?? 0, mode) }
    if (character === '\u0003') return { echo: '^C\r\n', event: { kind: 'interrupt' } }
    if (character === '\u0004') return this.#end(mode)
    if (character === '\u001a' && mode.editing) return { echo: '^Z\r\n', event: { kind: 'leave' } }
    if (character === '\t' && mode.editing) return { echo: '', event: { kind: 'complete', text: this.#text } }
    return character < ' ' && character !== '\t' ? { echo: '' } : undefined
  }

  #enter(mode: LineMode): Keystroke {
    const text = this.#text
    if (mode.editing) this.remember(text)
    return { echo: '\r\n', event: { kind: 'line', text } }
  }

  #end(mode: LineMode): Keystroke {
    if (mode.editing && this.#text !== '') return { echo: '' }
    return { echo: '\r\n', event: { kind: 'end', text: this.#text } }
  }

  #character(character: string) {
    if (this.#text.length >= LONGEST) return ''
    this.#text += character
    return this.#atMargin() ? `${character} \r` : character
  }

  // At the right margin the line editor of EOS goes on in the next row by a blank and a CR, as GNU readline does [I].
  #atMargin() {
    const { width, prompt } = this.#geometry
    return width > 0 && (prompt + this.#text.length) % width === 0
  }

  #erase(count: number, mode: LineMode) {
    const erased = Math.min(count, this.#text.length)
    this.#text = this.#text.slice(0, this.#text.length - erased)
    return mode.echo ? ERASE.repeat(erased) : ''
  }

  #escaped(sequence: string, mode: LineMode) {
    const isWhole = /^(?:\[[0-9;?]*[@-~]|O.|[^[O])$/.test(sequence) || sequence.length > LONGEST_ESCAPE
    this.#escape = isWhole ? undefined : sequence
    const arrow = /^[[O]([AB])$/.exec(sequence)?.[1]
    if (arrow === undefined || !mode.editing) return ''
    this.#back = Math.min(Math.max(0, this.#back + (arrow === 'A' ? 1 : -1)), this.#history.length)
    const recalled = this.#back === 0 ? '' : (this.#history.at(-this.#back) ?? '')
    return this.#erase(this.#text.length, mode) + this.insert(recalled)
  }
}

export interface ShellPort {
  write(text: string): void
  /** `exit`: the user logged out, or was idle too long. `lost`: the connection died without another word. */
  close(how: 'exit' | 'lost'): void
}

export interface ShellLogin {
  readonly user: CliUser
  readonly address: string
  /** The size of the terminal; without one (`ssh -T`) nothing is echoed, prompted or paged. */
  readonly size?: TerminalSize
}

const NO_SCREEN: TerminalSize = { width: 0, length: 0 }
// Without a reason each key would cost an error with its stack.
const TYPED = 'something was typed'

/**
 * The dialogue of one login on a terminal line, bytes to bytes: echo as keys arrive, prompts, questions, paging. It knows
 * no socket, and waits only on the clock it is given (for a slow switch, or a user who is idle), so it runs the same
 * over SSH and in memory.
 */
export class CliShell {
  readonly #cli: Cli
  readonly #port: ShellPort
  readonly #service: TerminalService
  readonly #terminal: TerminalLine
  readonly #greeting: string
  readonly #editor = new LineEditor()
  readonly #pager = new Pager()
  readonly #decoder = new StringDecoder('utf8')
  readonly #interactive: boolean
  #size: TerminalSize
  #question: Question | undefined
  readonly #waiting: string[] = []
  #input = ''
  #output = ''
  #running = false
  #ended = false
  #closed = false
  #idle = new AbortController()

  constructor(service: TerminalService, { user, address, size }: ShellLogin, port: ShellPort) {
    const { device } = service
    this.#service = service
    this.#port = port
    this.#greeting = greetingOf(device, user.user)
    this.#terminal = device.terminals.open(user.user, address, device.now)
    const here = { ...user, from: `${this.#terminal.line} (${address})`, terminal: this.#terminal }
    this.#cli = new Cli(device, here, service.commands)
    this.#interactive = size !== undefined
    this.#size = size ?? NO_SCREEN
  }

  start(): void {
    this.#print(this.#greeting)
    this.#prompt()
    this.#pump()
  }

  receive(bytes: Uint8Array): void {
    this.#service.device.counters.bytesIn += bytes.length
    this.#input += this.#decoder.write(Buffer.from(bytes))
    this.#pump()
  }

  end(): void {
    this.#ended = true
    this.#pump()
  }

  resize(size: TerminalSize): void {
    if (this.#interactive) this.#size = size
  }

  close(how: 'exit' | 'lost' = 'exit'): void {
    if (this.#closed) return
    this.#closed = true
    this.#idle.abort()
    this.#flush()
    this.#cli.close()
    this.#service.device.terminals.close(this.#terminal)
    this.#port.close(how)
  }

  #pump() {
    while (!this.#running && !this.#closed && (this.#input !== '' || this.#lineWaits)) {
      if (this.#lineWaits) {
        this.#take(nextStep(this.#cli, this.#waiting.shift() ?? '', true))
        continue
      }
      const character = String.fromCodePoint(this.#input.codePointAt(0) ?? 0)
      this.#input = this.#input.slice(character.length)
      if (this.#pager.waits) this.#page(character)
      else this.#key(character)
    }
    if (this.#ended && !this.#running && this.#input === '') this.close()
    this.#flush()
    this.#restartIdle()
  }

  get #lineWaits(): boolean {
    return this.#waiting.length > 0 && this.#question === undefined && !this.#pager.waits
  }

  #page(character: string) {
    this.#output += this.#pager.key(character, this.#size)
    if (!this.#pager.waits) this.#prompt()
  }

  #key(character: string) {
    const question = this.#question
    const mode = { echo: question?.echo ?? true, editing: question === undefined && this.#interactive }
    const { echo, event } = this.#editor.key(character, mode)
    if (this.#interactive) this.#output += echo
    if (event === undefined) return
    if (event.kind === 'interrupt') {
      this.#waiting.length = 0
      this.#again()
    } else if (question === undefined) this.#act(event)
    else if (event.kind === 'line') this.#answered(question, question.answer(event.text))
    else if (event.kind === 'end') this.#answered(question, question.end(event.text))
  }

  #answered(question: Question, answer: Command | 'more' | 'nothing') {
    if (answer === 'more') this.#beginLine(question.prompt)
    else if (answer === 'nothing') this.#again()
    else this.#run(answer)
  }

  #act(event: LineEvent) {
    if (event.kind === 'line') this.#take(nextStep(this.#cli, event.text))
    else if (event.kind === 'end') this.#leave('exit')
    else if (event.kind === 'leave') this.#leave('end')
    else if (event.kind === 'help') this.#help(event.text)
    else if (event.kind === 'complete') this.#complete(event.text)
  }

  #take(step: NextStep) {
    switch (step.kind) {
      case 'logout':
        this.close()
        break
      case 'run':
        this.#run(step.command)
        break
      case 'lines':
        this.#waiting.push(...step.lines)
        this.#again()
        break
      case 'ask':
        this.#ask(step.question)
        break
      case 'prompt':
        this.#size = { ...this.#size, ...step.size }
        this.#print(step.says)
        this.#again()
    }
  }

  #leave(how: 'exit' | 'end') {
    if (this.#cli.mode !== undefined) this.#run({ cmd: how })
    else if (how === 'exit') this.close()
    else this.#again()
  }

  #help(text: string) {
    const words = this.#cli.nextWords(text)
    this.#print(
      ['?', ...(words.length > 0 ? words : ['% Unrecognized command']).map((word) => `  ${word}`), ''].join('\n'),
    )
    this.#prompt()
    this.#output += this.#editor.insert(text)
  }

  #complete(text: string) {
    const typed = /\S*$/.exec(text)?.[0] ?? ''
    const words = this.#cli.nextWords(text).filter((word) => typed !== '' && word.startsWith(typed))
    const [only] = words
    if (only !== undefined && words.length === 1) this.#output += this.#editor.insert(`${only.slice(typed.length)} `)
  }

  #ask(question: Question) {
    this.#question = question
    if (question.heading !== '') this.#print(`${question.heading}\n`)
    this.#beginLine(question.prompt)
  }

  #run(command: Command) {
    this.#question = undefined
    this.#running = true
    this.#flush()
    runLine(this.#cli, command, 'shell', this.#service.clock).then(
      (outcome) => this.#done(command, outcome),
      () => this.close('lost'),
    )
  }

  #done({ cmd }: Command, outcome: Reply | 'lost') {
    this.#running = false
    if (outcome === 'lost') this.close('lost')
    if (outcome === 'lost' || this.#closed) return
    if (this.#input === '') this.#cli.flush()
    this.#show(printedReply(outcome, /\|\s*json\b/.test(cmd)), /\|\s*no-more\b/.test(cmd))
    this.#pump()
  }

  #show(text: string, whole: boolean) {
    if (text !== '' && this.#interactive) this.#output += this.#pager.show(text, whole ? NO_SCREEN : this.#size)
    else this.#print(text)
    if (!this.#pager.waits) this.#prompt()
  }

  #again() {
    this.#question = undefined
    this.#prompt()
  }

  #prompt() {
    if (this.#waiting.length === 0) this.#beginLine(promptOf(this.#cli))
  }

  #beginLine(prompt: string) {
    if (this.#interactive) this.#output += prompt
    this.#editor.begin({ width: this.#interactive ? this.#size.width : 0, prompt: prompt.length })
  }

  #print(text: string) {
    this.#output += this.#interactive ? text.replaceAll('\n', '\r\n') : text
  }

  #flush() {
    if (this.#output === '') return
    const output = this.#output
    this.#output = ''
    this.#service.device.counters.bytesOut += Buffer.byteLength(output)
    this.#port.write(output)
  }

  #restartIdle() {
    this.#idle.abort(TYPED)
    const wait = idleMilliseconds(this.#service.device.running)
    if (wait === 0 || this.#closed) return
    this.#idle = new AbortController()
    this.#service.clock.sleep(wait, this.#idle.signal).then(
      () => this.close(),
      () => undefined,
    )
  }
}

// Milliseconds without input after which a terminal is closed: `idle-timeout MINUTES` of `management ssh`; 0 for never.
function idleMilliseconds(tree: ConfigTree) {
  const [minutes = 0] = foundIn(childAt(tree, 'management ssh')?.children ?? [], /^idle-timeout (\d+)$/)
  return Number(minutes) * 60_000
}

// What a shell begins with: `Last login: Sat May 29 13:12:00 2021 from 10.0.0.2` (recorded on a 4.22.1F), then
// `banner motd`. A user who was never here before is told of the boot.
function greetingOf(device: Switch, user: string) {
  const { address, since } = device.terminals.lastLogin(user) ?? { address: '127.0.0.1', since: device.bootedAt }
  return `Last login: ${dateText(since)} from ${address}\n${bannerOf(device.running, 'motd') ?? ''}`
}
