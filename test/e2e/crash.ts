import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build as bundle } from 'esbuild'
import type { Clock } from '../../src/model/clock.ts'
import { systemClock } from '../../src/system/system-clock.ts'
import { type RunningFabric, startFabric } from '../../src/trial/start-fabric.ts'
import { assertSettled, DC1, type Ended, inventoryOf, isSaved, sshInventoryOf, typed, whereIs } from '../lab/lab.ts'

/** The clock of the machine, put forward at will: for simulated switches whose commit timer is to run out now. */
export class SkewedClock implements Clock {
  #skew = 0
  readonly #jumps = new Set<() => void>()

  now(): number {
    return systemClock.now() + this.#skew
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#skew
  }

  /** Ends early when the clock is put past its end. */
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = this.monotonic() + milliseconds
    const woken = new AbortController()
    const jumped = (): void => {
      if (this.monotonic() >= end) woken.abort()
    }
    this.#jumps.add(jumped)
    try {
      await systemClock.sleep(
        milliseconds,
        signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]),
      )
    } catch (error) {
      if (!woken.signal.aborted || signal?.aborted === true) throw error
    } finally {
      this.#jumps.delete(jumped)
    }
  }

  /** Puts the clock forward. */
  jump(milliseconds: number): void {
    this.#skew += milliseconds
    for (const jumped of [...this.#jumps]) jumped()
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A command of these tests around the shipped one, which the global set-up has built. */
export interface Built {
  /** The command line that kills itself: see `entry/killing-cli.ts`. */
  readonly killingCli: string
  remove(): void
}

/** Bundles the entry point of the tests that kill. Types are not checked: `npm run typecheck` does that. */
export async function build(): Promise<Built> {
  const { file, remove } = await bundled('killing-cli')
  return { killingCli: file, remove }
}

/** Bundles one entry point of `entry/`, which runs then beside the shipped command. */
export async function bundled(
  entry: 'killing-cli' | 'killing-server',
): Promise<{ readonly file: string; remove(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-built-'))
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'dir')
  const file = join(dir, `${entry}.mjs`)
  await bundle({
    entryPoints: [join(ROOT, `test/e2e/entry/${entry}.ts`)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // The command line itself is the shipped one, which starts twice as fast as its modules.
    external: ['axios', 'better-sqlite3', 'ssh2', './program.ts'],
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(ROOT, `dist/cli/${entry}.js`)).href) },
    logLevel: 'warning',
  })
  return { file, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** One execution that is killed, and goes on. */
export interface Crash {
  /** The named point, and the switch on which it is come to. */
  readonly point: string
  readonly on: string
  /** The switches of the change, in the order of their waves. */
  readonly switches: readonly string[]
  readonly workflow: string
  /** The settings of the project; absent: nothing is set. */
  readonly settings?: string
  /** Seconds by which the switches' clock is put forward between the kill and the resume. */
  readonly later?: number
  /** How the switches are spoken to; default: eAPI. */
  readonly transport?: 'ssh'
  /**
   * A regular expression: the process is killed from outside while a switch, which has run a command that matches, holds its
   * answer back. `nth`: not the first time, but that one. The point is then a name only.
   */
  readonly held?: { readonly command: string; readonly nth?: number }
  /** The process is killed from outside when this resolves: the point is then a name only. */
  readonly when?: Promise<unknown>
  /** What it is killed with; default: SIGKILL. */
  readonly by?: NodeJS.Signals
  /** Called with the project's folder when the process is dead, and when the execution was resumed. */
  readonly look?: (dir: string, when: 'killed' | 'resumed') => Promise<void>
}

/** What came of it. */
export interface CrashEnd {
  readonly signal: string | null
  readonly code: number
  /** Where each switch is, by its own running-config; `+` when startup-config holds the same. */
  readonly ends: readonly string[]
  /** Where the output says that each switch is. */
  readonly said: readonly string[]
  readonly again: { readonly code: number; readonly said: readonly string[]; readonly requests: number }
  readonly text: string
}

/** How long a switch holds its answer back for a kill, in seconds: the time of the pause says that the command has been run. */
const HELD_FOR_KILL = 0.321
/** Points that are behind a command and before its answer: the switch has run it when the process is killed. */
const SENT: Readonly<Record<string, NonNullable<Crash['held']>>> = {
  'arm-sent': { command: ' commit timer ' },
  'confirm-sent': { command: ' commit$' },
}

/** Runs a change in a process of its own, started at `entry`, until it kills itself at the point; then resumes it twice. */
export async function crashAndResume(entry: string, asked: Crash): Promise<CrashEnd> {
  const sent = asked.held === undefined && asked.when === undefined ? SENT[asked.point] : undefined
  const crash: Crash = sent === undefined ? asked : { ...asked, held: sent }
  const clock = new HoldingClock(crash.held?.nth)
  const fabric = await startFabric({ folder: DC1, clock })
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-crash-'))
  try {
    writeFileSync(join(dir, 'eosflow.yaml'), crash.settings ?? 'version: 1\n')
    writeFileSync(join(dir, 'inventory.yaml'), (crash.transport === 'ssh' ? sshInventoryOf : inventoryOf)(fabric))
    writeFileSync(join(dir, 'workflow.yaml'), crash.workflow)
    if (crash.held !== undefined) {
      await fabric.fault({ device: crash.on, kind: 'slow', after: HELD_FOR_KILL, command: crash.held.command })
    }
    const signal = await killed(entry, dir, crash, clock)
    await crash.look?.(dir, 'killed')
    await fabric.clearFaults()
    clock.jump((crash.later ?? 0) * 1000)

    const first = await resume(dir)
    const before = requestsOf(fabric)
    await crash.look?.(dir, 'resumed')
    // One that has ended is shown by its id.
    const second = await resume(dir, ...(/^Execution (\S+):/m.exec(first.out)?.slice(1) ?? []))
    assertSettled(fabric, first.out + first.err)
    return {
      signal,
      code: first.code,
      ends: crash.switches.map((name) => {
        const device = fabric.device(name)
        return whereIs(device) + (isSaved(device) ? '+' : '')
      }),
      said: saidOf(first, crash.switches),
      again: { code: second.code, said: saidOf(second, crash.switches), requests: requestsOf(fabric) - before },
      text: first.out + first.err,
    }
  } finally {
    await fabric.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The clock of switches that hold an answer back until somebody was killed. */
class HoldingClock extends SkewedClock {
  #pauses = 0
  readonly #nth: number
  #held = (): void => undefined
  /** Resolves when the answer is held back for the nth time. */
  readonly held = new Promise<void>((resolve) => {
    this.#held = resolve
  })

  constructor(nth = 1) {
    super()
    this.#nth = nth
  }

  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds === HELD_FOR_KILL * 1000) {
      this.#pauses += 1
      if (this.#pauses === this.#nth) this.#held()
    }
    await super.sleep(milliseconds, signal)
  }
}

async function killed(
  entry: string,
  dir: string,
  { point, on, held, when, by = 'SIGKILL' }: Crash,
  clock: HoldingClock,
): Promise<string | null> {
  const child = spawn(process.execPath, [entry, 'run', 'workflow.yaml'], {
    cwd: dir,
    env: { ...process.env, KILL_AT: held === undefined && when === undefined ? point : '', KILL_ON: on, KILL_WITH: by },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  if (held !== undefined) void clock.held.then(() => child.kill(by))
  void when?.then(() => child.kill(by))
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

/** The next command of the same person, with nothing between it and the switches. */
const resume = (dir: string, ...id: readonly string[]): Promise<Ended> => eosflow(dir, 'resume', ...id)

/** One command in this process, typed in a project's folder by somebody who says yes. */
export function eosflow(dir: string, ...argv: readonly string[]): Promise<Ended> {
  return typed(dir, argv, { answers: Array.from({ length: 9 }, () => 'yes') })
}

function saidOf({ out }: Ended, switches: readonly string[]): readonly string[] {
  return switches.map((name) => new RegExp(`^${name}\\s.*?(BEFORE|AFTER|UNKNOWN)`, 'm').exec(out)?.[1] ?? 'nothing')
}

function requestsOf(fabric: RunningFabric): number {
  return fabric.devices.reduce((sum, device) => sum + device.counters().requests, 0)
}
