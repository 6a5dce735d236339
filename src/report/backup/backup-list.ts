import { z } from 'zod'
import { switchName } from '../../change/inventory/switch/switch-name.ts'
import { givenJson } from '../../model/json.ts'
import { BACKUP_FORMS } from './backup.ts'

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
