import { findProject, openProject } from '../../../project/files/project.ts'
import { verifyExportFile, verifyOwnStore } from '../../../project/record/audit/verify-record.ts'
import {
  type AuditVerification,
  verificationJson,
  verificationText,
} from '../../../report/event-words/audit-verification.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { styleOf } from '../../../report/text/text.ts'
import { text, texts } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

const TAMPERED = 6
const UNJUDGED = 7

export async function run(invocation: Invocation): Promise<number> {
  const found = await verified(invocation)
  const { io, options, global } = invocation
  const isBad = found.fault !== undefined || (options.requireAnchor === true && found.stale !== undefined)
  const code = isBad ? TAMPERED : found.unjudged === undefined ? 0 : UNJUDGED
  if (global.json) io.out(`${verificationJson(found, code)}\n`)
  else {
    io.out(`${verificationText(found, styleOf(io))}\n`)
    io.out(`Next: ${nextStep(found, invocation.args[0])}\n`)
  }
  return code
}

async function verified(invocation: Invocation) {
  const { io, global, args, options } = invocation
  const [file] = args
  const anchors = options.anchors === undefined ? undefined : texts(options.anchors)
  const evidence = { pubkey: text(options.pubkey), anchors }
  const despiteUnknownKeys = true
  const place = { ...global, despiteUnknownKeys }
  if (file !== undefined) return verifyExportFile(io, findProject(io, place), file, evidence)
  return verifyOwnStore(io, openProject(io, place), evidence, async (work, opening) => {
    await withApp(invocation, async ({ app, caller }) => work(app, caller).then(() => 0), {
      ...opening,
      despiteUnknownKeys,
    })
  })
}

function nextStep({ fault, stale, keyed, unjudged }: AuditVerification, file: string | undefined) {
  if (fault === undefined && unjudged !== undefined)
    return 'verify it where install.key is, or set EOSFLOW_KEY; only that judges all of it'
  if (fault !== undefined) return file === undefined ? EVIDENCE : EXPORT_EVIDENCE
  if (!keyed && file !== undefined) return `eosflow audit verify ${shellWord(file)} --pubkey eosflow.pub; ${KEY}`
  if (stale === undefined) return 'eosflow audit list'
  return file === undefined ? 'name an anchor under audit: in eosflow.yaml, or give --anchors' : ANCHORS
}

const EVIDENCE = 'keep the store as evidence; eosflow recover --scan shows what is on the switches'
const KEY = 'where the store is, eosflow audit key > eosflow.pub prints the key'
const EXPORT_EVIDENCE =
  'keep the file as evidence, and compare with where it is from: there eosflow audit verify judges the store, eosflow audit key prints its public key, and eosflow audit export --format jsonl --to NEW makes another file'
const ANCHORS = 'give the checkpoints that are kept outside the store: --anchors FILE'
