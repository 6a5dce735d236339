import { spawn } from 'node:child_process'
import { EosflowError } from '../model/error.ts'
import type { ExecProvider } from '../model/secret-settings.ts'

const LARGEST = 65_536

/** What a program is asked for, and with which of these variables. */
export interface ExecRequest {
  /** The provider's name in the settings. */
  readonly name: string
  readonly key?: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * What a program of the operator prints, one trailing newline aside. It is run without a shell and without input, and is given the
 * variables of its allow-list alone. What it says on stderr is dropped, for it may hold the secret. Throws `secret` when it
 * fails, takes too long, or prints more than 64 KiB; then it is killed with everything it has started.
 */
export async function execSecret(provider: ExecProvider, request: ExecRequest): Promise<string> {
  const [program, ...args] = commandFor(provider, request)
  const bytes = await printed(program, args, provider, request)
  const text = bytes.toString('utf8').replace(/\r?\n$/, '')
  if (text.includes('\uFFFD') || text.includes('\0')) throw failed(request, 'printed what is not text')
  return text
}

/** Throws `secret` where the reference and the command do not fit each other. */
function commandFor({ command }: ExecProvider, { name, key }: ExecRequest): readonly [string, ...string[]] {
  const [program, ...args] = command
  const takesKey = args.some((argument) => argument.includes('{key}'))
  if (takesKey === (key !== undefined)) return [program, ...args.map((one) => one.replaceAll('{key}', () => key ?? ''))]
  throw new EosflowError(
    'secret',
    takesKey ? `\${exec:${name}} says not what to ask for` : `the program ${name} takes no key`,
    { hint: takesKey ? `Write \${exec:${name}?KEY}.` : `Write {key} where its command takes one, in eosflow.yaml.` },
  )
}

function printed(
  program: string,
  args: readonly string[],
  { env: allowed, seconds }: ExecProvider,
  request: ExecRequest,
): Promise<Buffer> {
  const env = Object.fromEntries(
    allowed.flatMap((name) => (Object.hasOwn(request.env, name) ? [[name, request.env[name]]] : [])),
  )
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it has started can be ended with it.
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    const chunks: Buffer[] = []
    let length = 0
    const fail = (why: string, cause?: unknown): void => {
      clearTimeout(timer)
      child.stdout.destroy()
      killGroup(child.pid)
      reject(failed(request, why, cause))
    }
    const timer = setTimeout(() => fail(`took longer than ${seconds} s`), seconds * 1000)
    child.once('error', (cause) => fail('cannot be started', cause))
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > LARGEST) fail(`printed more than ${LARGEST} bytes`)
      else chunks.push(chunk)
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0) resolve(Buffer.concat(chunks))
      else fail(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`)
    })
  })
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already, which is what was wanted.
  }
}

function failed({ name, key }: ExecRequest, why: string, cause?: unknown): EosflowError {
  return new EosflowError('secret', `\${exec:${name}${key === undefined ? '' : `?${key}`}}: the program ${why}`, {
    hint: `Run its command by hand, as this user (secrets: exec: ${name}: in eosflow.yaml).`,
    ...(cause === undefined ? {} : { cause }),
  })
}
