import { memberName } from '../../change/policy/policy.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import type { RecordApp } from '../app/app.ts'
import { PASSKEY_FILE } from '../files/loaded-policy.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { parsePasskeys, passkeyLine, type TrustedPasskey } from '../identity/passkey/trusted-passkeys.ts'
import { madePasskey, readWebauthnKey, strictBase64Url } from '../identity/passkey/webauthn-key.ts'
import { passkeysOf } from '../identity/signers/trust.ts'
import { orProblems } from '../system/process/input-error.ts'

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

type NewPasskey = {
  readonly origin: string
  readonly rpId?: string
} & ({ readonly attestationObject: string } | { readonly credential: string; readonly key: string })

/**
 * The line of `trust/passkeys` for a new passkey of whoever is calling, to be added by a reviewed commit: until then it approves nothing, and
 * nothing is stored. Throws `not-authorised` for whoever is no person, `protocol` for a passkey that would not be taken, InputError for an
 * origin without passkeys.
 */
export function newPasskeyLine({ principal }: SilentCaller, passkey: NewPasskey): string {
  const { origin, rpId } = passkey
  const { kind, onBehalfOf, person } = principal
  if (kind !== 'person' || onBehalfOf !== undefined) {
    throw new EosflowError('not-authorised', `only a person has a passkey, and ${principal.id} is none`)
  }
  const site = rpId ?? (URL.canParse(origin) ? new URL(origin).hostname : origin)
  const made =
    'key' in passkey
      ? { credential: passkey.credential, key: readWebauthnKey(bytesOf(passkey.key)).spki }
      : madePasskey(bytesOf(passkey.attestationObject), site)
  const who = memberName(principal)
  const line = passkeyLine({ who, origin, rpId: site, ...definedMembers({ person }), ...made })
  orProblems(parsePasskeys(line, PASSKEY_FILE))
  return line
}

function bytesOf(text: string) {
  const bytes = strictBase64Url(text)
  if (bytes !== undefined) return bytes
  throw new EosflowError('protocol', 'what the browser gave for the passkey is not base64url')
}
