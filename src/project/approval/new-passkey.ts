import { memberName } from '../../change/policy/subject.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { PASSKEY_FILE } from '../files/loaded-policy.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { parsePasskeys, passkeyLine } from '../identity/passkey/trusted-passkeys.ts'
import { madePasskey, readWebauthnKey, strictBase64Url } from '../identity/passkey/webauthn-key.ts'
import { orProblems } from '../system/process/input-error.ts'

export type NewPasskey = {
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
