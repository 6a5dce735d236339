import { httpTransport, type ResolveName } from '../../../src/eos/transport/http/http-transport.ts'
import type { AllowedHost, HttpPort, HttpRequest } from '../../../src/model/http-port.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'
import { openSecrets } from '../../../src/project/secret/secrets.ts'

/** What the tests sign with. */
export const KEY = '0123456789abcdef0123456789abcdef'

/** The environment in which references are resolved. */
export const ENV = {
  HTTP_KEY: KEY,
  CMDB_TOKEN: 'kestrel-7719-secret',
  OTHER: 'other-secret-value',
  SHORT: 'too short',
  LINES: 'two\r\nlines: 1',
}

/** The real adapter, allowed what `hosts` says, at a fixed time. */
export function portTo(
  hosts: readonly AllowedHost[],
  files: Readonly<Record<string, string>> = {},
  resolveName?: ResolveName,
): HttpPort {
  const scrubber = new Scrubber()
  const secrets = openSecrets({
    env: ENV,
    exec: {},
    register: (secret, name) => scrubber.register(secret, name),
    now: () => 1_732_105_234_567,
  })
  return httpTransport({
    hosts,
    resolve: (reference) => secrets.resolve(reference),
    scrub: (text) => scrubber.scrub(text),
    readCa: async (file) => {
      const text = files[file]
      if (text === undefined) throw new Error(`ENOENT: ${file}`)
      return text
    },
    clock: { now: () => 1_732_105_234_567 },
    ...(resolveName === undefined ? {} : { resolveName }),
  })
}

/** The operator's entry for a host. */
export const allowed = (origin: string, more: Partial<AllowedHost> = {}): AllowedHost => ({
  origin,
  key: `\${env:HTTP_KEY}`,
  secrets: [],
  ...more,
})

/** A request of the tests. */
export const asking = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  name: 'the request',
  method: 'GET',
  url,
  headers: { 'idempotency-key': 'eosflow-1' },
  milliseconds: 5000,
  ...more,
})

/** A signal that nobody aborts. */
export const going = (): AbortSignal => new AbortController().signal
