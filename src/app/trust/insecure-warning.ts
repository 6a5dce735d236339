import type { DeviceTarget } from '../../device/transport.ts'
import { isUnproven } from '../../inventory/transports.ts'
import type { WordedHost } from '../host.ts'

/** The warning of a command that speaks to switches whose certificate nobody checks; undefined when there are none. */
export function insecureWarning({ words }: WordedHost, targets: readonly DeviceTarget[]): string | undefined {
  const names = targets.flatMap((one) => (isUnproven(one) ? [one.name] : []))
  if (names.length === 0) return undefined
  return `warning: ${words({ code: 'given', input: 'insecure-tls' })}: the certificate of ${names.join(', ')} is not checked; whoever is in between reads the password\n`
}
