import { basename, posix } from 'node:path'
import { COMPLY_FILE } from '../../../change/plan/comply/comply-file.ts'
import { KNOWN_FORMS_FILE } from '../../../change/plan/taken-forms.ts'
import { isChangeFile } from '../../../change/workflow/change-file.ts'
import { looksLikeCatalog } from '../../../eos/check/read-catalog.ts'
import { isJsonObject } from '../../../model/json.ts'
import { readDocument } from '../../../text/source/document.ts'
import { CATALOG } from '../../files/catalog-file.ts'
import { INVARIANTS_FOLDER } from '../../files/loaded-invariants.ts'
import { TRUST_FILES } from '../../files/loaded-policy.ts'
import type { Project } from '../../files/project.ts'
import type { WorkflowTests } from '../../files/workflow-tests.ts'

export type FileKind =
  | 'settings'
  | 'inventory'
  | 'policy'
  | 'invariants'
  | 'trust'
  | 'workflow'
  | 'change'
  | 'machine'
  | 'catalog'
  | 'fabric'
  | 'syntax'
  | 'advisories'
  | 'comply'
  | 'plan'
  | 'test'

const BY_PATH: ReadonlyMap<string, FileKind> = new Map([
  ...TRUST_FILES.map((path): [string, FileKind] => [path, 'trust']),
  [KNOWN_FORMS_FILE, 'syntax'],
  [COMPLY_FILE, 'comply'],
])

/** `content` is undefined for a file that is not there. */
export function kindOf(path: string, ground: KindGround, content: string | Uint8Array | undefined): FileKind {
  return isChangeFile(path) ? 'change' : kindOfOther(path, ground, content)
}

interface KindGround {
  readonly project: Project
  readonly tests: WorkflowTests
}

function kindOfOther(path: string, { project, tests }: KindGround, content: string | Uint8Array | undefined): FileKind {
  const name = basename(path)
  if (/\.asl\.(?:json|ya?ml)$/.test(name) || (content !== undefined && isMachine(content, path))) return 'machine'
  if (name === 'eosflow.yaml') return 'settings'
  if (path === project.settings.inventory || /^inventory.*\.ya?ml$/.test(name)) return 'inventory'
  if (path === project.settings.policy || name === 'policy.yaml') return 'policy'
  if (name === 'fabric.yaml') return 'fabric'
  if (tests.isTest(path)) return 'test'
  if (name === CATALOG || (content !== undefined && isCatalog(content, path))) return 'catalog'
  return path === project.settings.plan.advisories ? 'advisories' : (BY_PATH.get(path) ?? byFolder(path))
}

const byFolder = (path: string): FileKind => {
  if (posix.dirname(path) === INVARIANTS_FOLDER) return 'invariants'
  return /\.(plan|json)$/.test(path) ? 'plan' : 'workflow'
}

function isCatalog(content: string | Uint8Array, path: string) {
  const read = /^(?!workflows\/).*\.(?:json|ya?ml)$/.test(path) ? readDocument(content, path) : undefined
  return read?.ok === true && looksLikeCatalog(read.value.value)
}

function isMachine(content: string | Uint8Array, path: string) {
  const read = /\.(?:json|ya?ml)$/.test(path) ? readDocument(content, path) : undefined
  return read?.ok === true && isJsonObject(read.value.value) && Object.hasOwn(read.value.value, 'States')
}
