import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { ListedKey } from '../../report/key-list.ts'
import { INSTALL_KEY } from '../../system/install-key.ts'
import { type KeyName, SIGNING_KEYS } from '../../system/signing-keys.ts'
import type { App } from '../app.ts'
import { requireAllowed } from '../policy/authority.ts'
import { sshPrint } from './ssh-print.ts'

/** The keys of this installation. Nothing secret is shown, and none is made. */
export async function listKeys(app: App): Promise<readonly ListedKey[]> {
  await requireAllowed(app, 'audit.read')
  return [installKey(app), ...(Object.keys(SIGNING_KEYS) as KeyName[]).map((name) => signingKey(app, name))]
}

function installKey({ project, console: io }: App): ListedKey {
  const file = join(dirname(project.store), INSTALL_KEY.file)
  const isGiven = (io.env[INSTALL_KEY.env] ?? '') !== ''
  const source = isGiven ? INSTALL_KEY.env : existsSync(file) ? shown(io.cwd, file) : undefined
  const use = 'reads and writes the store, and keys the digests of switch texts'
  return { key: 'install', use, ...(source === undefined ? {} : { source }), replaced: 0 }
}

function signingKey({ desk, console: io }: App, name: KeyName): ListedKey {
  const ring = desk.keys.read(name)
  const { use } = SIGNING_KEYS[name]
  if (ring === undefined) return { key: name, use, replaced: 0 }
  const source = ring.source === SIGNING_KEYS[name].env ? ring.source : shown(io.cwd, ring.source)
  return { key: name, use, source, fingerprint: sshPrint(ring.key.publicKey), replaced: ring.retired.length }
}

const shown = (cwd: string, path: string): string => relative(cwd, path) || path
