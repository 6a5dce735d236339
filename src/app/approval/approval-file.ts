import { approvalFileSchema } from '../../journal/approval-schema.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { readJson } from '../../source/json.ts'
import { parseWith } from '../../source/parse-with.ts'
import type { Host } from '../host.ts'
import { orProblems } from '../input-error.ts'
import { readGiven } from '../read-given.ts'
import { saveText } from '../save-text.ts'

/** Reads an approval file. Throws InputError when it is none. */
export function readApprovalFile(host: Host, path: string): SignedStatement {
  const located = orProblems(readJson(readGiven(host, path), path))
  const { statement, signature } = orProblems(parseWith(approvalFileSchema, located))
  return { statement, signature }
}

/** Writes an approval file. It holds no secret: what is in it, its readers may verify. */
export function saveApprovalFile(host: Host, path: string, { statement, signature }: SignedStatement): void {
  const file = { version: 1, kind: 'eosflow.approval-file', statement, signature }
  saveText(host, path, `${JSON.stringify(file, null, 2)}\n`)
}
