import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { BUILT } from './checkout.ts'

/** What a program has said. */
interface Said {
  readonly out: string
  readonly err: string
}

/** How a program has ended. */
export interface EndedProcess extends Said {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A program that runs. */
export interface RunningProcess {
  readonly child: ChildProcess
  /** What it has said until now. */
  readonly text: Said
  readonly ended: Promise<EndedProcess>
  /** Waits until it has said this, on stderr unless it is named otherwise. Throws when it ends without. */
  said(line: RegExp, on?: keyof Said): Promise<RegExpExecArray>
  kill(signal?: NodeJS.Signals): boolean
}

/** Starts a program in a folder and gathers what it says. */
export function startProcess(
  dir: string,
  [program, ...argv]: readonly [program: string, ...argv: string[]],
  options: SpawnOptions = {},
): RunningProcess {
  const child = spawn(program, argv, { cwd: dir, env: { ...process.env, CI: '1' }, ...options })
  const text = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text.out += piece
  })
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text.err += piece
  })
  return {
    child,
    text,
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal, ...text })),
    said: async (line, on = 'err') => {
      for (;;) {
        const found = line.exec(text[on])
        if (found !== null) return found
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`it ended without ${line}: ${text.out}${text.err}`)
        await pause(10)
      }
    },
    kill: (signal) => child.kill(signal),
  }
}

/** The words of a command line, whose first one may be several with blanks in between: `plan w.yaml -p`, and then a value. */
export const wordsOf = (argv: readonly string[]) => argv.flatMap((word, at) => (at === 0 ? word.split(' ') : [word]))

/** The built command line with its arguments, as a program is started. */
export const builtCommand = (...argv: readonly string[]): readonly [string, ...string[]] => [
  process.execPath,
  BUILT,
  ...wordsOf(argv),
]

/** Starts the built command. `env`: what of its environment is other than here. */
export function startBuilt(
  dir: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProcess {
  return startProcess(dir, builtCommand(...argv), { env: { ...process.env, CI: '1', ...env } })
}
