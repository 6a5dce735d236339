import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { StoreAddress } from '../inventory/store-address.ts'
import { quarantineSeconds } from '../inventory/worker-settings.ts'
import { ClockRule } from '../journal/clock-rule.ts'
import type { PostgresAddress } from '../journal/postgres/address.ts'
import { openPostgresStore } from '../journal/postgres/open-postgres-store.ts'
import type { PostgresStore } from '../journal/postgres/postgres-store.ts'
import { unlimitedRoom } from '../journal/room.ts'
import type { Actor } from '../journal/store.ts'
import { EosflowError } from '../model/error.ts'
import type { Principal } from '../model/principal.ts'
import { Secret } from '../model/secret.ts'
import { openSecrets } from '../secret/secrets.ts'
import { INSTALL_KEY, installKeysWith, readInstallKey, settleInstallKey } from '../system/install-key.ts'
import { openSeenRecords } from '../system/seen-records.ts'
import { segmentFiles } from '../system/segment-files.ts'
import { seedsIn, signingKeys } from '../system/signing-keys.ts'
import { VERSION } from '../version.ts'
import { withAnchored } from './audit/anchored-head.ts'
import { ownSigner } from './audit/own-signer.ts'
import { ownVerifier } from './audit/own-verifier.ts'
import { withFetchedKey } from './fetched-key.ts'
import type { Host } from './host.ts'
import { keptFromPrint } from './kept-from-print.ts'
import type { Project } from './project.ts'
import { projectGuard } from './project-guard.ts'
import { noSeams } from './seams.ts'
import { bringHereIfClosed } from './store/brought-here.ts'
import { lostTailOf, recordMissing } from './store/missing-records.ts'
import { recordDeaths, recordingDeaths } from './worker-deaths.ts'
import { machinePrincipal, workerName } from './worker-principal.ts'

/** A project whose store is in a database. */
export type DatabaseProject = Project & { readonly database: StoreAddress }

/**
 * Opens the store of a project that is in a database. `drives`: the sites that this process drives executions for, `worker`: who it is on
 * record then, else this machine. Throws `store`, and `secret` where its password is not had.
 */
export async function openProjectDatabase(
  project: DatabaseProject,
  given: Host,
  {
    drives,
    worker = machinePrincipal(),
    serves = false,
    despiteCheckpointKey = false,
  }: {
    readonly drives?: readonly string[]
    readonly worker?: Principal
    readonly serves?: boolean
    readonly despiteCheckpointKey?: boolean
  },
) {
  const host = await withFetchedKey(project, given)
  const seams = host.seams ?? noSeams
  const { clock, journal } = seams
  const folder = dirname(project.store)
  const installKeys = keptFromPrint(host, installKeysWith(databaseKey(folder, host), folder, host.env))
  for (const seed of seedsIn(folder)) host.scrubber.register(new Secret(seed), 'a signing key')
  const { ttl, beat, durability } = project.settings.workers
  const address = databaseAddress(project, host)
  const clockRule: ClockRule = new ClockRule(clock, async () => (await store.head()).latest)
  await bringHereIfClosed(address, project.store)
  const keys = signingKeys(folder, host.env)
  let keyFault: EosflowError | undefined
  const { store, claims, workers, notes, installKey } = await openPostgresStore({
    address,
    installKey: installKeys,
    checkpointKey: (before) => {
      try {
        return ownSigner(host, keys, before)
      } catch (error) {
        if (!despiteCheckpointKey || !(error instanceof EosflowError)) throw error
        keyFault = error
        return undefined
      }
    },
    clock,
    scrub: (text) => host.scrubber.scrub(text),
    admit: () => clockRule.require(),
    worker: {
      kind: drives === undefined ? (serves ? 'server' : 'client') : 'worker',
      name: workerName(worker),
      sites: drives ?? [],
      version: VERSION,
      ttl: ttl * 1000,
      beat: beat * 1000,
    },
    quarantineSeconds: quarantineSeconds(project.settings.workers),
    isReplicated: durability === 'replicated',
    isClockHeld: seams === noSeams,
    segments: segmentFiles(folder),
    memory: (origin, process) =>
      withAnchored(openSeenRecords(folder, origin, process), project, origin, ownVerifier(keys, installKeys)),
    missed: () => void missed().catch(() => undefined),
  })
  // Whoever could not put it on record refuses all the same, and the next one tries.
  const missed = (): Promise<void> => recordMissing(store, machinePrincipal())
  if (store.missing.length > 0) await missed().catch(() => undefined)
  const deaths = (): Promise<void> => recordDeaths(workers, store.as(worker))
  await deaths().catch(() => undefined)
  await signedToday(store)
  settleInstallKey(folder, installKey.text)
  return {
    store,
    audit: store.audit,
    journalAs: (actor: Actor) => journal(recordingDeaths(store.as(actor), deaths)),
    claims,
    workers,
    notes,
    retirement: store.retirement,
    address,
    lostTail: () => lostTailOf(store),
    leases: store,
    room: unlimitedRoom,
    isLost: () => false,
    clock,
    clockRule,
    key: installKey,
    keys,
    ...(keyFault === undefined ? {} : { keyFault }),
  }
}

/** Signs the checkpoint of the day. A store that is not what was sealed is not opened. */
async function signedToday(store: PostgresStore): Promise<void> {
  try {
    await store.audit.checkpointDaily()
  } catch (error) {
    await store.close()
    throw error
  }
}

/** The install key that a store in a database was made with. None is made. Throws `store` where it is not here. */
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

/** Where the database of a project is, with what its server and this process prove themselves by. Throws `tls` for a file that cannot be read, and InputError for one that somebody else may change. */
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
  const read = (file: string): string => {
    const text = pemIn(resolve(dir, file), file)
    guard(file)
    return text
  }
  return {
    ...place,
    ...(password === undefined ? {} : { password: async () => (await secrets.resolveAgain(password)).reveal() }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.rootCertificate === undefined ? {} : { ca: read(tls.rootCertificate) }),
            ...(tls.certificate === undefined ? {} : { cert: read(tls.certificate) }),
            ...(tls.key === undefined ? {} : { key: read(tls.key) }),
          },
        }),
  }
}

function pemIn(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new EosflowError('tls', `${shown}, which the address of the store names, cannot be read`, {
      hint: 'Check the paths under `store:` in eosflow.yaml.',
      cause,
    })
  }
}
