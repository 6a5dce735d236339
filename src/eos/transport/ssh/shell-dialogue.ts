import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { type AskFence, type Fence, freshFence, isAskedAgain } from '../../../model/fence.ts'
import type { Secret } from '../../../model/secret.ts'
import { redact } from '../../config/secrets/secrets.ts'
import type { StageResult } from '../../device/device.ts'
import { refusal, saidAt, scrubbedCommand, scrubbedText } from '../session/session-words.ts'
import { mayAsk, QuestionError, questionIn, waitsForPerson } from './question.ts'
import { complaintsIn, isInSession, isSamePrompt, isSameSwitch, looksLikePrompt, typedLine } from './spoken.ts'
import { lostAnswer, type ShellChannel, ShellTerminal } from './terminal.ts'

interface TypedEcho {
  readonly from: number
  readonly to: number
  // What stands before it on its line: the prompt, unless the terminal echoed it before the switch read it.
  readonly before: string
}

function typedAt(lines: readonly string[], at: number, text: string): TypedEcho | undefined {
  const line = lines[at]
  if (line === undefined) return undefined
  if (line.endsWith(text)) return { from: at, to: at, before: line.slice(0, -text.length) }
  const above = lines[at - 1]
  if (above === undefined || line === '' || !text.endsWith(line.trimStart())) return undefined
  const both = above + line.trimStart()
  return both.endsWith(text) ? { from: at - 1, to: at, before: both.slice(0, -text.length) } : undefined
}

function lastTyped(lines: readonly string[], text: string): TypedEcho | undefined {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const found = typedAt(lines, at, text)
    if (found !== undefined) return found
  }
  return undefined
}

function withoutMarkers(lines: readonly string[], marker: RegExp, prompt: string) {
  const kept: string[] = []
  let open = ''
  for (const line of lines.slice(0, endOf(lines, marker, prompt))) {
    const found = marker.exec(line)
    if (found === null) {
      kept.push(open + line)
      open = ''
    } else {
      open += line.slice(0, found.index)
    }
  }
  return open === '' ? kept : [...kept, open]
}

function endOf(lines: readonly string[], marker: RegExp, prompt: string) {
  let end = lines.length
  for (let at = end - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? ''
    const before = marker.test(line) ? line.replace(marker, '') : undefined
    if (before !== undefined && isSamePrompt(before, prompt)) end = at
    else if (before !== '' && !line.startsWith('%')) break
  }
  return end
}

// Blanks do not count, nor what was drawn behind it, so that an echo that was wrapped or drawn again at the right margin is known as well.
// Throws `protocol` when the switch echoed something else: then it may have read something else.
function afterEcho(lines: readonly string[], typed: string) {
  const wanted = squeezed(typed)
  let heard = ''
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('%') || heard.length > wanted.length + LONGEST_NOISE) break
    heard += squeezed(line)
    if (heard.includes(wanted)) return lines.slice(at + 1)
  }
  throw notEchoed()
}

// Type-ahead that was echoed too early may stand before the echo (docs/eos.md 5.4).
const LONGEST_NOISE = 4096

const squeezed = (text: string) => text.replace(/\s+/g, '')

function notEchoed() {
  return new EosflowError('protocol', 'the switch did not echo what was typed: it may have read something else', {
    hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
  })
}

export interface DialogueOptions {
  readonly clock: Clock
  readonly nonce: string
  /** After how long without a byte an answer counts as lost. */
  readonly silenceMilliseconds: number
}

export interface ShellReply {
  readonly lines: readonly string[]
  readonly prompt: string
}

interface Proof {
  readonly lines: readonly string[]
  readonly marker: TypedEcho
  readonly prompt: string
}

// How long a text that looks like a prompt must stand at the end before it is asked whether it is one.
const SETTLE = 50
// How long one marker is waited for before another one is typed: a terminal may swallow what was typed ahead.
const ANOTHER_MARKER = 1000
const MOST_MARKERS = 6
const UNKNOWN_LOGIN = 2000
const QUESTION_STANDS = 500
// How much is typed ahead at most: a terminal holds 4096 characters that nobody has read.
const TYPE_AHEAD = 1024

const PASSWORD = /password:\s*$/i
const WANTS_TEXT = /^Enter TEXT message|type 'EOF'/i

/** Prompts are learned, not guessed: behind each command stands a marker, a line of comment that EOS ignores in every mode. What the command printed is complete when the marker was echoed behind a prompt and the very same prompt follows: `leaf1#!eosflow-7f3a-12`, `leaf1#`. */
export class ShellDialogue {
  readonly #terminal: ShellTerminal
  readonly #options: DialogueOptions
  readonly #anyMarker: RegExp
  #prompt = ''
  #made = 0
  #marker = ''
  #asked = 0
  #ask: AskFence | undefined
  #fence: Fence | undefined

  constructor(channel: ShellChannel, options: DialogueOptions) {
    this.#terminal = new ShellTerminal(channel, options.clock)
    this.#options = options
    this.#anyMarker = new RegExp(`!eosflow-${options.nonce}-\\d+$`)
  }

  get prompt(): string {
    return this.#prompt
  }

  get isClosed(): boolean {
    return this.#terminal.closed !== undefined
  }

  under(fence: AskFence | undefined): void {
    this.#ask = fence
    this.#fence = undefined
  }

  async login(): Promise<void> {
    await this.#done(UNKNOWN_LOGIN)
  }

  async enable(secret: Secret | undefined): Promise<ShellReply | 'unanswered'> {
    await this.#type('enable\n')
    if (await this.#asksPassword()) {
      if (secret === undefined) return 'unanswered'
      await this.#type(`${secret.reveal()}\n`)
      if (await this.#asksPassword()) return 'unanswered'
    }
    return this.#printed(await this.#done())
  }

  async run(line: string): Promise<ShellReply> {
    await this.#type(`${line}\n`)
    return this.#saidTo(line)
  }

  async type(lines: readonly string[], judge: (at: number, said: ShellReply) => void): Promise<void> {
    for (let first = 0; first < lines.length; ) {
      const count = this.#together(lines, first)
      const batch = lines.slice(first, first + count).map((line) => ({ line, marker: this.#nextMarker() }))
      await this.#type(batch.map(({ line, marker }) => `${line}\n${marker}\n`).join(''))
      this.#marker = batch.at(-1)?.marker ?? ''
      this.#asked = 1
      const { lines: shown } = await this.#done()
      let from = 0
      for (const [at, { line, marker }] of batch.entries()) {
        const typed = lastTyped(shown, marker)
        if (typed === undefined) throw notEchoed()
        const { lines: printed } = this.#printed(
          { lines: shown.slice(from), marker: typed, prompt: typed.before },
          from,
        )
        judge(first + at, { lines: afterEcho(printed, line), prompt: typed.before })
        from = typed.to + 1
      }
      first += count
    }
  }

  async feed(line: string, text: string): Promise<ShellReply> {
    await this.#type(`${line}\n`)
    if (!(await this.#readsText())) return this.#saidTo(line)
    await this.#typeText([...text.split('\n'), 'EOF'])
    const { lines, prompt } = this.#printed(await this.#done())
    // The text itself may hold what looks like an error.
    return { lines: lines.slice(lines.findLastIndex((one) => one.trimEnd().endsWith('EOF')) + 1), prompt }
  }

  close(): void {
    this.#terminal.close()
  }

  async #saidTo(line: string): Promise<ShellReply> {
    const { lines, prompt } = this.#printed(await this.#done())
    return { lines: afterEcho(lines, line), prompt }
  }

  #printed({ lines, marker, prompt }: Proof, from = 0): ShellReply {
    return { lines: withoutMarkers(lines.slice(0, marker.from - from), this.#anyMarker, prompt), prompt }
  }

  // Throws `busy`, and types nothing, where the fence is refused or too old.
  async #type(text: string) {
    do await this.#prove()
    while (isAskedAgain(this.#fence))
    this.#terminal.clear()
    this.#marker = ''
    this.#asked = 0
    this.#fence?.requireFresh()
    this.#terminal.write(text)
  }

  async #prove() {
    if (this.#ask !== undefined && this.#fence?.isFresh !== true) this.#fence = await freshFence(this.#ask)
  }

  #nextMarker() {
    this.#made += 1
    return `!eosflow-${this.#options.nonce}-${'0'.repeat(this.#asked)}${this.#made}`
  }

  #typeMarker() {
    this.#marker = this.#nextMarker()
    this.#asked += 1
    this.#terminal.write(`${this.#marker}\n`)
  }

  #together(lines: readonly string[], first: number) {
    let length = 0
    let count = 0
    for (const line of lines.slice(first)) {
      const leaves = /^\s*ex/.test(line)
      length += Buffer.byteLength(line) + this.#options.nonce.length + 20
      if (count > 0 && (leaves || length > TYPE_AHEAD)) break
      count += 1
      if (leaves) break
    }
    return count
  }

  async #done(blindAfter?: number): Promise<Proof> {
    for (;;) {
      const proof = this.#proof()
      if (proof !== undefined) {
        this.#prompt = proof.prompt
        this.#asked = 0
        this.#terminal.settle()
        return proof
      }
      const { milliseconds, act } = this.#patience(blindAfter)
      if (!(await this.#terminal.news(milliseconds))) act()
    }
  }

  #proof(): Proof | undefined {
    const { lines, tail } = this.#terminal
    if (this.#marker === '' || tail.trim() === '') return undefined
    // A switch that knows no such comment says so, and the prompt behind its words is the same.
    let at = lines.length - 1
    while (at > 0 && lines.length - at < 4 && lines[at]?.startsWith('%') === true) at -= 1
    const marker = typedAt(lines, at, this.#marker)
    if (marker === undefined || !isSamePrompt(marker.before, tail)) return undefined
    return { lines, marker, prompt: tail }
  }

  #patience(blindAfter: number | undefined): { readonly milliseconds: number; act(): void } {
    const { tail } = this.#terminal
    const act = () => this.#typeMarker()
    if (looksLikePrompt(tail) && this.#asked < MOST_MARKERS) {
      if (this.#asked > 0) return { milliseconds: ANOTHER_MARKER, act }
      return { milliseconds: isSameSwitch(tail, this.#prompt) ? 0 : SETTLE, act }
    }
    if (this.#terminal.paging) return { milliseconds: QUESTION_STANDS, act: () => this.#terminal.write(' ') }
    if (waitsForPerson(tail)) return { milliseconds: QUESTION_STANDS, act: () => throwQuestion(tail) }
    if (blindAfter !== undefined && this.#asked === 0) return { milliseconds: blindAfter, act }
    const { silenceMilliseconds } = this.#options
    return { milliseconds: silenceMilliseconds, act: () => throwSilence(silenceMilliseconds) }
  }

  async #asksPassword() {
    for (;;) {
      const { tail } = this.#terminal
      if (PASSWORD.test(tail)) return true
      if (isSameSwitch(tail, this.#prompt)) return false
      const settles = looksLikePrompt(tail)
      if (await this.#terminal.news(settles ? SETTLE : this.#options.silenceMilliseconds)) continue
      if (settles) return false
      throwSilence(this.#options.silenceMilliseconds)
    }
  }

  async #readsText() {
    for (;;) {
      const { lines, tail } = this.#terminal
      if (lines.some((line) => WANTS_TEXT.test(line))) return true
      const prompted = lines.length > 0 && looksLikePrompt(tail)
      if (prompted && isSameSwitch(tail, this.#prompt)) return false
      const { milliseconds, act } = this.#patience(undefined)
      if (await this.#terminal.news(prompted ? SETTLE : milliseconds)) continue
      if (prompted) return false
      act()
    }
  }

  async #typeText(lines: readonly string[]) {
    for (let first = 0; first < lines.length; ) {
      let last = first
      for (let length = 0; last < lines.length && (last === first || length < TYPE_AHEAD); last += 1) {
        length += Buffer.byteLength(lines[last] ?? '') + 1
      }
      do await this.#prove()
      while (isAskedAgain(this.#fence))
      const echoed = this.#terminal.lines.length + (last - first)
      this.#fence?.requireFresh()
      this.#terminal.write(`${lines.slice(first, last).join('\n')}\n`)
      const waits = () => last < lines.length && this.#terminal.lines.length < echoed
      while (waits() && (await this.#terminal.news(ANOTHER_MARKER)));
      first = last
    }
  }
}

function throwSilence(milliseconds: number): never {
  throw lostAnswer(`nothing was heard for ${milliseconds / 1000} s`)
}

function throwQuestion(tail: string): never {
  throw new QuestionError(tail.trim())
}

/** Throws `refused` with the first line that the switch did not take, that it asks a question about, or behind which the shell is outside the session. */
export async function loadLines(
  shell: ShellDialogue,
  commands: readonly Command[],
  device: string,
  secrets: readonly string[],
): Promise<Pick<StageResult, 'said'>> {
  const printed: (readonly string[])[] = []
  const commandAt = (at: number) => commands[at] ?? { cmd: '' }
  const asked = (at: number, question: string): never => {
    shell.close()
    throw asks(device, commandAt(at), at + 1, { question, secrets })
  }
  const judge = (at: number, { lines, prompt }: ShellReply) => {
    const command = commandAt(at)
    const question = questionIn([...lines, prompt])
    if (question !== undefined) asked(at, question)
    const [first, ...rest] = complaintsIn(lines)
    if (first !== undefined) throw refusal({ device, command, errors: [first, ...rest], secrets, line: at + 1 })
    if (prompt !== '' && !isInSession(prompt)) throw outside(device, command, at + 1)
    printed[at] = lines
  }
  for (let first = 0; first < commands.length; ) {
    const { input } = commandAt(first)
    const line = typedLine(commandAt(first))
    if (input === undefined && !mayAsk(line)) {
      const lines = typedTogether(commands, first).map(typedLine)
      const from = first
      await shell.type(lines, (at, said) => judge(from + at, said))
      first += lines.length
    } else {
      const said = input === undefined ? shell.run(line) : shell.feed(line, input)
      judge(first, await said.catch((thrown: unknown) => askedAt(thrown, first, asked)))
      first += 1
    }
  }
  return saidAt(commands, printed, secrets)
}

function askedAt(thrown: unknown, at: number, asked: (at: number, question: string) => never) {
  if (thrown instanceof QuestionError) return asked(at, thrown.question)
  throw thrown
}

function typedTogether(commands: readonly Command[], first: number) {
  const next = commands.findIndex(({ cmd, input }, at) => at > first && (input !== undefined || mayAsk(cmd)))
  return commands.slice(first, next < 0 ? commands.length : next)
}

function asks(
  device: string,
  command: Command,
  line: number,
  { question, secrets }: { readonly question: string; readonly secrets: readonly string[] },
) {
  const shown = scrubbedCommand(command)
  const words = redact(scrubbedText(question, command, secrets))
  const message = `${device} asks a question at line ${line} of the change, '${shown}': ${words}`
  return new EosflowError('refused', message, {
    device,
    command: shown,
    hint: 'eosflow answers no question. Make this change by hand, or over eAPI (transport: eapi), where the plan shows what the switch says.',
  })
}

function outside(device: string, command: Command, line: number) {
  const shown = scrubbedCommand(command)
  return new EosflowError('refused', `line ${line} of the change, '${shown}', left the config session of ${device}`, {
    device,
    command: shown,
    hint: 'The session holds the lines before it and was not committed. Take the line out of the change.',
  })
}
