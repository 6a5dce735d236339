import { EosflowError } from '../model/error.ts'
import { Secret } from '../model/secret.ts'
import { parseReference, type SecretReference } from './reference.ts'
import type { Scrubber } from './scrubber.ts'
import { readSecretFile } from './secret-file.ts'

/** What resolving a secret needs from outside. */
export interface SecretPorts {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Learns every value that is resolved, before anyone can print it. */
  readonly scrubber: Scrubber
  /** Whether the credential belongs to a simulated switch: only then may it be a plain value. */
  readonly simulated: boolean
}

/**
 * The secret behind `${env:NAME}` or `${file:/path}`, registered with the scrubber. Throws `secret` when it is not
 * there, empty, or written out in plain for a switch that is not simulated. No message shows a value.
 */
export async function resolveSecret(text: string, { env, scrubber, simulated }: SecretPorts): Promise<Secret> {
  const reference = parseReference(text)
  if (reference === undefined) return plain(text, simulated)
  const value = await lookUp(reference, env)
  if (value === '') throw new EosflowError('secret', `${text} is empty`)
  const secret = new Secret(value)
  scrubber.register(secret, text)
  return secret
}

function plain(text: string, simulated: boolean): Secret {
  if (simulated) return new Secret(text)
  throw new EosflowError('secret', 'a credential is written out in plain', {
    hint: `Write \${env:NAME} or \${file:/path} in its place, and change the secret if the file was shared.`,
  })
}

function lookUp(reference: SecretReference, env: SecretPorts['env']): Promise<string> | string {
  if (reference.provider === 'file') return readSecretFile(reference.path)
  const value = env[reference.name]
  if (value !== undefined) return value
  throw new EosflowError('secret', `the environment variable ${reference.name} is not set`, {
    hint: `Set it for this command: ${reference.name}=… eosflow …`,
  })
}
