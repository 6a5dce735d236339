import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BUILT } from '../test/lab/checkout.ts'
import type { Usage } from '../test/soak/fleet.ts'

const USAGE = new URL('../test/soak/usage.mjs', import.meta.url).href

/** A command line of the built command. */
export interface BuiltCall {
  readonly argv: readonly string[]
  /** What it reads; a command without it has a closed stdin. */
  readonly stdin?: string
  /** Of a command that serves until it is ended: what it says once it serves. It is ended then, and the time until then is what it took. */
  readonly until?: RegExp
}

/** What one call of the built command took: milliseconds, of the clock and of its own CPU, and the most memory in MiB. */
export interface BuiltUse {
  readonly wall: number
  readonly cpu: number
  readonly memory: number
}

/** How a call has ended. */
export interface BuiltEnd extends BuiltUse {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** How many bytes it has printed. */
  readonly bytes: number
}

/** Of what a command has printed so much is kept, in characters. */
const KEPT = 1_000_000

/** Runs the built command in a project, as a person starts it, and says what it took. */
export async function built(dir: string, { argv, stdin, until }: BuiltCall): Promise<BuiltEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-usage-'))
  try {
    const file = join(folder, 'usage.json')
    const begun = performance.now()
    const child = spawn(process.execPath, ['--import', USAGE, BUILT, ...argv], {
      cwd: dir,
      env: { ...process.env, USAGE_FILE: file, NO_COLOR: '1', CI: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const said = { out: '', err: '' }
    let served: number | undefined
    let bytes = 0
    const hear = (on: keyof typeof said) => (piece: Buffer) => {
      bytes += on === 'out' ? piece.length : 0
      if (said[on].length < KEPT) said[on] += piece.toString()
      if (until === undefined || served !== undefined || !until.test(said.out + said.err)) return
      served = performance.now() - begun
      child.kill('SIGTERM')
    }
    child.stdout.on('data', hear('out'))
    child.stderr.on('data', hear('err'))
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
    const [code] = (await once(child, 'close')) as [number | null]
    const wall = served ?? performance.now() - begun
    if (until !== undefined && served === undefined)
      throw new Error(`${argv.join(' ')}: ended without ${until}\n${said.err}`)
    const { cpu, system, memory } = JSON.parse(readFileSync(file, 'utf8')) as Usage
    return { code, wall, bytes, ...said, cpu: cpu + system, memory }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs it and gives what it has printed. Throws where its exit code is another one. */
export async function builtOut(dir: string, argv: readonly string[], exit = 0): Promise<string> {
  const { code, out, err } = await built(dir, { argv })
  if (code !== exit)
    throw new Error(
      `eosflow ${argv.join(' ')} in ${dir}: exit ${code}, not ${exit}\n${out.slice(-2000)}${err.slice(-2000)}`,
    )
  return out
}
