export interface BudgetGroup {
  readonly on: string
  /** The tag by whose values they are counted apart, and the value; absent: they are counted as one. */
  readonly per?: { readonly tag: string; readonly value: string }
}

/** How a budget and its group are called in records and messages: `role:spine`, `role:spine at site=fra`. */
export function groupName({ on, per }: BudgetGroup): string {
  if (per === undefined) return on
  return per.value === '' ? `${on} without ${per.tag}` : `${on} at ${per.tag}=${per.value}`
}

/**
 * The name of one share of a budget, from 1 on. A share is leased as a switch is, and by its blanks its name is none of a switch: so
 * whatever holds of leases (who has it, until when, who takes it over) holds of shares (ADR 0105).
 */
export function shareName(group: BudgetGroup, number: number): string {
  const { on, per } = group
  return `budget ${on} [${per === undefined ? '' : `${per.tag}=${per.value}`}] #${number}`
}

const SHARE = /^budget ([^[\]]*) \[(?:([^=\]]+)=(.*))?\] #(\d+)$/s

/** The group and the number of a share; undefined for the name of a switch. */
export function shareIn(name: string): { readonly group: BudgetGroup; readonly number: number } | undefined {
  const found = SHARE.exec(name)
  if (found === null) return undefined
  const [, on = '', tag, value = '', number] = found
  return { group: tag === undefined ? { on } : { on, per: { tag, value } }, number: Number(number) }
}
