import type { Clock } from '../../../src/model/clock.ts'
import type { ShellChannel, ShellListener } from '../../../src/transport/ssh/shell-channel.ts'
import type { VirtualClock } from '../../../src/trial/virtual-clock.ts'

/** What a scripted switch does with one line. */
export interface Answer {
  /** What it prints, with LF; several pieces are sent one after the other, with the delay of the script between. */
  readonly prints?: string | readonly string[]
  /** Its prompt from now on. */
  readonly prompt?: string
  /** What the next line is: a text up to `EOF`, or a secret behind `Password: `. */
  readonly reads?: 'text' | 'secret'
  readonly does?: 'close' | 'hang'
}

/** A terminal that knows nothing about EOS but what its script says. */
export interface Script {
  readonly clock: Clock
  readonly motd?: string | readonly string[]
  readonly prompt?: string | (() => string)
  readonly answer: (line: string) => Answer
  /** Milliseconds before each packet. */
  readonly delay?: number
  /** Splits what is sent into its packets. Default: as printed. */
  readonly cut?: (text: string) => readonly string[]
  /** Echoes what arrives while a command runs at once, and once more when it is read, as the kernel's terminal does. */
  readonly echoesEarly?: boolean
  /** Echoes nothing at all. */
  readonly mute?: boolean
  /** Complains of lines that begin with `!`. */
  readonly refusesComments?: boolean
  /** What is echoed for a character. Default: the character. */
  readonly echo?: (character: string) => string
  /** The right margin, where echo is wrapped, and how. Default: as GNU readline does. */
  readonly width?: number
  readonly wrap?: string
}

/** What a terminal of Linux holds of what nobody has read; the rest is lost. */
const TYPE_AHEAD = 4096

/** A shell that answers by a script, as far as its terminal: echo, type-ahead, CR LF, packets, delays. */
export class ScriptedShell implements ShellChannel {
  /** Everything that was typed. */
  typed = ''
  /** The lines that were read as commands. */
  readonly commands: string[] = []
  /** The lines that were read as text. */
  readonly texts: string[] = []
  readonly #script: Script
  #listener: ShellListener | undefined
  #prompt: string | (() => string)
  #reads: 'command' | 'text' | 'secret' = 'command'
  #busy = true
  #ahead = ''
  #line = ''
  #sent: Promise<void> = Promise.resolve()

  constructor(script: Script) {
    this.#script = script
    this.#prompt = script.prompt ?? 'leaf1#'
  }

  listen(listener: ShellListener): void {
    this.#listener = listener
    this.#print(this.#script.motd ?? '')
  }

  write(text: string): void {
    this.typed += text
    if (this.#busy && this.#script.echoesEarly) this.#listener?.heard(Buffer.from(text.replaceAll('\n', '\r\n')))
    this.#ahead = (this.#ahead + text).slice(0, TYPE_AHEAD)
    this.#read()
  }

  close(): void {
    this.#listener = undefined
  }

  /** Says this unasked. */
  says(bytes: Uint8Array): void {
    this.#listener?.heard(bytes)
  }

  /** Goes on where it hung: prints this, and prompts. */
  resume(prints: string): void {
    this.#print(prints)
  }

  #read(): void {
    while (!this.#busy && this.#ahead !== '') {
      const [character = '', ...rest] = this.#ahead
      this.#ahead = rest.join('')
      if (character === '\n') this.#enter()
      else this.#key(character)
    }
  }

  #key(character: string): void {
    this.#line += character
    if (this.#script.mute || this.#reads === 'secret') return
    const { width = 0, wrap = ' \r', echo = (one) => one } = this.#script
    const atMargin = width > 0 && (this.#prompted().length + this.#line.length) % width === 0
    this.#send(echo(character) + (atMargin ? wrap : ''))
  }

  #enter(): void {
    const line = this.#line
    this.#line = ''
    if (!this.#script.mute) this.#send('\r\n')
    if (this.#reads === 'text' && line !== 'EOF') {
      this.texts.push(line)
      this.#do({ reads: 'text' })
      return
    }
    if (this.#reads === 'command') this.commands.push(line)
    this.#do(this.#reads === 'text' ? {} : this.#answer(line))
  }

  #answer(line: string): Answer {
    if (!line.trim().startsWith('!')) return this.#script.answer(line)
    return this.#script.refusesComments ? { prints: '% Invalid input\n' } : {}
  }

  #do({ prints = '', prompt, reads, does }: Answer): void {
    this.#prompt = prompt ?? this.#prompt
    this.#reads = reads ?? 'command'
    this.#print(prints, does)
  }

  #print(prints: string | readonly string[], does?: Answer['does']): void {
    this.#busy = true
    for (const piece of [prints].flat()) if (piece !== '') this.#send(piece.replaceAll('\n', '\r\n'))
    if (does === 'hang') return
    this.#sent = this.#sent.then(() => {
      if (does === 'close') this.#listener?.closed('the connection died')
      else this.#ready()
    })
  }

  #ready(): void {
    if (this.#reads === 'secret') this.#send('Password: ')
    if (this.#reads === 'command') this.#send(this.#prompted())
    this.#busy = false
    this.#read()
  }

  #prompted(): string {
    return typeof this.#prompt === 'string' ? this.#prompt : this.#prompt()
  }

  #send(text: string): void {
    const { delay = 0, clock, cut = (whole) => [whole] } = this.#script
    this.#sent = this.#sent.then(async () => {
      for (const packet of cut(text)) {
        if (delay > 0) await clock.sleep(delay)
        this.#listener?.heard(Buffer.from(packet))
      }
    })
  }
}

/** Gives what `work` gives, moving a clock that stands still whenever nothing else happens. */
export async function whileTimePasses<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let over = false
  const settled = work.finally(() => {
    over = true
  })
  settled.catch(() => undefined)
  for (let idle = 0; !over && idle < 100; ) idle = (await clock.next()) ? 0 : idle + 1
  return settled
}
