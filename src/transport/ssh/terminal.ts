import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { Screen } from './screen.ts'
import type { ShellChannel } from './shell-channel.ts'

const LONGEST_OUTPUT = 64 * 2 ** 20

/** A shell with its screen: what is typed goes out, and what was shown since can be read and waited for. */
export class Terminal {
  readonly #channel: ShellChannel
  readonly #clock: Clock
  readonly #screen = new Screen()
  #closed: string | undefined
  #wake: () => void = () => undefined

  constructor(channel: ShellChannel, clock: Clock) {
    this.#channel = channel
    this.#clock = clock
    channel.listen({
      heard: (bytes) => {
        this.#screen.feed(bytes)
        this.#wake()
      },
      closed: (reason) => {
        this.#closed ??= reason
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
  }

  write(text: string): void {
    this.#channel.write(text)
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
    if (milliseconds === 0) return false
    const timer = new AbortController()
    return new Promise((resolve, reject) => {
      this.#wake = () => {
        timer.abort()
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
    this.#channel.close()
    this.#wake()
  }
}

/** Something was typed, and what became of it is not known. */
export function lostAnswer(reason: string): EosflowError {
  return new EosflowError('lost-answer', `the command was typed, and its answer did not arrive: ${reason}`, {
    hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
  })
}
