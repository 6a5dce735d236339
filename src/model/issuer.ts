/** The clients of one provider that speak MCP. What they hold is never a person's, whoever logged in there. */
export interface McpClients {
  /** Clients by the ids that the provider has given them. */
  readonly clients: readonly string[]
  /** What `aud` holds where the provider makes tokens for the address of `/mcp` (RFC 8707). */
  readonly audience?: string
  /** The address of `/mcp` as it is published (RFC 9728): clients ask for tokens of that audience (RFC 8707). Absent where nobody has said how the server is reached. */
  readonly resource?: string
  /** What a token must be granted that says what it is granted. */
  readonly scope: string
}

/** An identity provider that the operator's settings list, and what a token of it must be to name somebody. */
export interface Issuer {
  /** How eosflow calls it: the `issuer` of a {@link Principal}. */
  readonly name: string
  /** Its issuer identifier, exactly as its tokens say it in `iss`. */
  readonly issuer: string
  /** What `aud` must hold: how the tokens are told from those that are meant for others. */
  readonly audience: string
  readonly kind: 'person' | 'service'
  /** The client that logs in; without it tokens only come from outside (`EOSFLOW_TOKEN`). */
  readonly clientId?: string
  /** The reference to the client's secret. */
  readonly clientSecret?: string
  /** The client that the pages of the control room log people in with; without it nobody logs in there by this issuer. */
  readonly web?: { readonly clientId: string; readonly clientSecret?: string }
  readonly groupsClaim?: string
  readonly personClaim?: string
  /** What a login asks for. */
  readonly scopes: readonly string[]
  /** What a login for one approval asks for beyond `openid`. */
  readonly approveScope: string
  /** Claims and the strings that they must be. */
  readonly require: Readonly<Record<string, string>>
  /** Claims and the strings that tell an agent's token from a person's. */
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
