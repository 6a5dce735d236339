import { type KnownForm, readKnownForms } from '../config/guard.ts'
import type { ValueOrProblems } from '../model/problem.ts'
import { readText } from '../source/text.ts'
import type { Files, SourceText } from '../workflow/files.ts'

/** Where a project lists the forms of lines that it vouches for (docs/syntax.md). */
export const KNOWN_FORMS_FILE = 'syntax/known.txt'

/** The forms of lines that a project vouches for, and the file that has them; none where there is no such file. */
export interface VouchedForms {
  readonly forms: readonly KnownForm[]
  readonly sources: readonly SourceText[]
}

/** Reads the forms of a project, or all that is wrong with their file. */
export function vouchedForms(files: Files): ValueOrProblems<VouchedForms> {
  const content = files(KNOWN_FORMS_FILE)
  if (content === undefined) return { ok: true, value: { forms: [], sources: [] } }
  const text = readText(content, KNOWN_FORMS_FILE)
  if (!text.ok) return text
  const read = readKnownForms(text.value, KNOWN_FORMS_FILE)
  if (!read.ok) return read
  return { ok: true, value: { forms: read.value, sources: [{ file: KNOWN_FORMS_FILE, text: text.value }] } }
}
