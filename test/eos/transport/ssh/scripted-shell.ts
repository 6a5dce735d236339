import { passwordUser } from '../../../../src/eos/sim/auth/local-users.ts'
import { CliShell } from '../../../../src/eos/sim/ssh/cli-shell.ts'
import type { TerminalService } from '../../../../src/eos/sim/ssh/service.ts'
import type { ShellChannel, ShellListener } from '../../../../src/eos/transport/ssh/terminal.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import type { Clock } from '../../../../src/model/clock.ts'
import { EosflowError } from '../../../../src/model/error.ts'

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

/** What the way between a switch and us does to the bytes of the switch. */
export type Deliver = (bytes: Uint8Array, hear: (bytes: Uint8Array) => void) => void

/** What a terminal is like, besides a good one. */
export interface Hardship {
  readonly deliver?: Deliver
  readonly width?: number
  /** Printed before the switch says anything, with LF. */
  readonly banner?: string
}

/** The bytes as they come. */
export const atOnce: Deliver = (bytes, hear) => hear(bytes)

/** Each byte by itself. */
export const oneByOne: Deliver = (bytes, hear) => {
  for (const byte of bytes) hear(Uint8Array.of(byte))
}

/** Everything this much later, in its order. */
export function delayedBy(milliseconds: number, clock: Clock): Deliver {
  let sent = Promise.resolve()
  return (bytes, hear) => {
    sent = sent.then(() => clock.sleep(milliseconds)).then(() => hear(bytes))
  }
}

/**
 * A clock that jumps to what is waited for next as soon as nothing else happens, so that waiting costs no time. What the
 * simulated switch needs to answer counts as something happening.
 */
export function hurriedClock(): Clock {
  const clock = new VirtualClock()
  let busy = false
  const hurry = async () => {
    if (busy) return
    busy = true
    while (clock.sleeping > 0) {
      const sleeping = clock.sleeping
      for (let quiet = 0; quiet < 20; quiet += 1) await new Promise((resolve) => setImmediate(resolve))
      if (clock.sleeping === sleeping) await clock.next()
    }
    busy = false
  }
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (milliseconds, signal) => {
      const slept = clock.sleep(milliseconds, signal)
      void hurry()
      return slept
    },
  }
}

/** Logs in at a simulated switch and opens a shell on it, without a socket. */
export function simulatedShell(
  terminals: TerminalService,
  login: { readonly username: string; readonly password: string },
  { deliver = atOnce, width = 511, banner = '' }: Hardship = {},
): ShellChannel {
  const { device } = terminals
  if (!device.sshReachable) throw new EosflowError('unreachable', 'the connection was refused', { retryable: true })
  const user = passwordUser(device, login, 'ssh (memory)')
  if (user === undefined) throw new EosflowError('unauthenticated', `the switch refused the user ${login.username}`)
  let listener: ShellListener | undefined
  const shell = new CliShell(
    terminals,
    { user, address: '192.0.2.250', size: { width, length: 24 } },
    {
      write: (text) => deliver(Buffer.from(text), (bytes) => listener?.heard(bytes)),
      close: (how) => listener?.closed(how === 'exit' ? 'the switch logged us out' : 'the connection died'),
    },
  )
  return {
    write: (text) => queueMicrotask(() => shell.receive(Buffer.from(text))),
    listen: (given) => {
      listener = given
      if (banner !== '') deliver(Buffer.from(banner.replaceAll('\n', '\r\n')), (bytes) => given.heard(bytes))
      shell.start()
    },
    close: () => shell.close(),
  }
}
