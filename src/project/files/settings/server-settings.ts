import { z } from 'zod'
import { duration } from '../../../text/source/duration.ts'

// A name or address and a port, as `server: listen:` has them.
const LISTEN = /^(localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):(\d{1,5})$/

export const listen = z
  .string()
  .refine((text) => portIn(text) !== undefined, {
    error: 'an address of this machine and a port, for example `127.0.0.1:7474`',
    params: { code: 'bad-listen', hint: 'write an IPv4 address, an IPv6 address in brackets, or `localhost`' },
  })
  .meta({ examples: ['127.0.0.1:7474'] })

const publicUrl = z
  .string()
  .refine(isOriginAlone, {
    error: 'the address that people type: scheme, name, and a port that is not the usual one; no path',
    params: { code: 'bad-public-url', hint: 'for example `https://eosflow.example.com`' },
  })
  .meta({ examples: ['https://eosflow.example.com'] })

const tls = z.strictObject({
  certificate: z.string().min(1).describe('The certificate chain (PEM), relative to the project.'),
  key: z.string().min(1).describe('Its private key (PEM), relative to the project.'),
})

/** `server:` of `eosflow.yaml`: where `eosflow serve` listens, and how it ends. */
export const serverSettings = z
  .strictObject({
    listen: listen
      .default('127.0.0.1:7474')
      .describe('Where it listens. Beyond this machine `identity:`, a policy, and `tls` or `trustedProxy` are needed.'),
    publicUrl: publicUrl
      .optional()
      .describe(
        'The one address that browsers use. Requests for any other name are refused. Default on this machine: `http://localhost:PORT`.',
      ),
    trustedProxy: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .min(1)
      .optional()
      .describe('The addresses of the proxy that ends TLS in front of it: connections from elsewhere are refused.'),
    tls: tls.optional().describe('Its own TLS.'),
    drain: duration(10, 86_400, '15m').default(900).describe('How long it sees through what is live when it ends.'),
    maxExecutions: z.int().min(1).max(200).default(20).describe('How many executions it runs at once; others wait.'),
  })
  .superRefine((server, { addIssue }) => {
    const fault = exposureFault(server)
    if (fault !== undefined) addIssue({ code: 'custom', path: ['listen'], ...fault })
  })

export type ServerSettings = z.output<typeof serverSettings>

function exposureFault({ listen: at, publicUrl: url, tls: own, trustedProxy }: ServerSettings) {
  // A name that others reach it by goes over their networks, whatever address it listens on.
  if (isLoopback(at) && (url === undefined || url.startsWith('https:') || isOfThisMachine(url))) return undefined
  if (own === undefined && trustedProxy === undefined) {
    const params = { code: 'server-without-tls', hint: 'add `tls:` or `trustedProxy:`, or listen on 127.0.0.1' }
    return { message: 'beyond this machine it must be reached over TLS', params }
  }
  if (url?.startsWith('https://') === true) return undefined
  const params = { code: 'server-without-url', hint: 'add `publicUrl: https://NAME`' }
  return { message: 'beyond this machine it needs the address that people type', params }
}

function portIn(text: string) {
  const port = Number(LISTEN.exec(text)?.[2])
  return port >= 0 && port < 65_536 ? port : undefined
}

/** The host and the port of `listen`. Port 0 is any that is free. */
export function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host = '127.0.0.1'] = LISTEN.exec(text) ?? []
  return { host: host.replace(/^\[|\]$/g, ''), port: portIn(text) ?? 0 }
}

/** Whether only this machine reaches an address of `listen` (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). */
export function isLoopback(text: string): boolean {
  const { host } = listenAddress(text)
  return host === 'localhost' || host.startsWith('127.') || host === '::1'
}

/** Whether only people at this machine use a server: no proxy stands before it, and its address is of this machine. */
export function isForThisMachine({ listen: at, publicUrl: url, trustedProxy }: ServerSettings): boolean {
  return isLoopback(at) && trustedProxy === undefined && (url === undefined || isOfThisMachine(url))
}

export function isOfThisMachine(url: string): boolean {
  return URL.canParse(url) && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname)
}

function isOriginAlone(text: string) {
  return /^https?:\/\/[^\s/?#@\\]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text
}
