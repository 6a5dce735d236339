import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'
import { ROOT } from './checkout.ts'
import { type Files, writeFiles } from './files.ts'
import { sshInventoryOf } from './inventory.ts'
import { type EndedProcess, type RunningProcess, startBuilt, startProcess } from './process.ts'
import { HELD_FOR_KILL, SkewedClock } from './skewed-clock.ts'
import { openSocketLab, type SocketLab, type SocketOptions } from './sockets.ts'

/** What a lab of real processes is made of. */
export interface ProcessOptions extends Omit<SocketOptions, 'world' | 'files'> {
  readonly world: 'processes'
  readonly files?: Files
  /** How the switches are spoken to; default: eAPI. */
  readonly transport?: 'ssh' | undefined
  /** The database of the store; default: a file. */
  readonly store?: string
}

/** How a process dies. */
export interface Death {
  /** The named point, and the switch on which it is come to. */
  readonly point: string
  readonly on: string
  /**
   * A regular expression: the process is killed from outside while a switch, which has run a command that matches, holds its
   * answer back. `nth`: not the first time, but that one. The point is then a name only.
   */
  readonly held?: { readonly command: string; readonly nth?: number }
  /** The process is killed from outside when this resolves: the point is then a name only. */
  readonly when?: Promise<unknown>
  /** The signal that kills it; default: SIGKILL. */
  readonly by?: NodeJS.Signals
}

/** A lab over sockets that also has real processes of the built command. `eosflow` costs a tenth of one. */
export interface ProcessLab extends SocketLab {
  /** The clock of its switches. */
  readonly clock: SkewedClock
  /** Starts the built command. It is ended with the test at the latest. */
  start(...argv: readonly string[]): RunningProcess
  /** Runs one command line in a process of its own to its end. */
  cli(...argv: readonly string[]): Promise<EndedProcess>
  /** Runs one command line, by a person who says yes, until its process dies. Gives the signal. */
  killAt(death: Death, ...argv: readonly string[]): Promise<NodeJS.Signals | null>
}

/** Points that are after a command and before its answer: the switch has run it when the process is killed. */
const SENT: Readonly<Record<string, NonNullable<Death['held']>>> = {
  'arm-sent': { command: ' commit timer ' },
  'confirm-sent': { command: ' commit$' },
}

/** Starts switches on a clock that can be put forward, and makes a project for them. */
export async function openProcessLab({
  transport,
  store,
  files,
  switches,
  ...options
}: ProcessOptions): Promise<ProcessLab> {
  const clock = new SkewedClock()
  const settings = store === undefined ? '' : `store: ${store}\nworkers: { durability: single, ttl: 12s, beat: 1s }\n`
  const sockets = await openSocketLab({
    ...options,
    world: 'sockets',
    switches: { clock, ...switches },
    files: { 'eosflow.yaml': `version: 1\n${settings}`, ...files },
  })
  const { dir, fabric } = sockets
  if (transport === 'ssh') writeFiles(dir, { 'inventory.yaml': sshInventoryOf(fabric, options.tags) })
  const start = (...argv: readonly string[]) => startInTest(dir, argv, options.env)
  return Object.assign(sockets, {
    clock,
    start,
    cli: (...argv: readonly string[]) => start(...argv).ended,
    killAt: async ({ point, on, held, when, by = 'SIGKILL' }: Death, ...argv: readonly string[]) => {
      const sent = held ?? (when === undefined ? SENT[point] : undefined)
      if (sent !== undefined)
        await fabric.fault({ device: on, kind: 'slow', after: HELD_FOR_KILL, command: sent.command })
      const { file, remove } = await bundled('killing-cli')
      onTestFinished(remove)
      const KILL_AT = sent === undefined && when === undefined ? point : ''
      const env = { ...process.env, ...options.env, KILL_AT, KILL_ON: on, KILL_WITH: by }
      const running = startProcess(dir, [process.execPath, file, ...argv], { env })
      const kill = () => running.kill(by)
      if (sent !== undefined) void clock.held(sent.nth ?? 1).then(kill)
      void when?.then(kill)
      const { signal } = await running.ended
      await fabric.clearFaults()
      return signal
    },
  })
}

/** Starts the built command in a folder. It is ended with the test at the latest. */
export function startInTest(...given: Parameters<typeof startBuilt>): RunningProcess {
  const running = startBuilt(...given)
  onTestFinished(() => void running.kill('SIGKILL'))
  return running
}

/** Bundles one entry point of `entry/`, which runs then beside the shipped command. Types are not checked. */
export async function bundled(entry: 'killing-cli' | 'killing-server') {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-built-'))
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'dir')
  const file = join(dir, `${entry}.mjs`)
  await build({
    entryPoints: [join(ROOT, `test/lab/entry/${entry}.ts`)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // The command line itself is the shipped one, which starts twice as fast as its modules.
    external: ['axios', 'better-sqlite3', 'ssh2', './program.ts'],
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(ROOT, `dist/doors/cli/${entry}.js`)).href) },
    logLevel: 'warning',
  })
  return { file, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
