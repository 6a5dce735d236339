import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import type { Secret } from '../../../model/secret.ts'
import { createPrivate } from './private-file.ts'
import type { VerifiedToken } from './verify-token.ts'

// For how long after its token has run out a mark stays: a process that verified the token in time may begin later.
const STAYS = 86_400_000

/** Marks a name as used for so many milliseconds, for all processes that share what it marks in. */
export type Spend = (name: string, lasts: number) => Promise<boolean>

/** Puts on record, in the folder `place` or where it marks, that a token has begun an execution. Throws `not-authorised` when it had begun one before: whoever has read it in a log may not use it again. */
export async function spendToken(
  place: string | Spend,
  token: Secret,
  verified: VerifiedToken,
  now: number,
): Promise<void> {
  const { issuer, claims, expires } = verified
  const [header, payload] = token.reveal().split('.')
  const own = typeof claims.jti === 'string' ? `jti|${claims.jti}` : `jws|${header}.${payload}`
  const until = expires + issuer.clockTolerance * 1000
  if (await spendOnce(place, `${issuer.issuer}|${own}`, until, now)) return
  throw new EosflowError('not-authorised', `the token of ${issuer.name} has begun an execution before`, {
    hint: 'A token of a job begins one execution: let the job get another one for the next.',
  })
}

/** Marks in the folder `place`, or where it marks, that a token was used. `name` is its alone, `until` is when it is refused for its age, in milliseconds since the epoch. */
export async function spendOnce(place: string | Spend, name: string, until: number, now: number): Promise<boolean> {
  if (typeof place === 'function') return place(name, until - now + STAYS)
  await forgetExpired(place, now)
  return createPrivate(join(place, `${until}-${createHash('sha256').update(name).digest('hex')}`), '')
}

async function forgetExpired(folder: string, now: number) {
  const names = await readdir(folder).catch(() => [])
  const old = names.filter((name) => Number.parseInt(name, 10) + STAYS < now)
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true })))
}
