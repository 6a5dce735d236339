import { createHmac, hkdfSync } from 'node:crypto'
import { sha256 } from './digest.ts'

/**
 * What `$states.context.Task.Token` is wherever data is computed, shown or kept: the token itself is a password and
 * exists only on the wire. Its characters stand unchanged in JSON, in a URL and in a header.
 */
export const TASK_TOKEN = '__eosflow-task-token__'

const PREFIX = 'eosflow-task-'
const FORM = /^eosflow-task-[A-Za-z0-9_-]{43}$/

/** Made from the install key and never stored, so that the same attempt has the same token after a crash, and every other attempt another one. */
export function taskToken(installKey: string, execution: string, attemptKey: string): string {
  const key = Buffer.from(hkdfSync('sha256', installKey, '', 'eosflow-task-token-v1', 32))
  const mac = createHmac('sha256', key)
    .update(JSON.stringify([execution, attemptKey]))
    .digest('base64url')
  return PREFIX + mac
}

/** The name of a token in the journal: its SHA-256, from which it cannot be found. */
export function taskTokenDigest(token: string): string {
  return sha256(token)
}

export function isTaskToken(text: string): boolean {
  return FORM.test(text)
}
