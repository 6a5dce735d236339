import { shortCommit } from '../../model/commit-id.ts'
import { switches } from '../count.ts'
import { failureLine } from '../sessions/text.ts'
import type { Style } from '../style.ts'
import { visibleLine } from '../visible.ts'
import type { Backup } from './backup.ts'

const FORM = { redact: 'without secrets', age: 'encrypted', keep: 'with secrets' } as const
const MARK = { new: '+', changed: '~' } as const

/** What was new or changed, what failed, and one countable line. */
export function backupText({ folder, form, switches: all, gone, commit, push }: Backup, style: Style): string {
  const lines = all.flatMap((one) => {
    if (one.state === 'failed') return [style.bad(failureLine({ device: one.name, failure: one.failure }))]
    if (one.state === 'same') return []
    return [visibleLine(`${MARK[one.state]} ${one.file}${one.by === undefined ? '' : `   ${one.by}`}`)]
  })
  const moved = gone.map((name) => visibleLine(`- ${name} is no longer in the inventory: its file is in gone/`))
  const of = (state: string): number => all.filter((one) => one.state === state).length
  const counts = [
    `${of('new')} new, ${of('changed')} changed, ${of('same')} as before`,
    ...(of('failed') === 0 ? [] : [`${of('failed')} not read`]),
  ]
  const done = [
    `Backup: ${switches(all.length)} in ${visibleLine(folder)}, ${FORM[form]}: ${counts.join(', ')}`,
    ...(commit === undefined ? [] : [`Commit: ${shortCommit(commit)}${push === 'pushed' ? ', pushed' : ''}`]),
    ...(typeof push === 'object' ? [style.bad(visibleLine(`✗ not pushed: ${push.rejected}`))] : []),
  ]
  const above = [...lines, ...moved]
  return [...above, ...(above.length === 0 ? [] : ['']), ...done].join('\n')
}
