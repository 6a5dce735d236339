import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { MeterResult, RequestMeter } from '../../device/meter.ts'
import { Screen } from './screen.ts'
import type { ShellChannel } from './shell-channel.ts'

const LONGEST_OUTPUT = 64 * 2 ** 20
/** An answer that is not over then never is, however often a byte of it comes: real ones take minutes (docs/eos.md 1.5). */
const LONGEST_ANSWER = 30 * 60_000
/** Why a wait for news is over. Without a reason each byte would cost an error with its stack. */
const HEARD = 'something was heard'

/** A shell with its screen: what is typed goes out, and what was shown since can be read and waited for. */
export class ShellTerminal {
  readonly #channel: ShellChannel
  readonly #clock: Clock
  readonly #screen = new Screen()
  #closed: string | undefined
  /** Whether something was typed that is not answered yet: what is heard meanwhile may be a line of the log. */
  #isOwed = false
  /** What is measured of what is owed. */
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

  /** What stands behind them. */
  get tail(): string {
    return this.#screen.tail
  }

  /** Whether the pager waits for a key. */
  get paging(): boolean {
    return this.#screen.paging
  }

  /** Why the shell is closed; undefined while it is open. */
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

  /** All that was typed is answered: a prompt is proven. */
  settle(): void {
    this.#isOwed = false
    this.#measured('ok')
    this.clear()
  }

  /**
   * Whether anything was heard within this time. Throws `lost-answer` once the shell is closed, and `protocol` when the
   * switch does not end.
   */
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

  #measured(result: MeterResult): void {
    this.#meter?.ended(result)
    this.#meter = undefined
  }
}

/** Something was typed, and what became of it is not known. */
export function lostAnswer(reason: string): EosflowError {
  return new EosflowError('lost-answer', `the command was typed, and its answer did not arrive: ${reason}`, {
    hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
  })
}
