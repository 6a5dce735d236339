import { isSameBytes } from '../../../model/constant-time.ts'
import { matchesSha512Crypt } from '../../../model/sha512-crypt.ts'
import type { Switch } from '../switch/switch.ts'
import { md5Crypt } from './md5-crypt.ts'

/** A secret as a configuration holds it: `sha512 $6$…`, `5 $1$…` or, in a text no switch printed, `0 word`. */
export interface StoredSecret {
  readonly scheme: 'sha512' | '5' | '0'
  readonly value: string
}

/** The secret in the words `[sha512|5|0] VALUE`; undefined for a scheme that cannot be checked (`*`, `7`, `8a`). */
export function readSecret(words: string): StoredSecret | undefined {
  const [first = '', second] = words.trim().split(/\s+/)
  if (second === undefined) return first === '' || first === '*' ? undefined : { scheme: '0', value: first }
  return first === 'sha512' || first === '5' || first === '0' ? { scheme: first, value: second } : undefined
}

/** Checking a hash costs thousands of rounds: a password that fitted once is remembered per switch. */
const FITTED = new WeakMap<Switch, Set<string>>()

/** Whether a password is the one behind a stored secret. eAPI and SSH share what has been verified. */
export function secretFits(device: Switch, secret: StoredSecret, password: string): boolean {
  const key = `${secret.value} ${password}`
  const fitted = FITTED.get(device) ?? new Set()
  if (fitted.has(key)) return true
  if (!matches(secret, password)) return false
  FITTED.set(device, fitted.add(key))
  return true
}

function matches({ scheme, value }: StoredSecret, password: string): boolean {
  if (scheme === 'sha512') return matchesSha512Crypt(password, value)
  if (scheme === '0') return same(password, value)
  const salt = /^\$1\$([^$]{1,8})\$/.exec(value)?.[1]
  return salt !== undefined && same(md5Crypt(password, salt), value)
}

function same(a: string, b: string): boolean {
  return isSameBytes(Buffer.from(a), Buffer.from(b))
}
