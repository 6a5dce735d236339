/** What a label of an alert must be, as Alertmanager takes it (docs/around.md#silences). */
export interface LabelMatcher {
  readonly name: string
  readonly value: string
  readonly isRegex: boolean
  readonly isEqual: boolean
}

/** A service of the settings that is asked, or written to, around a change. */
export type AroundService = {
  /** Where its API is. */
  readonly url: string
  /** Headers of each request; secrets as references. */
  readonly headers: Readonly<Record<string, string>>
} & (
  | { readonly kind: 'alertmanager' | 'grafana' | 'netbox' | 'vault' }
  | ({ readonly kind: 'servicenow'; readonly table: string } & TicketTerms)
  | ({ readonly kind: 'jira' } & TicketTerms)
)

/** What a ticket must say before a change, and is set to after a good one, by field. */
export interface TicketTerms {
  readonly must: Readonly<Record<string, readonly string[]>>
  readonly close?: Readonly<Record<string, string>>
}

/** Where something is asked or done around a change: a service of the settings, as a plan holds it. */
interface AroundPlace {
  /** Its name in the settings. */
  readonly service: string
  readonly url: string
}

/** Alerts with these labels wake nobody from before the first push to the end, and for `seconds` at most. */
export interface SilenceSpec extends AroundPlace {
  readonly around: 'silence'
  readonly matchers: readonly LabelMatcher[]
  readonly seconds: number
}

/** The time of the change is marked in the graphs. */
export interface AnnotationSpec extends AroundPlace {
  readonly around: 'annotation'
  readonly tags: readonly string[]
}

/** A ticket that must be as `must` says before the first push, and hears how the change ended. */
export interface TicketSpec extends AroundPlace, TicketTerms {
  readonly around: 'ticket'
  readonly system: 'servicenow' | 'jira'
  readonly ticket: string
  /** The table of ServiceNow that it is in. */
  readonly table?: string
}

/** The journal of each switch in NetBox says how the change ended. */
export interface JournalSpec extends AroundPlace {
  readonly around: 'journal'
}

/**
 * A secret of Vault (KV version 2) that the change puts onto switches: it is pending before the first push, and takes the place of the one before behind the
 * last confirm.
 */
export interface SecretSpec extends AroundPlace {
  readonly around: 'secret'
  /** Its path, with `data` behind the mount. */
  readonly path: string
  readonly field: string
  /** How many characters a new one has. */
  readonly length: number
}

/** Where a secret is kept until it takes the place of the one before: whoever reads that one does not meet it. */
export function pendingPath({ path }: Pick<SecretSpec, 'path'>): string {
  return `${path}.pending`
}

/** What is asked or done around a change, with all values filled in, as the digest of a plan covers it. */
export type AroundSpec = SilenceSpec | AnnotationSpec | TicketSpec | JournalSpec | SecretSpec

/** How it is called in records and reports: `silence in alerts`, `ticket CHG0030001 in changes`. */
export function aroundName(spec: AroundSpec): string {
  if (spec.around === 'secret') return `secret ${spec.path}#${spec.field} in ${spec.service}`
  return spec.around === 'ticket' ? `ticket ${spec.ticket} in ${spec.service}` : `${spec.around} in ${spec.service}`
}

/** The path and the field of what is called so in records, where it is a secret. */
export function secretCalled(name: string): { readonly path: string; readonly field: string } | undefined {
  const [, path, field] = /^secret (\S+)#(\S+) in /.exec(name) ?? []
  return path === undefined || field === undefined ? undefined : { path, field }
}

/** Whether what is called so in records is a silence. */
export function isSilence(name: string): boolean {
  return name.startsWith('silence ')
}

/** The kind of service that each entry of `around` needs. */
export const SERVICES_OF: Readonly<Record<AroundSpec['around'], readonly AroundService['kind'][]>> = {
  silence: ['alertmanager'],
  annotation: ['grafana'],
  ticket: ['servicenow', 'jira'],
  journal: ['netbox'],
  secret: ['vault'],
}
