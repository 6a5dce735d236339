import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noSeams } from '../../src/app/seams.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { temporaryFolder } from '../lab/folder.ts'
import type { Ended } from '../lab/lab.ts'
import { typed } from '../lab/typed.ts'

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
  eosflow(setting: Setting, ...argv: readonly string[]): Promise<Ended>
}

/** Makes a person whose project has these settings. */
export function personWith(settings: string): Person {
  const dir = temporaryFolder()
  const project = join(dir, 'project')
  mkdirSync(project)
  const write = (path: string, text: string): void => writeFileSync(join(project, path), text)
  write('eosflow.yaml', settings)
  return {
    dir: project,
    state: join(dir, 'eosflow'),
    write,
    eosflow: ({ atTerminal = false, answers = [], env = {}, ahead = 0, ...more }, ...argv) =>
      typed(project, argv, {
        ...more,
        env: { XDG_STATE_HOME: dir, ...env },
        answers,
        interactive: atTerminal,
        seams: { ...noSeams, clock: { ...systemClock, now: () => systemClock.now() + ahead } },
      }),
  }
}
