import { spawn } from 'node:child_process'

/** Why a program of the operator gave nothing, in words behind its name: `ended with exit code 3`. */
export class ProgramFault extends Error {}

export interface ProgramRun {
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly seconds: number
  readonly input?: string
  /** How many bytes it may print. */
  readonly longest: number
  readonly signal?: AbortSignal
}

export function allowedEnv(
  allowed: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    allowed.flatMap((name) => {
      const value = Object.hasOwn(env, name) ? env[name] : undefined
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** What it says on stderr is dropped, for it may hold a secret. Throws {@link ProgramFault} when it fails, takes too long, or prints too much; then it is killed with everything it has started, apart from what has begun a session for itself (setsid(2)). */
export function printedBy({ command, env, cwd, seconds, longest, signal, input }: ProgramRun): Promise<Buffer> {
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    // A group for it alone, so that what it has started can be ended with it.
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'], detached: true, cwd })
    const chunks: Buffer[] = []
    let length = 0
    const over = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
    const fail = (why: string, cause?: unknown) => {
      over()
      child.stdout.destroy()
      killGroup(child.pid)
      reject(new ProgramFault(why, cause === undefined ? undefined : { cause }))
    }
    const stop = () => fail('was stopped')
    const timer = setTimeout(() => fail(`took longer than ${seconds} s`), seconds * 1000)
    signal?.addEventListener('abort', stop, { once: true })
    child.once('error', (cause) => fail('cannot be started', cause))
    // One that does not read its input may answer all the same.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input ?? '')
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > longest) fail(`printed more than ${longest} bytes`)
      else chunks.push(chunk)
    })
    child.once('close', (code, ended) => {
      over()
      if (code === 0) resolve(Buffer.concat(chunks))
      else fail(code === null ? `was ended by ${ended}` : `ended with exit code ${code}`)
    })
  })
}

function killGroup(pid: number | undefined) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already, which is what was wanted.
  }
}
