import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { BUILT } from '../lab/checkout.ts'

/** How a command has ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A command in a process of its own. */
export interface Begun {
  readonly ended: Promise<Ended>
  end(): void
}

/** Begins the built command in a folder. */
export function begin(dir: string, env: Readonly<Record<string, string>>, ...argv: readonly string[]): Begun {
  const child: ChildProcess = spawn(process.execPath, [BUILT, ...argv], {
    cwd: dir,
    env: { ...process.env, CI: '1', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  return {
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, err })),
    end: () => child.kill('SIGTERM'),
  }
}

/** Waits in real time until something is there. Throws when it is not there in time. */
export async function until<Found>(
  what: string,
  find: () => Promise<Found | undefined> | Found | undefined,
  { within = 60_000, every = 50 }: { readonly within?: number; readonly every?: number } = {},
): Promise<Found> {
  const end = Date.now() + within
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`it did not come to this: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}
