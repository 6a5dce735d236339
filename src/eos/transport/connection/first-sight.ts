import { EosflowError } from '../../../model/error.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'

/** A key that a switch or a jump host shows and that nothing vouches for yet: what a person compares with its console. */
export interface FirstSight {
  /** The switch, by inventory name, or the jump host. */
  readonly device: string
  /** Who that is, in words. */
  readonly who: 'the switch' | 'the jump host'
  readonly host: string
  readonly port: number
  /** Over which transport it was shown. */
  readonly transport: TransportKind
  /** Which key it is, as a person calls it. */
  readonly what: 'host key' | 'certificate key'
  /** As the console of the switch and the usual tools print it. */
  readonly fingerprint: string
  /** The file that would vouch for it, as the inventory names it. */
  readonly file: string
  /** The line that would do so. */
  readonly line: string
  /** The command there that prints the fingerprint to compare with. */
  readonly compareWith: string
}

/** Asks a person whether to trust a key from now on, and writes it down if so. False when nobody can be asked, too. */
export type TrustAtFirstSight = (sight: FirstSight) => Promise<boolean>

/** `tls`: a key that is not known yet. Nothing was sent. */
export class UnknownKeyError extends EosflowError {
  readonly sight: FirstSight

  constructor(sight: FirstSight, hint: string) {
    const { device, who, what, file, host, port, fingerprint } = sight
    super('tls', `${device}: ${file} holds no ${what} of ${host} port ${port}; ${who} shows ${fingerprint}`, {
      device,
      hint,
    })
    this.sight = sight
  }
}

/**
 * Connects; when the key is not known and a person trusts it, connects once more. No connection stays open while the
 * person looks: a switch gives a login less time than a look at its console takes.
 */
export async function withFirstSight<T>(connect: () => Promise<T>, trust: TrustAtFirstSight | undefined): Promise<T> {
  try {
    return await connect()
  } catch (thrown) {
    if (!(thrown instanceof UnknownKeyError) || trust === undefined || !(await trust(thrown.sight))) throw thrown
    return connect()
  }
}
