export interface Principal {
  /** `local`, or the name that the project's settings give the identity provider. */
  readonly issuer: string
  readonly id: string
  readonly kind: 'person' | 'service' | 'agent'
  /** How the identity was established: by the operating system, an SSH key, OIDC, a passkey, or a review on a forge. */
  readonly auth: 'os' | 'ssh' | 'oidc' | 'passkey' | 'review'
  readonly userNamespace?: true
  readonly display?: string
  readonly groups?: readonly string[]
  readonly person?: string
  /** When this identity last proved itself to the issuer, ISO 8601 in UTC. */
  readonly authenticatedAt?: string
  readonly onBehalfOf?: Pick<Principal, 'issuer' | 'id' | 'groups' | 'person'>
  readonly named?: readonly NamedPerson[]
}

export interface NamedPerson extends Pick<Principal, 'issuer' | 'id' | 'person'> {
  readonly unknown?: true
}

/** A principal in one word, unique among all issuers: `local:…` for the local user, else `<issuer>:<id>`. */
export function identityOf({ issuer, id, auth }: Pick<Principal, 'issuer' | 'id' | 'auth'>): string {
  return auth === 'os' || issuer === 'local' ? id : `${issuer}:${id}`
}

/** An agent and the person behind it in one word: one client speaks for many people, and what one of them asks for is not another's. */
export function agentName({ onBehalfOf, ...agent }: Principal): string {
  const own = identityOf(agent)
  return onBehalfOf === undefined ? own : `${own} for ${onBehalfOf.issuer}:${onBehalfOf.id}`
}

/** What an act needs permission for (docs/policy.md#rules). */
export type Scope = (typeof scopes)[number]

/** Every scope by name, in the order in which a change needs them. */
export const scopes = [
  'workflow.list',
  'plan.create',
  'plan.read',
  'plan.approve',
  'plan.reject',
  'approval.request',
  'execution.start',
  'execution.read',
  'execution.stop',
  'task.snapshot',
  'task.plan',
  'task.push',
  'task.verify',
  'task.confirm',
  'task.rollback',
  'task.exec',
  'device.unlock',
  'baseline.set',
  'notice.end',
  'intent.adopt',
  'backup.secrets',
  'worker.drain',
  'policy.edit',
  'bundle.publish',
  'policy.retire',
  'clock.accept',
  'audit.read',
  'audit.export',
  'breakglass.use',
] as const

/** What they hold is never a person's, whoever logged in there. */
export interface McpClients {
  readonly clients: readonly string[]
  /** What `aud` holds where the provider makes tokens for the address of `/mcp` (RFC 8707). */
  readonly audience?: string
  /** The address of `/mcp` as it is published (RFC 9728): clients ask for tokens of that audience (RFC 8707). */
  readonly resource?: string
  readonly scope: string
}

export interface Issuer {
  readonly name: string
  readonly issuer: string
  /** What `aud` must hold: how the tokens are told from those that are meant for others. */
  readonly audience: string
  readonly kind: 'person' | 'service'
  /** The client that logs in; without it tokens only come from outside (`EOSFLOW_TOKEN`). */
  readonly clientId?: string
  readonly clientSecret?: string
  readonly web?: { readonly clientId: string; readonly clientSecret?: string }
  readonly groupsClaim?: string
  readonly personClaim?: string
  readonly scopes: readonly string[]
  readonly approveScope: string
  readonly require: Readonly<Record<string, string>>
  readonly agent?: Readonly<Record<string, string>>
  /** Its clients that speak MCP; absent where none is known by its name. */
  readonly mcp?: McpClients
  /** The `typ` that tokens must bear; `any` where the provider sends none. */
  readonly typ: string
  /** By how many seconds the clocks may differ. */
  readonly clockTolerance: number
  /** How many seconds ago a token may have been issued. */
  readonly maxTokenAge: number
  /** Whether the audience is sent to the provider as `resource` (RFC 8707). */
  readonly resource: boolean
}
