import { z } from 'zod'
import { switchName } from '../../change/inventory/switch/switch-name.ts'
import { shortCommit } from '../../model/commit-id.ts'
import { givenJson } from '../../model/json.ts'
import { failureLine, unreadJson } from '../sessions/formats.ts'
import { counted, present, type Style, switches, visibleLine } from '../text/text.ts'

export const BACKUP_FORMS = ['redact', 'age', 'keep'] as const

export type BackupForm = (typeof BACKUP_FORMS)[number]

export type BackedUpSwitch =
  | { readonly name: string; readonly state: 'new' | 'changed' | 'same'; readonly file: string; readonly by?: string }
  | { readonly name: string; readonly state: 'failed'; readonly failure: unknown }

export interface Backup {
  readonly folder: string
  readonly form: BackupForm
  readonly switches: readonly BackedUpSwitch[]
  /** Switches that the inventory no longer has: their files were moved into `gone/`. */
  readonly gone: readonly string[]
  /** The commit; absent where none was asked for, or nothing had changed. */
  readonly commit?: string
  readonly push?: 'pushed' | { readonly rejected: string }
}

/** What became of the switches in numbers: `1 new, 0 changed, 5 as before`. */
export function backupWords({ switches }: Pick<Backup, 'switches'>): string {
  const of = counted(switches)
  const failed = of('failed') === 0 ? '' : `, ${of('failed')} not read`
  return `${of('new')} new, ${of('changed')} changed, ${of('same')} as before${failed}`
}

const entry = z.strictObject({
  form: z.enum(BACKUP_FORMS),
  // A keyed digest of the whole text, secrets included: what is encrypted cannot be compared otherwise.
  digest: z.string(),
  recipients: z.array(z.string()).exactOptional(),
  // The digest of the encrypted file itself: whether it is that of this entry, and whole, nobody can tell otherwise.
  file: z.string().exactOptional(),
})
const list = z.strictObject({
  version: z.literal(1),
  kind: z.literal('backups'),
  switches: z.record(switchName, entry),
})

export type BackupEntry = z.output<typeof entry>

/** The list of a folder of backups as its file, version 1, in the order of names. */
export function backupListText(entries: Iterable<readonly [string, BackupEntry]>): string {
  const switches = Object.fromEntries([...entries].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return `${JSON.stringify({ version: 1, kind: 'backups', switches }, undefined, 2)}\n`
}

/** Throws for what is no list of this version. */
export function readBackupList(text: string): Readonly<Record<string, BackupEntry>> {
  return list.parse(givenJson(text)).switches
}

const FORM = { redact: 'without secrets', age: 'encrypted', keep: 'with secrets' } as const
const MARK = { new: '+', changed: '~' } as const

function backupText(backup: Backup, style: Style) {
  const { folder, form, switches: all, gone, commit, push } = backup
  const lines = all.flatMap((one) => {
    if (one.state === 'failed') return [style.bad(failureLine(one.name, one.failure))]
    if (one.state === 'same') return []
    return [visibleLine(`${MARK[one.state]} ${one.file}${one.by === undefined ? '' : `   ${one.by}`}`)]
  })
  const moved = gone.map((name) => visibleLine(`- ${name} is no longer in the inventory: its file is in gone/`))
  const done = present(
    `Backup: ${switches(all.length)} in ${visibleLine(folder)}, ${FORM[form]}: ${backupWords(backup)}`,
    commit !== undefined && `Commit: ${shortCommit(commit)}${push === 'pushed' ? ', pushed' : ''}`,
    typeof push === 'object' && style.bad(visibleLine(`✗ not pushed: ${push.rejected}`)),
  )
  const above = [...lines, ...moved]
  return present(above, above.length > 0 && '', done).join('\n')
}

export const backupAs = { text: backupText, json: backupJson } as const

function backupJson({ switches, ...backup }: Backup) {
  const all = switches.map((one) => (one.state === 'failed' ? unreadJson(one) : one))
  return JSON.stringify({ version: 1, kind: 'backup', ...backup, switches: all })
}
