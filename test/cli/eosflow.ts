import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { BUILT } from '../lab/checkout.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { inProcess } from './in-process.ts'

/** The built command line, as it is shipped. */
/** Where and with what a command runs. */
export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** What stands on stdin; without it stdin is empty. */
  readonly input?: string
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command and waits for its end. */
export async function eosflow(args: readonly string[], { cwd, env, input = '' }: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [BUILT, ...args], {
    cwd: cwd ?? tmpdir(),
    env: { ...process.env, CI: '1', ...env },
  })
  const read = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    read.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    read.stderr += chunk
  })
  child.stdin.on('error', () => undefined).end(input)
  const [code] = await once(child, 'close')
  return { code: code as number | null, ...read }
}

/** A command that runs until it is told to end. */
export interface Running {
  /** The first line on stdout. */
  readonly line: string
  /** Ends it with a signal and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the built command and resolves with its first line on stdout. It is ended with the test at the latest. */
export async function start(args: readonly string[], { cwd }: RunOptions = {}): Promise<Running> {
  const child = spawn(process.execPath, [BUILT, ...args], { cwd: cwd ?? tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let said = ''
  let complained = ''
  child.stderr.on('data', (chunk) => {
    complained += chunk
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.includes('\n')) resolve(said.slice(0, said.indexOf('\n')))
    })
    closed.then(() => reject(new Error(`it ended before it said a line: ${complained}`)), reject)
  })
  return {
    line,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      const [code] = await closed
      return code as number | null
    },
  }
}

/** A new project as `eosflow init` makes it, its simulated switches on any free ports. */
export async function newProject(): Promise<string> {
  const dir = temporaryFolder()
  const { code, stderr } = await inProcess(['init', dir])
  if (code !== 0) throw new Error(stderr)
  return dir
}

/** Lets the switches of a project listen where nothing else does: the running simulator's ports go into its inventory. */
export function pointInventoryAt(dir: string, devices: readonly { name: string; http: { port: number } }[]): void {
  const file = join(dir, 'inventory.yaml')
  const text = devices.reduce(
    (inventory, { name, http }) => inventory.replace(new RegExp(`(${name}: .*port: )\\d+`), `$1${http.port}`),
    readFileSync(file, 'utf8'),
  )
  writeFileSync(file, text)
}
