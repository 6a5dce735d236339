import { proofOf } from '../../../change/policy/proof.ts'
import { problemOf } from '../../../model/problem.ts'
import { readApprovalFile } from '../../../project/approval/approval-file.ts'
import { importFrom } from '../../../project/approval/import-from.ts'
import { enoughOf, stillMissing } from '../../../project/approval/missing.ts'
import { proofNotes } from '../../../project/approval/proof-notes.ts'
import type { Choice } from '../../../project/approval/statement-of.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { visibleLine } from '../../../report/text/visible.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { notEnough, tellNote } from '../terminal/tell-note.ts'

/** Puts a signed decision from a file on record. The plan is the named one, or the one of the digest that an execution here has made. */
export async function importOn(invocation: Invocation, decision: Choice['decision'], file: string): Promise<number> {
  const { io, args, global } = invocation
  const signed = readApprovalFile(io, file)
  const { statement, signature } = signed
  if (statement.decision !== decision) throw otherDecision(file, statement.decision)
  return withApp(invocation, async ({ app, caller }) => {
    const { note, ...of } = await importFrom(app, caller, args[0] === '' ? undefined : args[0], signed)
    const answer = { version: 1, decision, plan: statement.plan, approver: statement.approver.id }
    const noted = note === undefined ? {} : { note }
    const by = `${answer.plan} as ${visibleLine(answer.approver)}, from ${file}\n`
    if (decision === 'reject') {
      tellNote(caller, note)
      io.out(global.json ? `${JSON.stringify({ ...answer, ...noted })}\n` : `rejected ${by}`)
      return 0
    }
    const missing = await stillMissing(app, caller.principal, of)
    for (const one of proofNotes(app, of.plan, proofOf(signature))) tellNote(caller, one)
    tellNote(caller, note)
    const counted = { ...answer, ...noted, ...enoughOf(missing) }
    io.out(global.json ? `${JSON.stringify(counted)}\n` : `approved ${by}${notEnough(missing)}`)
    return 0
  })
}

function otherDecision(file: string, decision: Choice['decision']): InputError {
  return new InputError([
    problemOf(
      file,
      'other-decision',
      `the file holds a decision to ${decision}`,
      `eosflow ${decision} --import ${file}`,
    ),
  ])
}
