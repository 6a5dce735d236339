import { EosflowError } from '../../../model/error.ts'
import type { AllowedHost } from '../../../model/http-port.ts'

/** Throws `guard`. */
export function allowedHost(hosts: readonly AllowedHost[], url: URL, name: string): AllowedHost {
  const host = hosts.find(({ origin }) => origin === url.origin)
  if (host !== undefined && url.username === '' && url.password === '') return host
  throw refusal(`${name}: the settings do not allow ${url.origin}; nothing was sent`, `add it under http: hosts:`)
}

/** Requires that a secret may be sent to a host. Throws `guard`. */
export function requireAllowedSecret(host: AllowedHost, reference: string, name: string): void {
  if (host.secrets.includes(reference)) return
  const reason = `the settings do not allow ${reference} to be sent to ${host.origin}; nothing was sent`
  throw refusal(`${name}: ${reason}`, 'list it under secrets: of this host')
}

function refusal(message: string, mend: string) {
  return new EosflowError('guard', message, {
    hint: `Whoever runs eosflow here decides about it: ${mend} in eosflow.yaml.`,
    fault: { name: 'States.Permissions', cause: message },
  })
}
