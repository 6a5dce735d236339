import { closeSync, existsSync, readSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Excerpt } from '../../../change/record/audit/audit-trail.ts'
import { readChainsExport } from '../../../change/record/audit/chains-export.ts'
import { EosflowError } from '../../../model/error.ts'
import { VERSION } from '../../../model/version.ts'
import {
  type ChangeRecord,
  changeRecordIn,
  changeRecordPage,
  leftOut,
  otherVersionIn,
} from '../../../report/change-record/change-record.ts'
import type { AuditVerification } from '../../../report/event-words/audit-verification.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { withFetchedKey } from '../../app/secrets/open-secrets.ts'
import {
  anchorsOf,
  isMade,
  lostHeadWords,
  lostWords,
  noStore,
  readAnchors,
  traceOfLost,
} from '../../app/store/lost-store.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import { ownVerifierIn, ringVerifier, signerFault } from '../../app/store/own-verifier.ts'
import type { ProjectStoreOptions } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { signingKeys } from '../../system/machine/key-files.ts'
import { openRegular, readRegularText } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { noSeams } from '../../system/process/seams.ts'
import { judgedChains, type Measure, nothingRead, withFault, withLost } from './judge-chains.ts'
import { installKeyBeside, verifierIn, verifyExport, verifyStore, vouched } from './verify.ts'

const HTML = '<!doctype html>'
const ORDER = ['{"kind":', '{"chain":"', '{"chain":"register"', '{"checkpoint":'] as const

function isPage(path: string) {
  try {
    const file = openRegular(path)
    const begin = Buffer.alloc(HTML.length)
    try {
      readSync(file, begin, 0, HTML.length, 0)
    } finally {
      closeSync(file)
    }
    return begin.toString('latin1').toLowerCase() === HTML
  } catch {
    return false
  }
}

// Verifies the page of a change: its records follow from each other up to the signed checkpoint, and the page shows what they say, byte for
// byte. Throws InputError when it is no such page.
function verifyChangeRecord(path: string, shown: string, measure: Measure) {
  const page = readRegularText(path, { most: Number.POSITIVE_INFINITY })
  const record = changeRecordIn(page)
  if (record === undefined) {
    const other = otherVersionIn(page)
    const what =
      other === undefined
        ? 'this page holds no record of a change'
        : `the records in this page are of version ${other}: this eosflow reads version 2`
    throw noRecord(shown, what, measure)
  }
  const found = covered(vouched(judgedExcerpt(record.excerpt, shown, measure)))
  if (found.fault !== undefined) return found
  return withFault(found, pageFault(record, page))
}

function judgedExcerpt({ origin, lines, checkpoint }: Excerpt, shown: string, measure: Measure) {
  const read = readChainsExport(lines)
  if (read === undefined) throw noRecord(shown, 'the records in this page cannot be read', measure)
  const found = judgedChains(read, shown, measure)
  const isNamed = read.origin === origin && read.notes.length === 1 && read.notes[0]?.note === checkpoint
  if (!isNamed) return withFault(found, 'the checkpoint that it shows is not the one over its records')
  if (isInOrder(lines)) return found
  return withFault(found, 'its records are not in the order in which they were put into it')
}

function noRecord(shown: string, what: string, { words }: Measure) {
  return inputError(shown, 'no-change-record', what, words({ code: 'export-audit' }))
}

// An export may have them otherwise.
function isInOrder(lines: readonly string[]) {
  const ranks = lines.map((line) => ORDER.findLastIndex((begin) => line.startsWith(begin)))
  const isRising = ranks.every((rank, at) => at === 0 || rank >= (ranks[at - 1] ?? rank))
  return isRising && new Set(lines).size === lines.length && ranks.filter((rank) => rank === 0).length === 1
}

function covered(found: AuditVerification) {
  const { from } = found.unvouched ?? {}
  if (from === undefined) return found
  return withFault(
    found,
    `its checkpoint is of an earlier record: nothing vouches for the records from ${from} on`,
    from,
  )
}

function pageFault(record: ChangeRecord, page: string) {
  if (record.version !== VERSION)
    return `eosflow ${record.version} made the page and this is ${VERSION}: its records hold, and what it shows is not compared`
  const left = leftOut(record)
  if (left !== undefined) return left
  return changeRecordPage(record) === page ? undefined : 'the page does not show what its records say'
}

interface GivenEvidence {
  readonly pubkey: string | undefined
  readonly anchors: readonly string[] | undefined
}

type StoreOpener = (work: (app: App, caller: Caller) => Promise<void>, options: ProjectStoreOptions) => Promise<void>

/** Verifies an export, or the page of a change: by the public key that is given, else by the key of the project here. Throws InputError. */
export function verifyExportFile(
  host: Host,
  project: Project | undefined,
  file: string,
  { pubkey, anchors }: GivenEvidence,
): AuditVerification {
  const own = project === undefined ? undefined : keysBeside(project.store, host).verifier
  const measure = {
    verifier: verifierGiven(host, pubkey) ?? own,
    anchors: anchorsGiven(host, anchors) ?? [],
    now: undefined,
    words: host.words,
  }
  const path = resolve(host.cwd, file)
  return isPage(path) ? verifyChangeRecord(path, file, measure) : verifyExport(path, file, measure)
}

export async function verifyOwnStore(
  given: Host,
  project: Project,
  evidence: GivenEvidence,
  atStore: StoreOpener,
): Promise<AuditVerification> {
  const host = await withFetchedKey(project, given)
  // Opening a store makes the key that is not there; who looks at a copy has none, and needs none.
  const lost = project.database === undefined ? lostStore(host, project, evidence) : undefined
  if (lost !== undefined) return lost
  const isOwn =
    installKeyBeside(project.store, host) !== undefined ||
    (project.database === undefined && !existsSync(project.store))
  let missing: FoundLostTail | undefined
  let lostHead: number | undefined
  const opened: Parameters<StoreOpener>[0] = async (app, caller) => {
    await requireAllowed(app, caller, 'audit.read')
    await tellKeyFault(app, caller)
    // What this machine remembers may be on no record yet.
    missing = await app.shared?.lostTail()
    lostHead = app.lostThrough
  }
  if (isOwn) await despiteTheStore(() => atStore(opened, { verifies: true }))
  const found = withLost(await lookAt(host, project, evidence), missing)
  return lostHead === undefined ? found : withFault(found, lostHeadWords(project.store, lostHead))
}

// Throws InputError where there never was one.
function lostStore(host: Host, project: Project, { anchors }: GivenEvidence) {
  if (isMade(project.store)) return undefined
  const outside = anchorsGiven(host, anchors) ?? anchorsOf(project)
  const told = outside.find(({ notes }) => notes.length > 0)
  const trace = traceOfLost(project, host) ?? (told === undefined ? undefined : `the checkpoints in ${told.file}`)
  if (trace === undefined) throw noStore(project.store, host)
  return nothingRead(shownPath(host, project), { seq: 0, reason: lostWords(project, trace) })
}

function shownPath(host: Host, { store }: Project) {
  return relative(host.cwd, store) || store
}

async function lookAt(host: Host, project: Project, { pubkey, anchors }: GivenEvidence) {
  const { clock } = host.seams ?? noSeams
  const outside = anchorsGiven(host, anchors) ?? anchorsOf(project)
  const measure = { verifier: verifierGiven(host, pubkey), anchors: outside, now: clock.now(), words: host.words }
  const { database } = project
  if (database !== undefined) {
    const { verifyDatabase } = await import('./verify-database.ts')
    return verifyDatabase({ ...project, database }, host, keysBeside(project.store, host), measure)
  }
  const found = await verifyStore(project.store, keysBeside(project.store, host), measure)
  return { ...found, source: shownPath(host, project) }
}

export function verifyAsItLies(host: Host, project: Project): Promise<AuditVerification> {
  return lookAt(host, project, { pubkey: undefined, anchors: undefined })
}

async function tellKeyFault(app: RecordApp, caller: Caller) {
  const newest = await app.audit?.newestCheckpoint()
  const fault = newest && signerFault(app, app.keys, newest)
  if (fault !== undefined) caller.tell(`! ${fault.message}\n    ${fault.hint ?? ''}\n`)
}

async function despiteTheStore(work: () => Promise<void>) {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'store') throw error
  }
}

function keysBeside(store: string, host: Host): Parameters<typeof verifyStore>[1] {
  const installKey = installKeyBeside(store, host)
  const folder = dirname(store)
  if (installKey !== undefined) return { installKey, verifier: ownVerifierIn(folder, host.env, installKey) }
  const ring = signingKeys(folder, host.env).read('checkpoint')
  return ring === undefined ? {} : { verifier: ringVerifier(ring) }
}

function verifierGiven(host: Host, pubkey: string | undefined) {
  return pubkey === undefined ? undefined : verifierIn(host, resolve(host.cwd, pubkey), pubkey)
}

function anchorsGiven(host: Host, paths: readonly string[] | undefined) {
  return paths?.flatMap((path) => readAnchors(resolve(host.cwd, path), path))
}
