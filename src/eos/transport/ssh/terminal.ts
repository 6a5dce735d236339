import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { MeterResult, RequestMeter } from '../../device/meter.ts'

export interface ShellListener {
  heard(bytes: Uint8Array): void
  closed(reason: string): void
}

/** A login shell on one switch as bytes: the real one is a channel of ssh2, the one of the simulation lies in memory. */
export interface ShellChannel {
  write(text: string): void
  listen(listener: ShellListener): void
  /** `given-up`: an answer is owed, and nothing of what was typed may arrive from now on. */
  close(way: 'done' | 'given-up'): void
  measure?(): RequestMeter | undefined
}

const ESC = '\u001b'
const SEQUENCE = new RegExp(
  [`\\[[0-?]*[ -/]*[@-~]`, `\\][^\u0007${ESC}]*(?:\u0007|${ESC}\\\\)`, `[()#][A-Za-z0-9]`, `[=>78A-Za-z]`]
    .map((form) => `${ESC}${form}`)
    .join('|'),
  'g',
)
const PADDING = '\0'
const LONGEST_SEQUENCE = 256
const PAGER = / ?--More-- ?(?:[\b]+ *[\b]*|\r *\r|\r)/g
// What `readline` sends at the right margin to go on in the next row.
const WRAP = / \r(?!$)/g
const ERASED = /[^\b][\b]/g

// What a terminal has shown since it was cleared, as lines: escape sequences, the pager, wraps at the right margin and overwritten text are
// taken out. It costs the same whether the bytes come one by one or all at once.
class Screen {
  readonly #decoder = new TextDecoder()
  #lines: string[] = []
  #raw = ''
  #held = ''
  #length = 0

  // Takes the next bytes, cut anywhere.
  feed(bytes: Uint8Array) {
    const text = this.#unescaped(this.#held + this.#decoder.decode(bytes, { stream: true })).replaceAll(PADDING, '')
    this.#length += text.length
    const [first = '', ...rest] = text.split('\n')
    this.#raw += first
    for (const next of rest) {
      this.#lines.push(cleaned(this.#raw))
      this.#raw = next
    }
  }

  get lines() {
    return this.#lines
  }

  get tail() {
    return cleaned(this.#raw)
  }

  // How many characters came since it was cleared.
  get length() {
    return this.#length
  }

  get paging() {
    return /--More--[\b\r ]*$/.test(this.#raw)
  }

  clear() {
    this.#lines = []
    this.#raw = ''
    this.#length = 0
  }

  #unescaped(text: string) {
    this.#held = ''
    if (!text.includes(ESC)) return text
    const plain = text.replace(SEQUENCE, '')
    const open = plain.lastIndexOf(ESC)
    if (open < 0 || plain.length - open > LONGEST_SEQUENCE) return plain
    this.#held = plain.slice(open)
    return plain.slice(0, open)
  }
}

function cleaned(raw: string) {
  let line = raw.replace(/\r+$/, '')
  if (!/[\b\r-]/.test(line)) return line
  line = line.replace(PAGER, '').replace(WRAP, '')
  while (line.includes('\b')) {
    const erased = line.replace(ERASED, '')
    line = erased === line ? line.replaceAll('\b', '') : erased
  }
  return line.slice(line.lastIndexOf('\r') + 1)
}

const LONGEST_OUTPUT = 64 * 2 ** 20
// An answer that is not over then never is, however often a byte of it comes: real ones take minutes (docs/eos.md 1.5).
const LONGEST_ANSWER = 30 * 60_000
// Without a reason each byte would cost an error with its stack.
const HEARD = 'something was heard'

/** A shell with its screen: what is typed goes out, and what was shown since can be read and waited for. */
export class ShellTerminal {
  readonly #channel: ShellChannel
  readonly #clock: Clock
  readonly #screen = new Screen()
  #closed: string | undefined
  #isOwed = false
  #meter: RequestMeter | undefined
  #since: number
  #wake: () => void = () => undefined

  constructor(channel: ShellChannel, clock: Clock) {
    this.#channel = channel
    this.#clock = clock
    this.#since = clock.monotonic()
    channel.listen({
      heard: (bytes) => {
        this.#meter?.heard()
        // What is said while nobody listens must not fill the memory either.
        if (this.#screen.length <= LONGEST_OUTPUT) this.#screen.feed(bytes)
        this.#wake()
      },
      closed: (reason) => {
        this.#closed ??= reason
        this.#measured('lost-answer')
        this.#wake()
      },
    })
  }

  /** The complete lines since the screen was cleared. */
  get lines(): readonly string[] {
    return this.#screen.lines
  }

  get tail(): string {
    return this.#screen.tail
  }

  get paging(): boolean {
    return this.#screen.paging
  }

  get closed(): string | undefined {
    return this.#closed
  }

  clear(): void {
    this.#screen.clear()
    this.#since = this.#clock.monotonic()
  }

  write(text: string): void {
    if (!this.#isOwed) this.#meter = this.#channel.measure?.()
    this.#isOwed = true
    this.#channel.write(text)
  }

  settle(): void {
    this.#isOwed = false
    this.#measured('ok')
    this.clear()
  }

  /** Throws `lost-answer` once the shell is closed, and `protocol` when the switch does not end. */
  async news(milliseconds: number): Promise<boolean> {
    if (this.#closed !== undefined) throw lostAnswer(this.#closed)
    if (this.#screen.length > LONGEST_OUTPUT) {
      throw new EosflowError('protocol', `the answer is longer than ${LONGEST_OUTPUT / 2 ** 20} MiB`)
    }
    if (this.#clock.monotonic() - this.#since > LONGEST_ANSWER) {
      throw lostAnswer(`it was not complete within ${LONGEST_ANSWER / 60_000} min`)
    }
    if (milliseconds === 0) return false
    const timer = new AbortController()
    return new Promise((resolve, reject) => {
      this.#wake = () => {
        timer.abort(HEARD)
        resolve(true)
      }
      this.#clock.sleep(milliseconds, timer.signal).then(
        () => resolve(false),
        (reason: unknown) => (timer.signal.aborted ? undefined : reject(reason)),
      )
    })
  }

  close(): void {
    this.#closed ??= 'the connection was closed'
    this.#measured('lost-answer')
    this.#channel.close(this.#isOwed ? 'given-up' : 'done')
    this.#wake()
  }

  #measured(result: MeterResult) {
    this.#meter?.ended(result)
    this.#meter = undefined
  }
}

export function lostAnswer(reason: string): EosflowError {
  return new EosflowError('lost-answer', `the command was typed, and its answer did not arrive: ${reason}`, {
    hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
  })
}
