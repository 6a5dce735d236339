import { EosflowError } from '../../../model/error.ts'
import type { TransportKind } from '../../../model/transport-kind.ts'

export interface FirstSight {
  readonly device: string
  readonly who: 'the switch' | 'the jump host'
  readonly host: string
  readonly port: number
  readonly transport: TransportKind
  readonly what: 'host key' | 'certificate key'
  readonly fingerprint: string
  readonly file: string
  readonly line: string
  readonly compareWith: string
}

export type TrustAtFirstSight = (sight: FirstSight) => Promise<boolean>

/** `tls`: a key that is not known yet. */
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

/** Connects; when the key is not known and a person trusts it, connects once more. */
export async function withFirstSight<T>(connect: () => Promise<T>, trust: TrustAtFirstSight | undefined): Promise<T> {
  try {
    return await connect()
  } catch (thrown) {
    if (!(thrown instanceof UnknownKeyError) || trust === undefined || !(await trust(thrown.sight))) throw thrown
    return connect()
  }
}
