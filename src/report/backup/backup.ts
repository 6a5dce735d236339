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
  const of = (state: BackedUpSwitch['state']) => switches.filter((one) => one.state === state).length
  const failed = of('failed') === 0 ? '' : `, ${of('failed')} not read`
  return `${of('new')} new, ${of('changed')} changed, ${of('same')} as before${failed}`
}
