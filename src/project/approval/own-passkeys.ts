import { memberName } from '../../change/policy/subject.ts'
import { EosflowError } from '../../model/error.ts'
import type { RecordApp } from '../app/app.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import type { TrustedPasskey } from '../identity/passkey/trusted-passkeys.ts'
import { passkeysOf } from '../identity/signers/trust.ts'

/** Throws `not-authorised` where there is none. */
export function ownPasskeys(
  { project, clock }: RecordApp,
  { principal }: SilentCaller,
  origin: string,
): readonly TrustedPasskey[] {
  const now = clock.now()
  const own = passkeysOf(project).filter(
    ({ issuer, id, origin: where, validAfter = -Infinity, validBefore = Infinity }) =>
      issuer === principal.issuer && id === principal.id && where === origin && now >= validAfter && now < validBefore,
  )
  const [first] = own
  if (first === undefined) {
    throw new EosflowError('not-authorised', `no passkey of ${memberName(principal)} is trusted at ${origin}`, {
      hint: 'Have a line for it added to trust/passkeys.',
    })
  }
  // A browser is asked for passkeys of one site.
  if (principal.person === undefined || principal.person === first.person) {
    return own.filter(({ rpId }) => rpId === first.rpId)
  }
  const says = first.person === undefined ? 'nobody' : first.person
  throw new EosflowError('not-authorised', `the passkey is of ${says} and the login of ${principal.person}`, {
    hint: `Write person="${principal.person}" into the line of ${first.who} in trust/passkeys: else one human counts as two.`,
  })
}
