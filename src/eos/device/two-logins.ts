import { EosflowError } from '../../model/error.ts'
import { type Credential, type Device, type DeviceCaller, type DeviceTarget, patienceOf, wrapDevice } from './device.ts'

type LoginAge = 'old' | 'new'

export interface TwoLogins {
  /** Those that may be tried now, the likelier one first; of a `proof` the new one alone. Throws `unauthenticated` where it is too soon to try again. */
  order(isProof: boolean): readonly LoginAge[]
  /** Throws `secret`, `unreachable`. */
  credential(age: LoginAge): Promise<Credential>
  accepted(age: LoginAge): void
  refused(age: LoginAge): void
}

interface EitherLogin {
  readonly device: Device
  loosen(): void
}

/** A new connection of a user of whom the switch takes one of two logins: a read that is refused is sent once more with the other one. What writes goes over the connection that has answered last, and is never sent twice. */
export function eitherLogin(
  connect: (credential: Credential) => Promise<Device>,
  target: DeviceTarget,
  logins: TwoLogins,
  isProof: boolean,
): EitherLogin {
  const open = new Map<LoginAge, Promise<Device>>()
  let last: LoginAge | undefined
  let proves = isProof

  const opened = (age: LoginAge) => {
    const held = open.get(age)
    if (held !== undefined) return held
    const made = logins.credential(age).then(connect)
    open.set(age, made)
    made.catch(() => open.delete(age))
    return made
  }
  // A connection that was refused may be of no use any more, over SSH: another one is made where its login is tried again.
  const dropped = async (age: LoginAge) => {
    const held = open.get(age)
    open.delete(age)
    await held?.then((device) => device.close()).catch(() => undefined)
  }
  const read: DeviceCaller = async (ask) => {
    let refusal: unknown
    for (const age of logins.order(proves)) {
      try {
        const answer = await ask(await opened(age))
        logins.accepted(age)
        last = age
        return answer
      } catch (error) {
        if (!(error instanceof EosflowError) || error.kind !== 'unauthenticated') throw error
        logins.refused(age)
        refusal = error
        await dropped(age)
      }
    }
    throw refusal
  }
  const write: DeviceCaller = async (send) => send(await opened(last ?? logins.order(proves)[0] ?? 'old'))
  const close = async () => {
    const held = [...open.values()]
    open.clear()
    await Promise.allSettled(held.map(async (made) => (await made).close()))
  }
  return {
    device: wrapDevice({ name: target.name, ...patienceOf(target), close }, { read, write }),
    loosen: () => {
      proves = false
    },
  }
}

export interface RotationStanding {
  /** Whether the new secret is in force there, as far as the record says. */
  readonly isLive: boolean
  /** When its commit timer has put it back, in milliseconds of wall time; absent where none runs. */
  readonly until?: number
}

// How often one login is tried in vain before it is let rest: an account may be locked behind three.
const MOST_REFUSALS = 2
// For how many milliseconds both rest where no commit timer says it, and how long behind the end of one.
const REST = 20_000
const BEHIND_TIMER = 3_000

/** `now` is wall time in milliseconds. */
export function twoLogins({
  name,
  user,
  credential,
  standing,
  now,
}: Pick<TwoLogins, 'credential'> & {
  readonly name: string
  readonly user: string
  readonly standing: () => RotationStanding
  readonly now: () => number
}): TwoLogins {
  let taken: { readonly age: LoginAge; readonly isLive: boolean } | undefined
  const refusals = { old: 0, new: 0 }
  let quietUntil = Number.NEGATIVE_INFINITY

  const requireRested = () => {
    if (now() >= quietUntil) return
    const message = `${name}: ${user} was refused with the old and the new secret, and is not tried again before ${new Date(quietUntil).toISOString()}, so that the user is not locked out`
    throw new EosflowError('unauthenticated', message, { device: name })
  }
  return {
    credential,
    order: (isProof) => {
      requireRested()
      const { isLive } = standing()
      if (isProof && isLive) {
        if (refusals.new < MOST_REFUSALS) return ['new']
        const message = `${name}: ${user} was refused with the new secret ${MOST_REFUSALS} times, and is not tried again, so that the user is not locked out`
        throw new EosflowError('unauthenticated', message, { device: name })
      }
      const first = taken?.isLive === isLive ? taken.age : isLive ? 'new' : 'old'
      return first === 'new' ? ['new', 'old'] : ['old', 'new']
    },
    accepted: (age) => {
      const { isLive } = standing()
      taken = { age, isLive }
      refusals[age] = 0
      if (age === 'old' && !isLive) refusals.new = 0
    },
    refused: (age) => {
      refusals[age] += 1
      if (refusals.old === 0 || refusals.new === 0) return
      const { until } = standing()
      quietUntil = until === undefined ? now() + REST : Math.max(until + BEHIND_TIMER, now() + REST)
      refusals.old = 0
    },
  }
}
