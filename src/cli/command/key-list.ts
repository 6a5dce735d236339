import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { requireAllowed } from '../../app/policy/authority.ts'
import { count } from '../../report/count.ts'
import { INSTALL_KEY } from '../../system/install-key.ts'
import { type KeyName, SIGNING_KEYS } from '../../system/signing-keys.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { sshPrint } from '../key-print.ts'

/** One key of an installation, as the list shows it. */
interface ListedKey {
  readonly key: string
  readonly use: string
  /** The name of an environment variable, or a file; absent for one that is not there yet. */
  readonly source?: string
  readonly fingerprint?: string
  /** How many keys it has replaced. */
  readonly replaced: number
}

/** The keys of this installation. Nothing secret is shown, and none is made. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    await requireAllowed(app, caller, 'audit.read')
    const keys = [
      installKey(context),
      ...(Object.keys(SIGNING_KEYS) as KeyName[]).map((name) => signingKey(context, name)),
    ]
    io.out(global.json ? `${JSON.stringify({ version: 1, keys })}\n` : keys.map(keyLines).join(''))
    return 0
  })
}

function installKey({ app: { project }, invocation: { io } }: CommandContext): ListedKey {
  const file = join(dirname(project.store), INSTALL_KEY.file)
  const isGiven = (io.env[INSTALL_KEY.env] ?? '') !== ''
  const source = isGiven ? INSTALL_KEY.env : existsSync(file) ? shown(io.cwd, file) : undefined
  const use = 'reads and writes the store, and keys the digests of switch texts'
  return { key: 'install', use, ...(source === undefined ? {} : { source }), replaced: 0 }
}

function signingKey({ app, invocation: { io } }: CommandContext, name: KeyName): ListedKey {
  const ring = app.keys.read(name)
  const { use } = SIGNING_KEYS[name]
  if (ring === undefined) return { key: name, use, replaced: 0 }
  const source = ring.source === SIGNING_KEYS[name].env ? ring.source : shown(io.cwd, ring.source)
  return { key: name, use, source, fingerprint: sshPrint(ring.key.publicKey), replaced: ring.retired.length }
}

const shown = (cwd: string, path: string): string => relative(cwd, path) || path

function keyLines({ key, use, source, fingerprint, replaced }: ListedKey): string {
  const from = source === undefined ? 'made the first time that it is needed' : source
  const before = replaced === 0 ? '' : `, has replaced ${count(replaced, 'key')}`
  return `${key.padEnd(12)}${use}\n${' '.repeat(12)}${from}${before}\n${fingerprint === undefined ? '' : `${' '.repeat(12)}${fingerprint}\n`}`
}
