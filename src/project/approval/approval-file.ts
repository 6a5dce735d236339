import { approvalFileSchema } from '../../change/record/event/approval-schema.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { readJson } from '../../text/source/json.ts'
import { parseWith } from '../../text/source/parse-with.ts'
import type { Host } from '../system/process/host.ts'
import { orProblems } from '../system/process/input-error.ts'
import { readGiven } from '../system/process/read-given.ts'
import { saveText } from '../system/process/save-text.ts'

/** Throws InputError when it is none. */
export function readApprovalFile(host: Host, path: string): SignedStatement {
  const located = orProblems(readJson(readGiven(host, path), path))
  const { statement, signature } = orProblems(parseWith(approvalFileSchema, located))
  return { statement, signature }
}

/** It holds no secret: what is in it, its readers may verify. */
export function saveApprovalFile(host: Host, path: string, { statement, signature }: SignedStatement): void {
  const file = { version: 1, kind: 'eosflow.approval-file', statement, signature }
  saveText(host, path, `${JSON.stringify(file, null, 2)}\n`)
}
