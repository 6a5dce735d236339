import { closeSync, existsSync, fstatSync, readSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { CheckpointVerifier } from '../../../change/record/audit/chains-checkpoint.ts'
import { checkpointNotesIn, noteOf } from '../../../change/record/audit/signed-note.ts'
import { clockRuleOver } from '../../../change/record/clock-rule.ts'
import { bringHere, bringHereIfCopied } from '../../../change/record/postgres/copied.ts'
import { Questions } from '../../../change/record/postgres/database.ts'
import type { Memory, RememberedHead } from '../../../change/record/postgres/lost-tail.ts'
import { openPostgresStore } from '../../../change/record/postgres/open-postgres-store.ts'
import type { PostgresStore } from '../../../change/record/postgres/postgres-store.ts'
import type { PostgresAddress } from '../../../change/record/postgres/server-config.ts'
import { unlimitedRoom } from '../../../change/record/room.ts'
import { REGISTER_CHAIN } from '../../../change/record/seal/chain.ts'
import { type ClosedStore, closedStoreAt } from '../../../change/record/sqlite/move-out.ts'
import { heardJournal } from '../../../change/record/store/journal.ts'
import type { Actor } from '../../../change/record/store/store.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Principal } from '../../../model/principal.ts'
import { Secret } from '../../../model/secret.ts'
import { VERSION } from '../../../model/version.ts'
import { type DatabaseProject, databaseAddress, databaseKey } from '../../files/database-place.ts'
import type { Project } from '../../files/project.ts'
import { quarantineSeconds } from '../../files/settings/worker-settings.ts'
import { machinePrincipal, workerName } from '../../identity/worker-principal.ts'
import {
  installKeysWith,
  seedsIn,
  segmentFiles,
  settleInstallKey,
  signingKeys,
} from '../../system/machine/key-files.ts'
import { openRegular } from '../../system/machine/regular-file.ts'
import { openSeenRecords } from '../../system/machine/seen-records.ts'
import type { Host } from '../../system/process/host.ts'
import { keptFromPrint } from '../../system/process/kept-from-print.ts'
import { noSeams } from '../../system/process/seams.ts'
import { withFetchedKey } from '../secrets/open-secrets.ts'
import { lostTailOf, recordMissing } from './missing-records.ts'
import { ownSigner, ownVerifier } from './own-verifier.ts'
import { recordDeaths, recordingDeaths } from './worker-deaths.ts'

// A file of an anchor is only appended to: the newest checkpoint is among so many bytes at its end.
const TAIL = 64 * 1024

function withAnchored(
  memory: Memory,
  project: Pick<Project, 'dir' | 'settings'>,
  origin: string,
  verifier: CheckpointVerifier,
): Memory {
  const anchored = (): readonly RememberedHead[] => {
    const heads = filesOf(project).flatMap((file) => headsIn(file, origin, verifier))
    // Where a loss was accepted the newest one may say less than those before, which are accepted with it.
    const [longest] = heads.toSorted((one, other) => other.n - one.n)
    const [newest] = heads.toSorted((one, other) => ((one.at ?? '') < (other.at ?? '') ? 1 : -1))
    return [...new Set([longest, newest])].filter((head) => head !== undefined)
  }
  return {
    read: () => [...memory.read(), ...anchored()],
    remember: (heads, over) => memory.remember(heads, over),
    settle: (heads) => memory.settle(heads),
    close: () => memory.close(),
  }
}

function filesOf({ dir, settings }: Pick<Project, 'dir' | 'settings'>) {
  const files = settings.audit.anchors.flatMap((anchor) => ('file' in anchor ? [resolve(dir, anchor.file)] : []))
  return files.filter((file) => existsSync(file))
}

function headsIn(file: string, origin: string, verifier: CheckpointVerifier): readonly RememberedHead[] {
  return checkpointNotesIn(endOf(file)).flatMap((found) => {
    const note = noteOf(origin, found)
    const opened = note === undefined ? undefined : verifier.openChains(note)
    if (opened === undefined || 'fault' in opened || opened.at === undefined || opened.register.n === 0) return []
    const { register, seq, at } = opened
    const hash = Buffer.from(register.hash).toString('hex')
    return [{ chain: REGISTER_CHAIN, n: register.n, hash, pos: seq, restored: '', at }]
  })
}

function endOf(path: string) {
  try {
    const file = openRegular(path)
    try {
      const { size } = fstatSync(file)
      const end = Buffer.alloc(Math.min(size, TAIL))
      readSync(file, end, 0, end.length, size - end.length)
      return end.toString()
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}

/** `drives`: the sites that this process drives executions for, `worker`: who it is on record then, else this machine. Throws `store`, and `secret` where its password is not had. */
export async function openProjectDatabase(
  project: DatabaseProject,
  given: Host,
  {
    drives,
    worker = machinePrincipal(),
    serves = false,
    despiteCheckpointKey = false,
    verifies = false,
  }: {
    readonly drives?: readonly string[]
    readonly worker?: Principal
    readonly serves?: boolean
    readonly despiteCheckpointKey?: boolean
    readonly verifies?: boolean
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
  const clockRule = clockRuleOver(clock, async () => (await store.head()).latest)
  await bringHereIfClosed(address, project.store)
  const keys = signingKeys(folder, host.env)
  let keyFault: EosflowError | undefined
  const { store, claims, workers, notes, installKey } = await openPostgresStore({
    address,
    installKey: installKeys,
    checkpointKey: (before) => {
      if (verifies) return undefined
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
  const missed = () => recordMissing(store, machinePrincipal())
  const deaths = () => recordDeaths(workers, store.as(worker))
  if (!verifies) {
    if (store.missing.length > 0) await missed().catch(() => undefined)
    await deaths().catch(() => undefined)
    await signedToday(store)
    settleInstallKey(folder, installKey.text)
  }
  return {
    store,
    audit: store.audit,
    journalAs: (actor: Actor) => journal(heardJournal(store.as(actor), [recordingDeaths(deaths)])),
    claims,
    retirement: store.retirement,
    notes,
    shared: { workers, address, lostTail: () => lostTailOf(store) },
    leases: store,
    room: unlimitedRoom,
    isLost: () => false,
    clock,
    clockRule,
    key: installKey,
    keys,
    ...definedMembers({ keyFault }),
  }
}

async function signedToday(store: PostgresStore) {
  try {
    await store.audit.checkpointDaily()
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Throws `store` where that is another one. */
export function broughtHere(address: PostgresAddress, closed: ClosedStore): Promise<void> {
  return asking(address, (questions) => bringHere(questions, closed))
}

// The same where a file beside the keys says that it was closed for the copy that is there: then nobody has to move it once more.
async function bringHereIfClosed(address: PostgresAddress, file: string): Promise<void> {
  const closed = closedStoreAt(file)
  if (closed !== undefined) await asking(address, (questions) => bringHereIfCopied(questions, closed))
}

async function asking(address: PostgresAddress, ask: (questions: Questions) => Promise<void>) {
  const questions = new Questions(address, { name: 'eosflow, moving' })
  try {
    await ask(questions)
  } finally {
    await questions.close()
  }
}
