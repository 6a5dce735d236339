import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { type AnchorFile, readAnchors } from '../../app/audit/anchor-files.ts'
import { ownVerifierIn, ringVerifier } from '../../app/audit/own-verifier.ts'
import { installKeyBeside, verifierIn, verifyExport, verifyStore } from '../../app/audit/verify.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { findProject, openProject, type Project } from '../../app/project.ts'
import { noSeams } from '../../app/seams.ts'
import type { CheckpointVerifier } from '../../journal/audit/checkpoint-key.ts'
import { behindWords } from '../../journal/clock-rule.ts'
import { EosflowError } from '../../model/error.ts'
import { type AuditVerification, verificationJson, verificationText } from '../../report/audit-verification.ts'
import { colored, plain } from '../../report/style.ts'
import { signingKeys } from '../../system/signing-keys.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

const TAMPERED = 6

/** Verifies the record, in the store or in an export, against its checkpoints and those kept outside. */
export async function run(invocation: Invocation): Promise<number> {
  const [file] = invocation.args
  const found = file === undefined ? await ofStore(invocation) : ofExport(invocation, file)
  const { io, options, global } = invocation
  const isBad = found.fault !== undefined || (options.requireAnchor === true && found.stale !== undefined)
  const code = isBad ? TAMPERED : 0
  if (global.json) io.out(`${verificationJson(found, code)}\n`)
  else {
    io.out(`${verificationText(found, io.color ? colored : plain)}\n`)
    io.out(`Next: ${nextStep(found)}\n`)
  }
  return code
}

function nextStep({ fault, stale }: AuditVerification): string {
  if (fault !== undefined) return 'keep the store as evidence; eosflow recover --scan shows what is on the switches'
  return stale === undefined ? 'eosflow audit list' : 'name an anchor under audit: in eosflow.yaml, or give --anchors'
}

function ofExport(invocation: Invocation, file: string): AuditVerification {
  const { io } = invocation
  const verifier = pubkey(invocation) ?? verifierHere(invocation)
  return verifyExport(resolve(io.cwd, file), file, { verifier, anchors: given(invocation) ?? [], now: undefined })
}

/**
 * The store is opened first as any command opens it, which signs the checkpoint of the day, takes it to the anchors and leaves
 * a record; a store that does not let itself be opened is read all the same.
 */
async function ofStore(invocation: Invocation): Promise<AuditVerification> {
  const { io, global } = invocation
  const project = openProject(io, global)
  // Opening a store makes the key that is not there; who looks at a copy has none, and needs none.
  const isOwn = installKeyBeside(project.store, io) !== undefined || !existsSync(project.store)
  if (isOwn) await opened(invocation)
  const found = lookAt(invocation, project)
  if (isOwn) await recorded(invocation, found)
  return found
}

function lookAt(invocation: Invocation, project: Project): AuditVerification {
  const { io } = invocation
  const { clock } = io.seams ?? noSeams
  const anchors = given(invocation) ?? configured(project)
  const measure = { verifier: pubkey(invocation), anchors, now: clock.now() }
  const found = verifyStore(project.store, keysBeside(project.store, io), measure)
  return { ...found, source: relative(io.cwd, project.store) || project.store }
}

async function opened(invocation: Invocation): Promise<void> {
  const work = async ({ app, caller, invocation }: CommandContext): Promise<number> => {
    await requireAllowed(app, caller, 'audit.read')
    const { keyFault } = app
    if (keyFault !== undefined) invocation.io.err(`warning: ${keyFault.message}\n${keyFault.hint ?? ''}\n`)
    return 0
  }
  await despiteTheStore(() => withApp(invocation, work, { despiteCheckpointKey: true }))
}

async function recorded(invocation: Invocation, { to, root, fault, anchors }: AuditVerification): Promise<void> {
  await despiteTheStore(() =>
    withApp(invocation, async ({ app, caller }) => {
      const behind = await app.clockRule?.fault()
      if (behind !== undefined) {
        invocation.io.err(`warning: ${behindWords(behind)}: this verification does not go on record\n`)
        return 0
      }
      const outcome = fault === undefined ? 'intact' : 'tampered'
      const reason = fault === undefined ? {} : { reason: `record ${fault.seq}: ${fault.reason}` }
      await app
        .journalAs(caller.principal)
        .append(undefined, [{ type: 'AuditVerified', size: to, root, outcome, anchors, ...reason }])
      return 0
    }),
  )
}

/** A store that refuses to be used is what is being looked at. */
async function despiteTheStore(work: () => Promise<number>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'store') throw error
  }
}

/** The keys beside a store, where they are: none is made. */
function keysBeside(store: string, io: Invocation['io']): Parameters<typeof verifyStore>[1] {
  const installKey = installKeyBeside(store, io)
  const folder = dirname(store)
  if (installKey !== undefined) return { installKey, verifier: ownVerifierIn(folder, io.env, installKey) }
  const ring = signingKeys(folder, io.env).read('checkpoint')
  return ring === undefined ? {} : { verifier: ringVerifier(ring) }
}

/** The public key that was given. */
function pubkey({ io, options }: Invocation): CheckpointVerifier | undefined {
  return typeof options.pubkey === 'string' ? verifierIn(resolve(io.cwd, options.pubkey), options.pubkey) : undefined
}

/** The key of the project here, where there is one. */
function verifierHere({ io, global }: Invocation): CheckpointVerifier | undefined {
  const project = findProject(io, global)
  return project === undefined ? undefined : keysBeside(project.store, io).verifier
}

/** The checkpoints from outside that were given. */
function given({ io, options }: Invocation): readonly AnchorFile[] | undefined {
  if (!Array.isArray(options.anchors)) return undefined
  return options.anchors.flatMap((path) => readAnchors(resolve(io.cwd, String(path)), String(path)))
}

/** The checkpoints in the files that the settings name as anchors. */
function configured({ dir, settings }: Project): readonly AnchorFile[] {
  return settings.audit.anchors.flatMap((anchor) => {
    const path = 'file' in anchor ? resolve(dir, anchor.file) : undefined
    return path !== undefined && 'file' in anchor && existsSync(path) ? readAnchors(path, anchor.file) : []
  })
}
