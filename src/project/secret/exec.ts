import { EosflowError } from '../../model/error.ts'
import type { ExecProvider } from '../../model/secret-settings.ts'
import { allowedEnv, ProgramFault, printedBy } from './program.ts'

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
  const bytes = await printed(commandFor(provider, request), provider, request)
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

async function printed(
  command: readonly [string, ...string[]],
  { env, seconds }: ExecProvider,
  request: ExecRequest,
): Promise<Buffer> {
  try {
    return await printedBy({ command, env: allowedEnv(env, request.env), seconds, longest: LARGEST })
  } catch (error) {
    if (error instanceof ProgramFault) throw failed(request, error.message, error.cause)
    throw error
  }
}

function failed({ name, key }: ExecRequest, why: string, cause?: unknown): EosflowError {
  return new EosflowError('secret', `\${exec:${name}${key === undefined ? '' : `?${key}`}}: the program ${why}`, {
    hint: `Run its command by hand, as this user (secrets: exec: ${name}: in eosflow.yaml).`,
    ...(cause === undefined ? {} : { cause }),
  })
}
