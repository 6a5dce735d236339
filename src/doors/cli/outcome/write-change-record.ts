import { changeRecordOf, recordLeft } from '../../../project/history/execution-view.ts'
import { requireNoOtherPage, saveText } from '../../../project/system/process/save-text.ts'
import { changeRecordPage } from '../../../report/change-record/change-record.ts'
import { shellWord } from '../../../report/shell-word.ts'
import type { CommandContext } from '../terminal/compose.ts'

/** Writes the signed record of a change. */
export async function writeRecord(
  { app, caller, io, global }: CommandContext,
  id: string,
  file: string,
): Promise<number> {
  if (file !== '-') requireNoOtherPage(io, file)
  const page = changeRecordPage(await changeRecordOf(app, caller, id))
  if (file === '-') {
    io.out(page)
    await io.drained?.()
    if (io.lost?.() === undefined) await recordLeft(app, caller, id, 'stdout')
    return 0
  }
  saveText(io, file, page)
  await recordLeft(app, caller, id, file)
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'change-record', execution: id, file })}\n`
      : `The record of ${id} is in ${file}\nNext: eosflow audit verify ${shellWord(file)}\n`,
  )
  return 0
}
