import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inProcess, startBuilt, temporaryFolder } from '../../lab/lab.ts'
import { startInTest } from '../../lab/processes.ts'

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
export async function eosflow(
  args: string | readonly string[],
  { cwd, env, input = '' }: RunOptions = {},
): Promise<Ended> {
  const { child, ended } = startBuilt(cwd ?? tmpdir(), [args].flat(), env)
  child.stdin?.on('error', () => undefined).end(input)
  const { code, out, err } = await ended
  return { code, stdout: out, stderr: err }
}

/** A command that runs until it is told to end. */
export interface Running {
  /** The first line on stdout. */
  readonly line: string
  /** Ends it with a signal and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the built command and resolves with its first line on stdout. It is ended with the test at the latest. */
export async function start(args: string | readonly string[], { cwd }: RunOptions = {}): Promise<Running> {
  const running = startInTest(cwd ?? tmpdir(), [args].flat())
  const [line] = await running.said(/^.*(?=\n)/, 'out')
  return {
    line,
    stop: async (signal = 'SIGTERM') => {
      running.kill(signal)
      return (await running.ended).code
    },
  }
}

/** A new project as `eosflow init` makes it, its simulated switches on any free ports. */
export async function newProject() {
  const dir = temporaryFolder()
  const { code, stderr } = await inProcess(['init', dir])
  if (code !== 0) throw new Error(stderr)
  return dir
}

/** Lets the switches of a project listen where nothing else does: the running simulator's ports go into its inventory. */
export function pointInventoryAt(dir: string, devices: readonly { name: string; http: { port: number } }[]) {
  const file = join(dir, 'inventory.yaml')
  const text = devices.reduce(
    (inventory, { name, http }) => inventory.replace(new RegExp(`(${name}: .*port: )\\d+`), `$1${http.port}`),
    readFileSync(file, 'utf8'),
  )
  writeFileSync(file, text)
}
