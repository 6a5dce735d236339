import { EosflowError } from '../../../model/error.ts'
import { Secret } from '../../../model/secret.ts'
import { isFault, readReference } from '../../../model/secret-reference.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import { readSecretFile } from '../../secret/secret-file.ts'
import type { Host } from '../../system/process/host.ts'

export type PasswordAtHand = { readonly secret: Secret } | { readonly why: string }

// An inventory is read at once, and they cannot be.
const lent = new WeakMap<Scrubber, Map<string, Secret>>()

/** Keeps a password for the inventories that this process reads from now on. */
export function keepPassword({ scrubber }: Pick<Host, 'scrubber'>, reference: string, secret: Secret): void {
  const known = lent.get(scrubber) ?? new Map<string, Secret>()
  lent.set(scrubber, known.set(reference, secret))
}

/** How many passwords are kept: where there are more than before, an inventory is read again. */
export function keptPasswords({ scrubber }: Pick<Host, 'scrubber'>): number {
  return lent.get(scrubber)?.size ?? 0
}

/**
 * The password behind a reference: a variable of the environment, a file, or what {@link keepPassword} was given. The scrubber knows it
 * before anybody else.
 */
export function passwordAtHand(
  { scrubber, env = {} }: Pick<Host, 'scrubber'> & Partial<Pick<Host, 'env'>>,
  reference: string,
): PasswordAtHand {
  const kept = lent.get(scrubber)?.get(reference)
  if (kept !== undefined) return { secret: kept }
  const read = readReference(reference)
  if (read === undefined || isFault(read)) return { why: 'it is no reference' }
  if (read.provider === 'exec' || read.provider === 'vault') return { why: `${reference} is not asked for here` }
  try {
    const text =
      read.provider === 'file' ? readSecretFile(read.path) : Object.hasOwn(env, read.name) ? env[read.name] : undefined
    if (text === undefined) return { why: `${reference} is not set` }
    const secret = new Secret(text)
    scrubber.register(secret, reference)
    return { secret }
  } catch (error) {
    if (error instanceof EosflowError) return { why: error.message }
    throw error
  }
}
