import { EosflowError, messageOf } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import {
  type ExecProvider,
  isFault,
  readReference,
  referenceText,
  type SecretReference,
} from '../../model/secret-reference.ts'
import { allowedEnv, ProgramFault, printedBy } from './program.ts'
import { readSecretFile } from './secret-file.ts'
import type { ResolvedValue } from './vault/resolved-value.ts'
import type { Vault } from './vault/vault.ts'

const LARGEST = 65_536

interface ExecRequest {
  readonly name: string
  readonly key?: string
  readonly env: Readonly<Record<string, string | undefined>>
}

// Throws `secret` when it fails, takes too long, or prints more than 64 KiB; then it is killed with everything it has started.
async function execSecret(provider: ExecProvider, request: ExecRequest) {
  const bytes = await printed(commandFor(provider, request), provider, request)
  const text = bytes.toString('utf8').replace(/\r?\n$/, '')
  if (text.includes('\uFFFD') || text.includes('\0')) throw failed(request, 'printed what is not text')
  return text
}

// Throws `secret` where the reference and the command do not fit each other.
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

async function printed(command: readonly [string, ...string[]], { env, seconds }: ExecProvider, request: ExecRequest) {
  try {
    return await printedBy({ command, env: allowedEnv(env, request.env), seconds, longest: LARGEST })
  } catch (error) {
    if (error instanceof ProgramFault) throw failed(request, error.message, error.cause)
    throw error
  }
}

function failed({ name, key }: ExecRequest, why: string, cause?: unknown) {
  return new EosflowError('secret', `\${exec:${name}${key === undefined ? '' : `?${key}`}}: the program ${why}`, {
    hint: `Run its command by hand, as this user (secrets: exec: ${name}: in eosflow.yaml).`,
    ...definedMembers({ cause }),
  })
}

export interface ResolvedReference extends Omit<ResolvedValue, 'secret'> {
  readonly reference: string
  readonly reason?: string
}

export interface SecretPorts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly exec: Readonly<Record<string, ExecProvider>>
  readonly vault?: Vault
  readonly register: (secret: Secret, name: string) => void
  readonly resolved?: (asked: ResolvedReference) => Promise<void>
  /** Wall time in milliseconds. */
  readonly now: () => number
}

export interface Secrets {
  /** The value behind a reference. Throws `secret`, or `unreachable` when its store does not answer now. */
  resolve(reference: string): Promise<Secret>
  /** The value as its store has it now, whatever was asked before. */
  resolveAgain(reference: string): Promise<Secret>
  /** Until when a value is good, in milliseconds of wall time, after asking its store that it be so until `wanted`. */
  goodUntil(reference: string, wanted: number): Promise<number | undefined>
  readonly vault?: Vault
  close(): Promise<readonly string[]>
}

/** Nothing is asked before the first of them is wanted. */
export function openSecrets(ports: SecretPorts): Secrets {
  const { register, now, vault } = ports
  const known = new Map<string, Promise<ResolvedValue>>()

  const failed = async (text: string, error: unknown) => {
    await ports.resolved?.({ reference: text, reason: messageOf(error) })
    return error
  }
  const ask = (reference: SecretReference) => {
    const text = referenceText(reference)
    const asked = askStore(reference, ports).then(
      async (resolved) => {
        if (resolved.secret.isEmpty()) throw await failed(text, new EosflowError('secret', `${text} is empty`))
        register(resolved.secret, text)
        const { secret: _value, ...rest } = resolved
        await ports.resolved?.({ reference: text, ...rest })
        return resolved
      },
      async (error: unknown) => {
        throw await failed(text, error)
      },
    )
    known.set(text, asked)
    asked.catch(() => {
      if (known.get(text) === asked) known.delete(text)
    })
    return asked
  }
  const resolvedOf = async (reference: SecretReference) => {
    const text = referenceText(reference)
    const asked = known.get(text) ?? ask(reference)
    const held = await asked
    if ((held.goodUntil ?? Number.POSITIVE_INFINITY) > now()) return held
    const newer = known.get(text)
    return newer === undefined || newer === asked ? ask(reference) : newer
  }
  const lasting = async (reference: SecretReference, wanted: number) => {
    const text = referenceText(reference)
    const resolved = await resolvedOf(reference)
    const until = vault === undefined ? resolved.goodUntil : await vault.goodUntil(resolved, wanted)
    const isKnown = (await known.get(text)) === resolved
    if (isKnown && until !== undefined) known.set(text, Promise.resolve({ ...resolved, goodUntil: until }))
    return until
  }
  return {
    ...definedMembers({ vault }),
    resolve: async (text) => (await resolvedOf(requireReference(text))).secret,
    resolveAgain: async (text) => (await ask(requireReference(text))).secret,
    goodUntil: async (text, wanted) => {
      const reference = requireReference(text)
      const until = await lasting(reference, wanted)
      return until === undefined || until > now() ? until : lasting(reference, wanted)
    },
    close: async () => {
      known.clear()
      return (await vault?.close()) ?? []
    },
  }
}

function requireReference(text: string) {
  const read = readReference(text)
  if (read === undefined) {
    throw new EosflowError('secret', 'a credential is written out in plain', {
      hint: `Write \${env:NAME} or \${file:/path} in its place, and change the secret if the file was shared.`,
    })
  }
  if (isFault(read)) throw new EosflowError('secret', read.fault, { hint: read.hint })
  return read
}

async function askStore(reference: SecretReference, { env, exec, vault }: SecretPorts) {
  switch (reference.provider) {
    case 'env':
      return { secret: new Secret(variable(reference.name, env)) }
    case 'file':
      return { secret: new Secret(readSecretFile(reference.path)) }
    case 'exec': {
      const provider = Object.hasOwn(exec, reference.name) ? exec[reference.name] : undefined
      if (provider === undefined) throw undeclared(`no program ${reference.name}`, `secrets: exec: ${reference.name}:`)
      return { secret: new Secret(await execSecret(provider, { ...reference, env })) }
    }
    case 'vault':
      if (vault === undefined) throw undeclared('no Vault', 'secrets: vault:')
      return vault.read(reference)
  }
}

function variable(name: string, env: SecretPorts['env']) {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value !== undefined) return value
  throw new EosflowError('secret', `the environment variable ${name} is not set`, {
    hint: `Keep it in a file that only you can read, or have a program print it, and name that in place of \${env:${name}}: \${file:/path}, or \${exec:PROVIDER} (docs/secrets.md).`,
  })
}

function undeclared(what: string, where: string) {
  return new EosflowError('secret', `the settings declare ${what}`, {
    hint: `Declare it under ${where} in eosflow.yaml.`,
  })
}
