/** What a label of an alert must be, as Alertmanager takes it (docs/around.md#silences). */
export interface LabelMatcher {
  readonly name: string
  readonly value: string
  readonly isRegex: boolean
  readonly isEqual: boolean
}

export type AroundService = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
} & (
  | { readonly kind: 'alertmanager' | 'grafana' | 'netbox' | 'vault' }
  | ({ readonly kind: 'servicenow'; readonly table: string } & TicketTerms)
  | ({ readonly kind: 'jira' } & TicketTerms)
)

export interface TicketTerms {
  readonly must: Readonly<Record<string, readonly string[]>>
  readonly close?: Readonly<Record<string, string>>
}

interface AroundPlace {
  readonly service: string
  readonly url: string
}

/** Alerts with these labels wake nobody from before the first push to the end, and for `seconds` at most. */
export interface SilenceSpec extends AroundPlace {
  readonly around: 'silence'
  readonly matchers: readonly LabelMatcher[]
  readonly seconds: number
}

export interface AnnotationSpec extends AroundPlace {
  readonly around: 'annotation'
  readonly tags: readonly string[]
}

export interface TicketSpec extends AroundPlace, TicketTerms {
  readonly around: 'ticket'
  readonly system: 'servicenow' | 'jira'
  readonly ticket: string
  readonly table?: string
}

export interface JournalSpec extends AroundPlace {
  readonly around: 'journal'
}

export interface SecretSpec extends AroundPlace {
  readonly around: 'secret'
  readonly path: string
  readonly field: string
  readonly length: number
}

/** Where a secret is kept until it takes the place of the one before: whoever reads that one does not meet it. */
export function pendingPath({ path }: Pick<SecretSpec, 'path'>): string {
  return `${path}.pending`
}

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
