import type { Issuer } from '../../model/issuer.ts'

export const MCP_PATH = '/mcp'
/** Where the metadata of that resource lies (RFC 9728, section 3.1). */
export const METADATA_PATH = `/.well-known/oauth-protected-resource${MCP_PATH}`

/** What says how a token for `/mcp` is got (RFC 9728, section 2). */
export function protectedResource(origin: string, issuers: readonly Issuer[]) {
  return {
    resource: origin + MCP_PATH,
    authorization_servers: [...new Set(issuers.map(({ issuer }) => issuer))],
    scopes_supported: scopesOf(issuers),
    bearer_methods_supported: ['header'],
    resource_name: 'eosflow',
  }
}

/** What is demanded of whoever comes without a token that is taken (RFC 6750, section 3; RFC 9728, section 5.1). */
export function challengeFor(origin: string, issuers: readonly Issuer[], error?: 'insufficient_scope'): string {
  const said = error === undefined ? '' : `, error="${error}"`
  return `Bearer realm="eosflow"${said}, resource_metadata="${origin}${METADATA_PATH}", scope="${scopesOf(issuers).join(' ')}"`
}

function scopesOf(issuers: readonly Issuer[]) {
  const scopes = issuers.map(({ mcp }) => mcp?.scope ?? 'eosflow:plan')
  return [...new Set(scopes.length === 0 ? ['eosflow:plan'] : scopes)]
}
