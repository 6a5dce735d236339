import { closeSync } from 'node:fs'
import { url } from 'node:inspector'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { isatty } from 'node:tty'
import { standardOutput } from '../../project/system/machine/standard-output.ts'
import { systemClock } from '../../project/system/machine/system-clock.ts'
import { type Interrupts, newInterrupts } from '../../project/system/process/interrupts.ts'
import { canGoBack, type LiveTerminal, liveTerminal } from '../../report/live-terminal.ts'
import { localeOf, onTerminal } from '../../report/text/text.ts'
import { failureText } from './outcome/failure.ts'
import { dropTypedAhead } from './terminal/early-input.ts'
import { asTyped, calledAs, type Terminal } from './terminal/io.ts'
import { type ScrubbedIo, scrubbedIo } from './terminal/scrubbed-io.ts'

/** The process behind its scrubber: also what Node itself would print of a warning, or of an error that nobody caught. */
export function processIo(noColor: boolean): ScrubbedIo {
  const interrupts = newInterrupts({
    monotonic: () => systemClock.monotonic(),
    say: (line) => io.err(`${asTyped(line, io)}\n`),
    exit: (code) => {
      io.flush()
      process.exit(code)
    },
  })
  const io = scrubbedIo(terminal(noColor, interrupts))
  const warning = inspectorWarning()
  if (warning !== undefined) io.err(warning)
  // Node's own listener prints whatever the warning says; it is not there when the operator wants no warnings.
  if (process.listenerCount('warning') > 0) {
    process.removeAllListeners('warning')
    process.on('warning', ({ name, message }) => io.err(`! ${name}: ${message}\n`))
  }
  process.on('uncaughtException', (error) => {
    io.err(`${failureText(error, io)}\n${error instanceof Error ? `${error.stack}\n` : ''}`)
    interrupts.sayLast()
    io.flush()
    process.exit(1)
  })
  return io
}

function terminal(noColor: boolean, { stop, take, heed }: Interrupts): Terminal {
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => take(signal))
  process.on('exit', dropTerminals([0, 1, 2].filter((fd) => isatty(fd))))
  // EPIPE of a closed pipe (`| head`), EIO of a closed terminal: the record is the journal, and a change is not lost with its reader.
  for (const stream of [process.stdin, process.stderr]) stream.on('error', () => undefined)
  const results = standardOutput(process.stdout)
  const live =
    process.stderr.isTTY === true && canGoBack(process.env)
      ? liveTerminal(
          {
            get columns() {
              return process.stderr.columns
            },
            write: (text) => raw(process.stderr, locale.line(text)),
          },
          process.env,
        )
      : undefined
  let isAsking = false
  if (live !== undefined) process.on('exit', () => live.show(undefined))
  return {
    env: process.env,
    cwd: process.cwd(),
    called: calledAs({ program: process.argv[1], cwd: process.cwd(), path: process.env.PATH }),
    out: (text) => shown(process.stdout, text, live, results.write),
    drained: results.drained,
    lost: results.lost,
    err: (text) => write(process.stderr, text, live),
    interactive,
    color: !noColor && isTerminal() && process.env.NO_COLOR === undefined && process.env.CI === undefined,
    ...(process.stdout.columns > 0 ? { columns: process.stdout.columns } : {}),
    ask: async (question, signal, unseen) => {
      if (!interactive) return undefined
      const until = signal === undefined ? stop : AbortSignal.any([stop, signal])
      if (until.aborted) return undefined
      live?.show(undefined)
      isAsking = true
      try {
        const before = await dropTypedAhead(process.stdin)
        if (before.interrupted) take('SIGINT')
        else if (before.some) write(process.stderr, DROPPED, live)
        const asked = locale.text(onTerminal(question))
        return until.aborted ? undefined : await askAtTerminal(asked, until, () => take('SIGINT'), unseen)
      } finally {
        isAsking = false
      }
    },
    ...(live === undefined ? {} : { live: (line: string | undefined) => live.show(isAsking ? undefined : line) }),
    stop,
    heed,
  }
}

// Closes what was a terminal and has hung up since: Node 20 aborts at its end where it cannot set such a one back (node.cc, ResetStdio; seen
// with 20.20), and the exit code is lost.
function dropTerminals(terminals: readonly number[]) {
  return () => {
    for (const fd of terminals) {
      if (isatty(fd)) continue
      try {
        closeSync(fd)
      } catch {}
    }
  }
}

const locale = localeOf(process.env)

function raw(stream: NodeJS.WriteStream, text: string) {
  try {
    stream.write(text)
  } catch {}
}

function write(stream: NodeJS.WriteStream, text: string, live: LiveTerminal | undefined) {
  shown(stream, text, live, (written) => raw(stream, written))
}

function shown(
  { isTTY }: NodeJS.WriteStream,
  text: string,
  live: LiveTerminal | undefined,
  put: (text: string) => void,
) {
  if (isTTY !== true) {
    put(text)
    return
  }
  live?.erase()
  put(locale.text(onTerminal(text)))
  live?.redraw(text)
}

function isTerminal() {
  return process.stdout.isTTY === true && process.stderr.isTTY === true
}

const DROPPED = 'What was typed before this question is not taken as its answer.\n'

function askAtTerminal(question: string, stop: AbortSignal, interrupt: () => void, unseen?: 'unseen') {
  const nobody = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines =
    unseen === undefined
      ? createInterface({ input: process.stdin, output: process.stderr })
      : createInterface({ input: process.stdin, output: nobody, terminal: true, historySize: 0 })
  if (unseen !== undefined) raw(process.stderr, question)
  let isClosing = false
  // A terminal that has hung up fails once more when it is closed, and would be asked to close again then.
  const close = () => {
    if (isClosing) return
    isClosing = true
    lines.close()
  }
  stop.addEventListener('abort', close, { once: true })
  lines.once('SIGINT', interrupt)
  lines.on('error', close)
  return new Promise<string | undefined>((resolve) => {
    lines.once('close', () => resolve(undefined))
    lines.question(question, (answer) => {
      resolve(answer)
      close()
    })
  }).finally(() => {
    stop.removeEventListener('abort', close)
    if (unseen !== undefined) raw(process.stderr, '\n')
  })
}

function inspectorWarning() {
  const open = url()
  if (open === undefined) return undefined
  return `! the inspector of Node listens at ${open.replace(/\/[^/]*$/, '')}: whoever attaches reads every secret; take --inspect out of NODE_OPTIONS\n`
}
