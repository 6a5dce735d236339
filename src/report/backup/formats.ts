import { shortCommit } from '../../model/commit-id.ts'
import { errorRecord } from '../../model/error.ts'
import { failureLine } from '../sessions/text.ts'
import { switches } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { visibleLine } from '../text/visible.ts'
import { type Backup, backupWords } from './backup.ts'

const FORM = { redact: 'without secrets', age: 'encrypted', keep: 'with secrets' } as const
const MARK = { new: '+', changed: '~' } as const

function backupText(backup: Backup, style: Style) {
  const { folder, form, switches: all, gone, commit, push } = backup
  const lines = all.flatMap((one) => {
    if (one.state === 'failed') return [style.bad(failureLine({ device: one.name, failure: one.failure }))]
    if (one.state === 'same') return []
    return [visibleLine(`${MARK[one.state]} ${one.file}${one.by === undefined ? '' : `   ${one.by}`}`)]
  })
  const moved = gone.map((name) => visibleLine(`- ${name} is no longer in the inventory: its file is in gone/`))
  const done = [
    `Backup: ${switches(all.length)} in ${visibleLine(folder)}, ${FORM[form]}: ${backupWords(backup)}`,
    ...(commit === undefined ? [] : [`Commit: ${shortCommit(commit)}${push === 'pushed' ? ', pushed' : ''}`]),
    ...(typeof push === 'object' ? [style.bad(visibleLine(`✗ not pushed: ${push.rejected}`))] : []),
  ]
  const above = [...lines, ...moved]
  return [...above, ...(above.length === 0 ? [] : ['']), ...done].join('\n')
}

export const backupAs = { text: backupText, json: backupJson } as const

function backupJson({ switches, ...backup }: Backup) {
  const all = switches.map((one) =>
    one.state === 'failed' ? { name: one.name, state: one.state, error: errorRecord(one.failure) } : one,
  )
  return JSON.stringify({ version: 1, kind: 'backup', ...backup, switches: all })
}
