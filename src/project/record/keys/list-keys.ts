import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { keyId, storeKeys } from '../../../change/record/seal/store-keys.ts'
import { asGiven } from '../../../model/install-keys.ts'
import { definedMembers } from '../../../model/json.ts'
import type { ListedKey } from '../../../report/key-list.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import { ownVerifier } from '../../app/store/own-verifier.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { sshPrint } from '../../identity/signers/common-server-key.ts'
import { PLAN_NAMESPACE, SERVER_NAMESPACE, signerLine } from '../../identity/ssh/ssh-allowed-signers.ts'
import { INSTALL_KEY, installKeysWith, type KeyName, SIGNING_KEYS } from '../../system/machine/key-files.ts'
import { inputError } from '../../system/process/input-error.ts'

/** Nothing secret is shown, and none is made. */
export async function listKeys(app: RecordApp, caller: SilentCaller): Promise<readonly ListedKey[]> {
  await requireAllowed(app, caller, 'audit.read')
  return [installKey(app), ...(Object.keys(SIGNING_KEYS) as KeyName[]).map((name) => signingKey(app, name))]
}

function installKey({ project, env, cwd, key }: RecordApp): ListedKey {
  const folder = dirname(project.store)
  const file = join(folder, INSTALL_KEY.file)
  const { next } = installKeysWith(key.text, folder, env)
  const isGiven = (env[INSTALL_KEY.env] ?? '') !== ''
  const source = isGiven ? INSTALL_KEY.env : existsSync(file) ? shown(cwd, file) : undefined
  const use = 'reads and writes the store, and keys the digests of switch texts'
  return {
    key: 'install',
    use,
    ...definedMembers({ source }),
    fingerprint: idOf(key.text),
    ...(next === undefined || next === key.text ? {} : { next: idOf(next) }),
    replaced: key.former.length,
    ...(next === key.text ? { isStillNext: true } : {}),
  }
}

const idOf = (installKey: string) => `key id ${keyId(storeKeys(installKey).check)}`

function signingKey({ keys, cwd }: RecordApp, name: KeyName): ListedKey {
  const ring = keys.read(name)
  const { use } = SIGNING_KEYS[name]
  if (ring === undefined) return { key: name, use, replaced: 0 }
  const source = ring.source === SIGNING_KEYS[name].env ? ring.source : shown(cwd, ring.source)
  return { key: name, use, source, fingerprint: sshPrint(ring.key.publicKey), replaced: ring.retired.length }
}

const shown = (cwd: string, path: string) => relative(cwd, path) || path

/** What others need to believe a key: a line for their `trust/allowed_signers`, or the public key of the checkpoints in PEM. */
export function publicForm(
  { keys, key }: Pick<ProjectStore, 'keys' | 'key'>,
  name: KeyName,
  publicKey: string,
): string {
  switch (name) {
    case 'plan':
      return `${signerLine(PLAN_NAMESPACE, publicKey)}\n`
    case 'server':
      return `${signerLine(SERVER_NAMESPACE, publicKey)}\n`
    case 'checkpoint':
      return ownVerifier(keys, asGiven(key)).pem
  }
}

/** The signing key that a word names. Throws InputError. */
export function keyNamed(word: string): KeyName {
  const names = Object.keys(SIGNING_KEYS)
  if (names.includes(word)) return word as KeyName
  const message =
    word === 'install'
      ? 'the install key is never shown: whoever has it can write the record anew'
      : `there is no key \`${word}\``
  const hint = word === 'install' ? `keys that sign: ${names.join(', ')}` : didYouMean(word, names)
  throw inputError('key', 'unknown-key', message, hint)
}
