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
