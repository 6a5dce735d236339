import type { Ledger } from '../../../change/engine/ledger.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { CredentialSource, SecretSource } from '../../../change/inventory/credentials.ts'
import type { Inventory } from '../../../change/inventory/inventory.ts'
import { UNTOUCHED } from '../../../eos/device/history.ts'
import type { RotationStanding } from '../../../eos/device/two-logins.ts'
import { aroundName, pendingPath, type SecretSpec } from '../../../model/around.ts'
import type { Random } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { ownMember } from '../../../model/json.ts'
import { newHash, newSecretText, type RotatedSecret } from '../../../model/rotated-secret.ts'
import { Secret } from '../../../model/secret.ts'
import { matchesSha512Crypt } from '../../../model/sha512-crypt.ts'
import { spokenSwitches } from '../../../report/phrases/spoken.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Secrets } from '../../secret/secrets.ts'
import type { Vault } from '../../secret/vault/vault.ts'

// The field of a pending secret that holds it, and the one of its hash.
const FIELD = 'secret'
const HASH = 'sha512'
// How often a pending secret is looked for before it is given up: somebody else may make one at the same moment.
const TRIES = 3

export interface PendingSecret extends RotatedSecret {
  readonly version: number
}

/** The reference to the pending secret of a rotation. */
export function pendingReference(spec: Pick<SecretSpec, 'path'>): string {
  return `\${vault:${pendingPath(spec)}#${FIELD}}`
}

/** The secret that is pending now; undefined where there is none. Throws `secret` where what is kept there was not made by eosflow, and as Vault does. */
export async function pendingSecret(vault: Vault, spec: Pick<SecretSpec, 'path'>): Promise<PendingSecret | undefined> {
  return (await newestPending(vault, spec)).pending
}

// The newest version there, and the secret that it holds; 0 and none where there was never one.
async function newestPending(
  vault: Vault,
  spec: Pick<SecretSpec, 'path'>,
): Promise<{ readonly version: number; readonly pending: PendingSecret | undefined }> {
  const { version, fields } = await vault.fields(pendingPath(spec))
  if (fields === undefined) return { version, pending: undefined }
  const { [FIELD]: text, [HASH]: sha512 } = fields
  if (typeof text === 'string' && typeof sha512 === 'string' && matchesSha512Crypt(text, sha512))
    return { version, pending: { secret: new Secret(text), sha512, version } }
  throw new EosflowError('secret', `${pendingPath(spec)} in Vault holds no pending secret of eosflow`, {
    hint: 'Delete it there: eosflow makes another one.',
  })
}

/** The pending secret, read back; one that is not there is made. A second plan of the same rotation finds that of the first. */
export async function pendingOrNew(vault: Vault, random: Random, spec: SecretSpec): Promise<PendingSecret> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { version, pending } = await newestPending(vault, spec)
    if (pending !== undefined) return pending
    const secret = new Secret(newSecretText(random, spec.length))
    const fields = { [FIELD]: secret.reveal(), [HASH]: newHash(secret, random) }
    await vault.write(pendingPath(spec), fields, version).catch((error: unknown) => {
      // Whether it was written shows when it is read.
      if (!(error instanceof EosflowError) || error.kind !== 'lost-answer') throw error
    })
  }
  throw new EosflowError('secret', `${pendingPath(spec)} in Vault: what was written there cannot be read back`)
}

function logsInWith({ password }: CredentialSource, spec: SecretSpec) {
  return isOf(password, spec)
}

/** The switches of the inventory on which eosflow logs in with a secret that is rotated. */
export function switchesBehind(
  { credentials, devices }: Pick<Inventory, 'credentials' | 'devices'>,
  spec: SecretSpec,
): readonly string[] {
  const logsIn = (user: string | undefined) => {
    const source = user === undefined ? undefined : ownMember(credentials, user)
    return source !== undefined && logsInWith(source, spec)
  }
  return devices.flatMap((one) => (logsIn(one.credentials) || logsIn(one.readCredentials) ? [one.name] : []))
}

/** Throws `guard` where eosflow logs in with the secret to a switch that is not selected: it would keep the old one, and Vault have the new one alone. */
export function requireEverySwitch(inventory: Inventory, spec: SecretSpec, targets: readonly string[]): void {
  const selected = new Set(targets)
  const others = switchesBehind(inventory, spec).filter((name) => !selected.has(name))
  if (others.length === 0) return
  const message = `eosflow logs in to ${spokenSwitches(others)} with ${spec.path}#${spec.field} too, and the change is not for ${others.length === 1 ? 'it' : 'them'}`
  throw new EosflowError('guard', message, {
    hint: 'Rotate it on all of them in one change, in waves, or give the others a login with another secret in the inventory.',
  })
}

export interface LoginRotation {
  /** Whether a user of the inventory logs in with the secret that is replaced. */
  concerns(source: CredentialSource): boolean
  readonly reference: string
  /** The reference to the old one: the version that the change has found before its first push, since somebody else may have written another one. */
  oldReference(): string | undefined
  standing(device: string): RotationStanding
}

/** `ledger` gives the record once there is one. */
export function loginRotation(spec: SecretSpec, ledger: () => Ledger | undefined): LoginRotation {
  return {
    concerns: (source) => logsInWith(source, spec),
    reference: pendingReference(spec),
    oldReference: () => {
      const { current } = versionsOnRecord(ledger()?.state, spec) ?? {}
      return current === undefined ? undefined : oldReference(spec, current)
    },
    standing: (device) => standingOf(ledger()?.state, device),
  }
}

function oldReference({ path, field }: SecretSpec, current: number) {
  return `\${vault:${path}#${field}@${current}}`
}

/**
 * Has both secrets of a rotation known to this process, so that it logs in to the switches also where Vault says nothing any more. Throws as Vault does where it
 * does not give one of them.
 */
export async function knowBoth(
  secrets: Pick<Secrets, 'resolve'>,
  spec: SecretSpec,
  { current }: SecretVersions,
): Promise<void> {
  await secrets.resolve(oldReference(spec, current))
  await secrets.resolve(pendingReference(spec))
}

/** Throws as Vault does where it gives neither: nobody could log in, and what is only not read would be called unknown. */
export async function knowEither(
  secrets: Pick<Secrets, 'resolve'>,
  spec: SecretSpec,
  { current }: SecretVersions,
): Promise<void> {
  const asked = [oldReference(spec, current), pendingReference(spec)].map((one) => secrets.resolve(one))
  const found = await Promise.allSettled(asked)
  const [first] = found
  if (first?.status === 'rejected' && found.every(({ status }) => status === 'rejected')) throw first.reason
}

export interface SecretVersions {
  readonly pending: number
  readonly current: number
}

/** The versions as they are on record; undefined before the change of the secret has begun. */
export function versionsOnRecord(
  state: Pick<ExecutionState, 'around'> | undefined,
  spec: SecretSpec,
): SecretVersions | undefined {
  const entry = state?.around?.names.indexOf(aroundName(spec)) ?? -1
  return versionsIn(state?.around?.entries[entry]?.id)
}

/** The versions as the record of a beginning has them: `pending/current`; undefined for anything else. */
export function versionsIn(id: string | undefined): SecretVersions | undefined {
  const [, pending, current] = /^(\d+)\/(\d+)$/.exec(id ?? '') ?? []
  return pending === undefined || current === undefined
    ? undefined
    : { pending: Number(pending), current: Number(current) }
}

const LIVE: ReadonlySet<string> = new Set(['arming', 'armed', 'confirming', 'confirmed', 'saving', 'saved', 'aborting'])
const TIMED: ReadonlySet<string> = new Set(['arming', 'armed', 'confirming', 'aborting'])

function standingOf(state: ExecutionState | undefined, device: string): RotationStanding {
  const { phase, armedAt, timer } = state?.devices.get(device) ?? UNTOUCHED
  const isLive = LIVE.has(phase) && state?.ends.get(device) === undefined
  if (!isLive || !TIMED.has(phase) || armedAt === undefined || timer === undefined) return { isLive }
  return { isLive, until: armedAt + timer * 1000 }
}

/** Throws `secret` where they declare none. */
export function requireVault(vault: Vault | undefined): Vault {
  if (vault !== undefined) return vault
  throw new EosflowError('secret', 'the settings declare no Vault', {
    hint: 'A secret that is rotated is kept in Vault: declare it under secrets: vault: in eosflow.yaml.',
  })
}

/** The secret that a change rotates; undefined where it rotates none. Throws `guard` where it rotates several. */
export function rotatedBy(around: readonly { readonly around: string }[] | undefined): SecretSpec | undefined {
  const found = (around ?? []).filter((one): one is SecretSpec => one.around === 'secret')
  if (found.length < 2) return found[0]
  throw new EosflowError('guard', 'a change rotates one secret, and this one has several', {
    hint: 'Rotate one behind the other: else nobody knows which switch has which.',
  })
}

// The members of a credential in which a secret is not replaced: eosflow tries two passwords, and one of everything else.
const TRIED_ONCE = ['key', 'passphrase', 'enable'] as const

/**
 * Throws `guard` where the inventory has the secret in another place than the password of a user of switches: it would be wrong there as soon as Vault or the
 * switches have the new one, and nothing would have tried it.
 */
export function requirePasswordsAlone(
  { credentials, devices }: Pick<Inventory, 'credentials' | 'devices'>,
  spec: SecretSpec,
): void {
  for (const [name, source] of Object.entries(credentials)) {
    const member = TRIED_ONCE.find((one) => isOf(source[one], spec))
    if (member === undefined) continue
    throw new EosflowError('guard', `the credential ${name} uses ${spec.path}#${spec.field} as its ${member}`, {
      hint: 'A rotation proves passwords alone: keep this one under another path or field of Vault.',
    })
  }
  for (const { via = [] } of devices) {
    for (const hop of via) {
      const source = ownMember(credentials, hop.credentials)
      if (source === undefined || !isOf(source.password, spec)) continue
      throw new EosflowError('guard', `jump host ${hop.name} is logged in to with ${spec.path}#${spec.field}`, {
        hint: 'Its password is not changed by the change of switches: give it a credential with another secret.',
      })
    }
  }
}

function isOf(source: SecretSource | undefined, { path, field }: SecretSpec) {
  return source?.provider === 'vault' && source.path === path && source.field === field
}

/** Throws `guard` where a login of the inventory names one version of the secret that is rotated: behind the rotation it would be the old one. */
export function requireUnpinned({ credentials }: Pick<Inventory, 'credentials'>, spec: SecretSpec): void {
  for (const [name, source] of Object.entries(credentials)) {
    const { password } = source
    if (!logsInWith(source, spec) || password?.provider !== 'vault' || password.version === undefined) continue
    throw new EosflowError('guard', `the credential ${name} names version ${password.version} of ${spec.path}`, {
      hint: 'Leave out @ and the number in the inventory: behind a rotation the newest version is the good one.',
    })
  }
}

/** The application with the pending secret in the place of the invented one: what templates read as `rotated`. */
export function withRotated<A extends RecordApp>(app: A, { secret, sha512 }: PendingSecret): A {
  const { files } = app.project
  app.scrubber.register(secret, 'the pending secret')
  return {
    ...app,
    project: {
      ...app.project,
      files: Object.assign((path: string) => files(path), files, { rotated: { secret, sha512 } }),
    },
  }
}
