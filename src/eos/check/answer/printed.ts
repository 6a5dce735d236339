/** A value as Python prints it, which messages of the catalogue have from there: `True`, `None`. */
export function printed(value: string | number | boolean | null | undefined): string {
  if (value === undefined || value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return String(value)
}
