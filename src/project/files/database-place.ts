import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PostgresAddress } from '../../change/record/postgres/server-config.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { openSecrets } from '../secret/secrets.ts'
import { INSTALL_KEY, readInstallKey } from '../system/machine/key-files.ts'
import { readRegularText } from '../system/machine/regular-file.ts'
import type { Host } from '../system/process/host.ts'
import { noSeams } from '../system/process/seams.ts'
import type { Project } from './project.ts'
import { projectGuard } from './project-guard.ts'
import type { StoreAddress } from './settings/store-address.ts'

export type DatabaseProject = Project & { readonly database: StoreAddress }

/** The install key that a store in a database was made with. Throws `store` where it is not here. */
export function databaseKey(folder: string, { env, words }: Host): string {
  try {
    return readInstallKey(folder, env)
  } catch (cause) {
    if ((env[INSTALL_KEY.env] ?? '') !== '' || existsSync(join(folder, INSTALL_KEY.file))) throw cause
    throw new EosflowError('store', 'the store is in a database, and its install key is not here', {
      hint: words({ code: 'make-store' }),
      cause,
    })
  }
}

/** Throws `tls` for a file that cannot be read, and InputError for one that somebody else may change. */
export function databaseAddress(
  { dir, database }: Pick<DatabaseProject, 'dir' | 'database'>,
  host: Host,
): PostgresAddress {
  const { password, tls, ...place } = database
  const secrets = openSecrets({
    env: host.env,
    exec: {},
    register: (secret, name) => host.scrubber.register(secret, name),
    now: () => (host.seams ?? noSeams).clock.now(),
  })
  const guard = projectGuard(dir, host)
  const read = (file: string | undefined) => {
    if (file === undefined) return undefined
    const text = pemIn(resolve(dir, file), file)
    guard(file)
    return text
  }
  return {
    ...place,
    ...(password === undefined ? {} : { password: async () => (await secrets.resolveAgain(password)).reveal() }),
    ...(tls && {
      tls: definedMembers({ ca: read(tls.rootCertificate), cert: read(tls.certificate), key: read(tls.key) }),
    }),
  }
}

function pemIn(path: string, shown: string) {
  try {
    return readRegularText(path)
  } catch (cause) {
    throw new EosflowError('tls', `${shown}, which the address of the store names, cannot be read`, {
      hint: 'Check the paths under `store:` in eosflow.yaml.',
      cause,
    })
  }
}
