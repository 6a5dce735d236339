import { type KnownForm, readKnownForms } from '../../eos/config/guard/guard.ts'
import type { ValueOrProblems } from '../../model/problem.ts'
import { TextMemory } from '../../model/text-memory.ts'
import { readText } from '../../text/source/text.ts'
import type { Files, SourceText } from '../workflow/template/files.ts'

/** Where a project lists the forms of lines that it vouches for (docs/syntax.md). */
export const KNOWN_FORMS_FILE = 'syntax/known.txt'

export interface VouchedForms {
  readonly forms: readonly KnownForm[]
  readonly sources: readonly SourceText[]
}

export function vouchedForms(files: Files): ValueOrProblems<VouchedForms> {
  const content = files(KNOWN_FORMS_FILE)
  if (content === undefined) return { ok: true, value: NONE }
  const text = readText(content, KNOWN_FORMS_FILE)
  if (!text.ok) return text
  const before = known.get(text.value)
  if (before !== undefined) return { ok: true, value: before }
  const read = readKnownForms(text.value, KNOWN_FORMS_FILE)
  if (!read.ok) return read
  const forms = { forms: read.value, sources: [{ file: KNOWN_FORMS_FILE, text: text.value }] }
  return { ok: true, value: known.keep(text.value, forms) }
}

const NONE: VouchedForms = { forms: [], sources: [] }
const known = new TextMemory<VouchedForms>()
