/** In which form configurations are kept in files: without their secrets, encrypted with age, or as they are. */
export const BACKUP_FORMS = ['redact', 'age', 'keep'] as const

/** One of {@link BACKUP_FORMS}. */
export type BackupForm = (typeof BACKUP_FORMS)[number]

/** What became of one switch. `by` says who configured what is new, where the record knows it. */
export type BackedUpSwitch =
  | { readonly name: string; readonly state: 'new' | 'changed' | 'same'; readonly file: string; readonly by?: string }
  | { readonly name: string; readonly state: 'failed'; readonly failure: unknown }

/** What a backup did. */
export interface Backup {
  readonly folder: string
  readonly form: BackupForm
  readonly switches: readonly BackedUpSwitch[]
  /** Switches that the inventory no longer has: their files were moved into `gone/`. */
  readonly gone: readonly string[]
  /** The commit; absent where none was asked for, or nothing had changed. */
  readonly commit?: string
  /** Whether it was pushed; `rejected` says why it was not. */
  readonly push?: 'pushed' | { readonly rejected: string }
}

/** What became of the switches in numbers: `1 new, 0 changed, 5 as before`. */
export function backupWords({ switches }: Pick<Backup, 'switches'>): string {
  const of = (state: BackedUpSwitch['state']): number => switches.filter((one) => one.state === state).length
  const failed = of('failed') === 0 ? '' : `, ${of('failed')} not read`
  return `${of('new')} new, ${of('changed')} changed, ${of('same')} as before${failed}`
}
