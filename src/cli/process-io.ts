import { createInterface } from 'node:readline'
import { onTerminal } from '../report/visible.ts'
import { failureText } from './failure.ts'
import { inspectorWarning } from './inspector-warning.ts'
import type { Terminal } from './io.ts'
import { type ScrubbedIo, scrubbedIo } from './scrubbed-io.ts'

/** The process behind its scrubber: also what Node itself would print of a warning, or of an error that nobody caught. */
export function processIo(noColor: boolean): ScrubbedIo {
  const io = scrubbedIo(terminal(noColor))
  const warning = inspectorWarning()
  if (warning !== undefined) io.err(warning)
  // Node's own listener prints whatever the warning says; it is not there when the operator wants no warnings.
  if (process.listenerCount('warning') > 0) {
    process.removeAllListeners('warning')
    process.on('warning', ({ name, message }) => io.err(`warning: ${name}: ${message}\n`))
  }
  process.on('uncaughtException', (error) => {
    io.err(`${failureText(error)}\n${error instanceof Error ? `${error.stack}\n` : ''}`)
    io.flush()
    process.exit(1)
  })
  return io
}

/** The real terminal. The first interrupt asks for an orderly stop; the second ends the process, and the switches' timers protect them. */
function terminal(noColor: boolean): Terminal {
  const stop = new AbortController()
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  // Whoever read the output may be gone (`| head`); a change that is under way goes on all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return {
    env: process.env,
    cwd: process.cwd(),
    out: (text) => process.stdout.write(process.stdout.isTTY === true ? onTerminal(text) : text),
    err: (text) => process.stderr.write(process.stderr.isTTY === true ? onTerminal(text) : text),
    interactive,
    color: !noColor && isTerminal() && process.env.NO_COLOR === undefined && process.env.CI === undefined,
    ask: async (question, signal) => {
      if (!interactive) return undefined
      const until = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal])
      return until.aborted ? undefined : askAtTerminal(onTerminal(question), until, interrupt)
    },
    stop: stop.signal,
  }
}

/** Results and progress are painted alike, so neither is when one of them goes to a file. */
function isTerminal(): boolean {
  return process.stdout.isTTY === true && process.stderr.isTTY === true
}

/** One line from the terminal; undefined at the end of the input and at an interrupt, which this reader would swallow. */
function askAtTerminal(question: string, stop: AbortSignal, interrupt: () => void): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const close = (): void => lines.close()
  stop.addEventListener('abort', close, { once: true })
  lines.once('SIGINT', interrupt)
  return new Promise<string | undefined>((resolve) => {
    lines.once('close', () => resolve(undefined))
    lines.question(question, (answer) => {
      resolve(answer)
      close()
    })
  }).finally(() => stop.removeEventListener('abort', close))
}
