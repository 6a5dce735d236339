import { orProblems } from '../../app/input-error.ts'
import { readGiven } from '../../app/read-given.ts'
import { saveText } from '../../app/save-text.ts'
import { approvalFileSchema } from '../../journal/approval-schema.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { readJson } from '../../source/json.ts'
import { parseWith } from '../../source/parse-with.ts'
import type { Io } from '../io.ts'

/** Reads an approval file. Throws InputError when it is none. */
export function readApprovalFile(io: Io, path: string): SignedStatement {
  const located = orProblems(readJson(readGiven(io, path), path))
  const { statement, signature } = orProblems(parseWith(approvalFileSchema, located))
  return { statement, signature }
}

/** Writes an approval file. It holds no secret: what is in it, its readers may verify. */
export function saveApprovalFile(io: Io, path: string, { statement, signature }: SignedStatement): void {
  const file = { version: 1, kind: 'eosflow.approval-file', statement, signature }
  saveText(io, path, `${JSON.stringify(file, null, 2)}\n`)
}
