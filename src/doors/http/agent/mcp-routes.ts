import { z } from 'zod'
import type { Issuer } from '../../../model/principal.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'
import { defineOpenRoute, defineRoute, type FrontContext, type Route } from '../context/route.ts'
import { refusalOf } from '../request/readable.ts'
import { agentToolsFor } from './agent-tools.ts'

const MCP_PATH = '/mcp'
// Where the metadata of that resource lies (RFC 9728, section 3.1).
const METADATA_PATH = `/.well-known/oauth-protected-resource${MCP_PATH}`

// Header fields of a message that the protocol reads (2026-07-28, Streamable HTTP).
const READ = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'mcp-session-id']

export const mcpRoutes: readonly Route[] = [
  defineRoute(
    `POST ${MCP_PATH}`,
    'own',
    'Messages of the Model Context Protocol, for agents alone: each tool asks the policy for itself',
    {
      input: z.looseObject({}),
      challenge: (front) => ({ 'www-authenticate': challengeFor(front.address.origin, issuersOf(front)) }),
      answer: async (front, { caller, input, headers }) => {
        requireAgent(front, caller)
        // Loaded for the first agent: a server without any begins without it.
        const { answerOverHttp } = await import('../../agents/over-http.ts')
        const given = READ.flatMap((name) => {
          const value = headers.get(name)
          return value === null ? [] : [[name, value] as const]
        })
        const { status, type, text } = await answerOverHttp(agentToolsFor(front, caller), {
          url: front.address.origin + MCP_PATH,
          headers: Object.fromEntries(given),
          body: input,
        })
        return { status, text, ...(type === null ? {} : { headers: { 'content-type': type } }) }
      },
    },
  ),
  ...['/.well-known/oauth-protected-resource', METADATA_PATH].map((path) =>
    defineOpenRoute(`GET ${path}`, 'How a token for agents is got (RFC 9728)', {
      output: z.looseObject({ resource: z.string(), authorization_servers: z.array(z.string()) }).meta({
        id: path === METADATA_PATH ? 'ProtectedResource' : 'ProtectedResourceOfServer',
      }),
      answer: (front) => ({ json: protectedResource(front.address.origin, issuersOf(front)) }),
    }),
  ),
]

function issuersOf({ app }: FrontContext) {
  return app.project.settings.identity?.issuers ?? []
}

// Throws for whoever is no agent with a token that was granted what it needs.
function requireAgent(front: FrontContext, { principal, session, lacks }: IdentifiedCaller) {
  const origin = front.address.origin
  if (session !== undefined)
    throw refusalOf('login-missing', 'agents have no session', 'Send `Authorization: Bearer TOKEN`.', {
      'www-authenticate': challengeFor(origin, issuersOf(front)),
    })
  if (principal.kind !== 'agent')
    throw refusalOf(
      'not-authorised',
      `this is the token of a ${principal.kind}, and only an agent is answered here`,
      'Give the agent a token that names it: `mcp: clients` of the provider in eosflow.yaml lists its client (docs/agents.md).',
    )
  if (lacks !== undefined)
    throw refusalOf(
      'not-authorised',
      `the token was not granted ${lacks}`,
      `Whoever gives the agent its token grants ${lacks}.`,
      { 'www-authenticate': challengeFor(origin, issuersOf(front), 'insufficient_scope') },
    )
}

// RFC 9728, section 2.
function protectedResource(origin: string, issuers: readonly Issuer[]) {
  return {
    resource: origin + MCP_PATH,
    authorization_servers: [...new Set(issuers.map(({ issuer }) => issuer))],
    scopes_supported: scopesOf(issuers),
    bearer_methods_supported: ['header'],
    resource_name: 'eosflow',
  }
}

// RFC 6750, section 3; RFC 9728, section 5.1.
function challengeFor(origin: string, issuers: readonly Issuer[], error?: 'insufficient_scope') {
  const said = error === undefined ? '' : `, error="${error}"`
  return `Bearer realm="eosflow"${said}, resource_metadata="${origin}${METADATA_PATH}", scope="${scopesOf(issuers).join(' ')}"`
}

function scopesOf(issuers: readonly Issuer[]) {
  const scopes = issuers.map(({ mcp }) => mcp?.scope ?? 'eosflow:plan')
  return [...new Set(scopes.length === 0 ? ['eosflow:plan'] : scopes)]
}
