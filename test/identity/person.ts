import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { noSeams } from '../../src/app/seams.ts'
import type { Terminal } from '../../src/cli/io.ts'
import { main } from '../../src/cli/program.ts'
import { systemClock } from '../../src/testing/system-clock.ts'

/** What one command line gave. */
export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** How a command line is run. */
export interface Setting {
  /** Whether somebody sits at the terminal. */
  readonly atTerminal?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** What is typed, in turn. */
  readonly answers?: readonly string[]
  /** By how much the clock is ahead, in milliseconds. */
  readonly ahead?: number
  /** Told of everything that is printed on stderr: what a person would read, and act on. */
  readonly reads?: (text: string) => void
  readonly stop?: AbortSignal
}

/** A person with a project and a home of their own, which are gone after the test. */
export interface Person {
  readonly dir: string
  /** The folder of the logins. */
  readonly state: string
  write(path: string, text: string): void
  eosflow(setting: Setting, ...argv: readonly string[]): Promise<Said>
}

/** Makes a person whose project has these settings. */
export function personWith(settings: string): Person {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-identity-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const project = join(dir, 'project')
  mkdirSync(project)
  const write = (path: string, text: string): void => writeFileSync(join(project, path), text)
  write('eosflow.yaml', settings)
  return {
    dir: project,
    state: join(dir, 'eosflow'),
    write,
    eosflow: async ({ atTerminal = false, answers = [], env = {}, ahead = 0, reads, stop }, ...argv) => {
      const typed = [...answers]
      const said = { out: '', err: '' }
      const terminal: Terminal = {
        env: { XDG_STATE_HOME: dir, ...env },
        cwd: project,
        out: (text) => {
          said.out += text
        },
        err: (text) => {
          said.err += text
          reads?.(text)
        },
        interactive: atTerminal,
        color: false,
        ask: async () => typed.shift(),
        stop: stop ?? new AbortController().signal,
        seams: { ...noSeams, clock: { ...systemClock, now: () => systemClock.now() + ahead } },
      }
      return { code: await main(argv, terminal), ...said }
    },
  }
}
